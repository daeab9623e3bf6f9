internal import AWSClient
internal import Core

/// The versions of layers that AWS has, by the layers' names.
struct KnownLayers: Sendable {
  private let versions: [String: [LayerVersion]]

  /// Reads the versions of the layers that `inputs` name and know no version of.
  static func read(
    for inputs: [FunctionInput], with lambda: any LambdaLayerReading, parallel: Int
  ) async throws(ReleaseError) -> KnownLayers {
    let names = Set(inputs.flatMap(\.openLayers).map(\.name)).sorted()
    let lists = try await Concurrent.map(names, limit: parallel) { name throws(ReleaseError) in
      do throws(AWSError) {
        return try await lambda.listLayerVersions(name)
      } catch {
        throw .aws(error, function: nil)
      }
    }
    return KnownLayers(versions: Dictionary(zip(names, lists)) { first, _ in first })
  }

  /// The version that holds what `layer` is: made of the same, or of the same content.
  ///
  /// Two runs at the same time may have published it twice. The one that the function has already is meant then, else the
  /// older one, so that all come to the same.
  ///
  /// - Parameters:
  ///   - package: the first 32 hexadecimal digits of the content's digest; nil where it is not built.
  ///   - present: ARNs of the layers that the function has.
  func arn(of layer: LayerInput, package: String?, present: [String]) -> String? {
    let same = (versions[layer.name] ?? []).filter { version in
      guard let origin = LayerProvenance(version.description) else { return false }
      return origin.source == layer.sourceDigest || origin.package == package
    }.map(\.arn)
    return same.first(where: present.contains) ?? same.first
  }
}

extension Planner {
  /// The inputs with versions of the layers that the repository makes, as far as there are such versions.
  ///
  /// Where a version records just this configuration, its own layers are meant and nothing is read.
  func withLayers(_ inputs: [FunctionInput], _ look: AccountLook) async throws(ReleaseError)
    -> [FunctionInput]
  {
    let inputs = inputs.map { input -> FunctionInput in
      guard let served = try? look.served[input.functionName]?.get(),
        VersionProvenance.decode(served.configuration.description).provenance?.configuration
          == input.configurationDigest
      else { return input }
      return input.resolving(recorded: served.configuration.layers)
    }
    let known = try await KnownLayers.read(for: inputs, with: lambda, parallel: parallel)
    return inputs.map { input in
      let present = look.present(input.functionName)?.layers ?? []
      return input.resolving { known.arn(of: $0, package: nil, present: present) }
    }
  }
}
