internal import Core
internal import Packager
internal import Release

/// Builds packages for a release, one build a unit.
struct PackageBuilder: PackageSource {
  let builder: Builder
  let definitions: [FunctionDefinition]
  let digests: [String: FunctionDigests]
  /// Whether packages above Lambda's direct limit have somewhere to go.
  let hasBucket: Bool
  /// Told what happens, with the function's name.
  let output: @Sendable (_ line: String, _ function: String) -> Void

  func packages(for functions: [String]) async throws(PackageFailure) -> [String: FunctionPackage] {
    let chosen = definitions.filter { functions.contains($0.name) }
    let names = Dictionary(chosen.map { ($0.unit, $0.name) }, uniquingKeysWith: { first, _ in first })
    do throws(PackagerError) {
      let built = try await builder.packages(chosen, digests: digests) { [output] event in
        Self.tell(event, names: names, output)
      }
      var packages: [String: FunctionPackage] = [:]
      for definition in chosen {
        guard let package = built[definition.name] else { continue }
        for warning in package.warnings { output("warning: \(warning)", definition.name) }
        try Gate.check(package, for: definition, hasBucket: hasBucket)
        packages[definition.name] = FunctionPackage(
          digest: FunctionDigests.short(package.pkg), path: package.zip.path,
          codeSHA256: package.zip.sha256.base64, size: package.zip.size)
      }
      return packages
    } catch {
      throw PackageFailure(
        function: Self.function(of: error, in: chosen), message: Self.message(error), fix: error.fix,
        isGate: error.isGate)
    }
  }

  private static func tell(
    _ event: BuildEvent, names: [String: String], _ output: (String, String) -> Void
  ) {
    switch event {
    case .started(let unit, let command): output(command.joined(separator: " "), names[unit] ?? unit)
    case .line(let unit, _, let text): output(text, names[unit] ?? unit)
    case .cached(let unit): output("build taken from the cache", names[unit] ?? unit)
    case .packaged: break
    }
  }

  /// The sentence without the name in front, which the report puts there itself; a failed build with its last lines.
  private static func message(_ error: PackagerError) -> String {
    switch error {
    case .gate(_, let faults): faults.map(\.description).joined(separator: "; ")
    case .undeclared(_, let reason, _), .inputs(_, let reason, _): reason
    case .build(_, let reason, let output): ([reason] + output.suffix(5)).joined(separator: ": ")
    default: error.description
    }
  }

  private static func function(of error: PackagerError, in definitions: [FunctionDefinition]) -> String {
    switch error {
    case .gate(let function, _): function
    case .undeclared(let unit, _, _), .inputs(let unit, _, _), .build(let unit, _, _):
      definitions.first { $0.unit == unit }?.name ?? unit
    default: definitions.first?.name ?? ""
    }
  }
}

extension PackagerError {
  fileprivate var isGate: Bool {
    guard case .gate = self else { return false }
    return true
  }
}
