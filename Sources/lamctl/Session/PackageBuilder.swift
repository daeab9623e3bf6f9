internal import Core
internal import Packager
internal import Release

/// Makes packages for a release, or takes those that were built before.
struct PackageBuilder: PackageSource {
  let maker: any PackageMaker
  let definitions: [FunctionDefinition]
  let digests: [String: FunctionDigests]
  /// Whether packages above Lambda's direct limit have somewhere to go.
  let hasBucket: Bool
  /// Told what happens, with the function's name.
  let output: @Sendable (_ line: String, _ function: String) -> Void

  func packages(for functions: [String]) async -> [String: Result<FunctionPackage, PackageFailure>] {
    let all = definitions.filter { functions.contains($0.name) }
    let chosen = all.filter { $0.packageType != "Image" }
    let names = Dictionary(chosen.map { ($0.unit, $0.name) }, uniquingKeysWith: { first, _ in first })
    let built = await maker.packages(chosen, digests: digests) { [output] event in
      event.tell(names: names, output)
    }
    var packages: [String: Result<FunctionPackage, PackageFailure>] = [:]
    for definition in chosen {
      guard let result = built[definition.name] else { continue }
      do throws(PackagerError) {
        packages[definition.name] = .success(try checked(result.get(), definition))
      } catch {
        packages[definition.name] = .failure(Self.failure(error, of: definition))
      }
    }
    return packages.merging(await images(all.filter { $0.packageType == "Image" })) { $1 }
  }

  private func images(
    _ definitions: [FunctionDefinition]
  ) async -> [String: Result<FunctionPackage, PackageFailure>] {
    guard !definitions.isEmpty else { return [:] }
    let names = Dictionary(definitions.map { ($0.unit, $0.name) }, uniquingKeysWith: { first, _ in first })
    let built = await maker.images(definitions) { [output] event in event.tell(names: names, output) }
    var packages: [String: Result<FunctionPackage, PackageFailure>] = [:]
    for definition in definitions {
      guard let result = built[definition.name] else { continue }
      do throws(PackagerError) {
        let image = try result.get()
        for warning in image.warnings { output("warning: \(warning)", definition.name) }
        try Gate.check(image, for: definition)
        packages[definition.name] = .success(
          FunctionPackage(
            digest: FunctionDigests.short(image.pkg),
            content: .image(id: image.id, repository: image.repository.description), size: image.size))
      } catch {
        packages[definition.name] = .failure(Self.failure(error, of: definition))
      }
    }
    return packages
  }

  private static func failure(_ error: PackagerError, of definition: FunctionDefinition) -> PackageFailure {
    PackageFailure(
      function: definition.name, message: message(error), brief: error.brief, fix: error.fix,
      kind: error.kind)
  }

  private func checked(
    _ package: BuiltPackage, _ definition: FunctionDefinition
  ) throws(PackagerError) -> FunctionPackage {
    for warning in package.warnings { output("warning: \(warning)", definition.name) }
    try Gate.check(package, for: definition, hasBucket: hasBucket)
    return FunctionPackage(
      digest: FunctionDigests.short(package.pkg), path: package.zip.path,
      codeSHA256: package.zip.sha256.base64, size: package.zip.size, layers: package.layers.map(Self.layer))
  }

  private static func layer(_ built: BuiltLayer) -> LayerPackage {
    LayerPackage(
      layer: built.layer.inRelease,
      package: FunctionPackage(
        digest: FunctionDigests.short(built.pkg), path: built.zip.path, codeSHA256: built.zip.sha256.base64,
        size: built.zip.size),
      runtimes: built.layer.target.map { [$0.runtime] } ?? [],
      architectures: built.layer.target.map { [$0.architecture] } ?? [])
  }

  /// The sentence without the name in front, which the report puts there itself; a failed build with its last lines.
  private static func message(_ error: PackagerError) -> String {
    switch error {
    case .gate(_, let faults): faults.map(\.description).joined(separator: "; ")
    case .undeclared(_, let reason, _), .inputs(_, let reason, _): reason
    case .build(_, let reason, let output):
      ([reason] + PackagerError.tellingLines(of: output)).joined(separator: ": ")
    default: error.description
    }
  }
}

extension PackagerError {
  /// What a page that others read says of a failed build: its command line may hold what is for the log alone.
  fileprivate var brief: String? {
    guard case .build = self else { return nil }
    return "the build failed; the log of the run has its command and what that said"
  }

  fileprivate var kind: PackageFailure.Kind {
    switch Failure(self).exitCode {
    case .config: .configuration
    case .gateFailed: .gate
    default: .other
    }
  }
}

extension BuildEvent {
  /// Says what happens, with the name of the unit's function.
  func tell(names: [RepositoryPath: String], _ output: (_ line: String, _ function: String) -> Void) {
    switch self {
    case .started(let unit, let command):
      output(command.joined(separator: " "), names[unit] ?? unit.description)
    case .line(let unit, _, let text): output(text, names[unit] ?? unit.description)
    case .cached(let unit): output("build taken from the cache", names[unit] ?? unit.description)
    case .packaged: break
    }
  }
}
