internal import Core

extension Gate {
  /// Largest image with all its layers, in bytes: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
  static let imageLimit = 10 << 30

  /// What Lambda's base images start, and which needs the handler's name.
  private static let lambdaEntryPoint = "lambda-entrypoint.sh"

  /// Throws unless `image` may become the code of `definition`.
  ///
  /// - Throws: ``PackagerError/gate(function:faults:)`` with every reason.
  package static func check(
    _ image: BuiltImage, for definition: FunctionDefinition
  ) throws(PackagerError) {
    let faults = faults(image.facts, for: definition)
    guard faults.isEmpty else { throw .gate(function: definition.name, faults: faults) }
  }

  static func faults(_ image: ImageFacts, for definition: FunctionDefinition) -> [GateFault] {
    let file = definition.build.image?.dockerfile.description
    var faults: [GateFault] = []
    let wanted = ContainerEngine.processor(definition.architectures[0])
    if image.system != "linux" || image.processor != wanted {
      let other = image.processor == "amd64" ? "x86_64" : image.processor
      faults.append(
        GateFault(
          file: file, found: "makes an image for \(image.system.escaped)/\(image.processor.escaped)",
          allowed: "the function runs on linux/\(wanted)",
          fix: "build on a base for linux/\(wanted), or set \"architectures\": [\"\(other.escaped)\"]"))
    }
    let overrides = definition.configuration["ImageConfig"]
    let entryPoint = overrides?["EntryPoint"]?.texts ?? image.entryPoint
    let command = overrides?["Command"]?.texts ?? image.command
    if command.isEmpty, entryPoint.isEmpty {
      faults.append(
        GateFault(
          file: file, found: "makes an image that starts nothing",
          allowed: "Lambda starts its ENTRYPOINT with its CMD",
          fix: "add CMD to \(file ?? "it"), or set \"imageConfig\": { \"command\": [\"app.handler\"] }"))
    } else if command.isEmpty, entryPoint.count == 1, entryPoint[0].hasSuffix("/\(lambdaEntryPoint)") {
      faults.append(
        GateFault(
          file: file, found: "makes an image that names no handler",
          allowed: "\(entryPoint[0]) wants it as its first word",
          fix: "add CMD [\"app.handler\"] to \(file ?? "it"), or set \"imageConfig\": "
            + "{ \"command\": [\"app.handler\"] }"))
    }
    if image.size > imageLimit {
      faults.append(
        GateFault(
          file: file, found: "makes an image of \(image.size) bytes", allowed: "Lambda takes \(imageLimit)",
          fix: "copy less into it, or build it in several stages"))
    }
    return faults
  }
}
