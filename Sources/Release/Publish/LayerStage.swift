internal import AWSClient
internal import Core

/// Publishes the layers that functions of a release need, by content: one that has a version already gets no other.
///
/// Nothing is kept beside AWS: whoever dies after this finds the version by its Description the next time.
struct LayerStage: Sendable {
  let services: ReleaseServices
  let settings: ReleaseSettings
  let identity: RunIdentity
  let journal: ReleaseJournal

  /// `work` with a version for every layer.
  ///
  /// - Throws: the first failure, which is told of a function that needs the layer; no function is touched then.
  func publish(_ work: [Work]) async throws(ReleaseError) -> [Work] {
    let needing = work.map(\.plan).filter { !$0.openLayers.isEmpty }
    guard !needing.isEmpty else { return work }
    let known = try await KnownLayers.read(
      for: needing.map(\.input), with: services.lambda, parallel: settings.parallel)
    var published: [LayerInput: String] = [:]
    for item in work {
      for layer in item.plan.openLayers where published[layer] == nil {
        do throws(ReleaseError) {
          published[layer] = try await arn(of: layer, for: item, known)
        } catch {
          journal.tell(.ended(item.plan.input.function, .failed))
          journal.tell(.failed(item.plan.input.function, error))
          throw error
        }
      }
    }
    return work.map { item in
      var item = item
      item.plan.input = item.plan.input.resolving { published[$0] }
      return item
    }
  }

  private func arn(
    of layer: LayerInput, for work: Work, _ known: KnownLayers
  ) async throws(ReleaseError) -> String {
    let function = work.plan.input.function
    guard let content = work.layers.first(where: { $0.layer == layer }) else {
      throw .package(
        PackageFailure(
          function: function, message: "the layer \(layer.folder) was not built", fix: nil))
    }
    // Another run may have been first since it was built.
    let present = work.plan.servingConfiguration?.layers ?? []
    if let arn = known.arn(of: layer, package: content.package.digest, present: present) { return arn }
    if Task.isCancelled { throw .interrupted }
    let origin = LayerProvenance(
      source: layer.sourceDigest, package: content.package.digest, commit: identity.commit,
      by: identity.owner)
    let uploaded: UploadedCode
    do throws(UploadFailure) {
      uploaded = try await services.upload.code(for: content.package, of: "layers/\(layer.name)")
    } catch {
      throw ReleaseError(error, of: function)
    }
    do throws(AWSError) {
      let version = try await services.lambda.publishLayerVersion(
        layer.name, content: uploaded.code,
        details: LayerDetails(
          description: origin.description, compatibleRuntimes: content.runtimes,
          compatibleArchitectures: content.architectures))
      journal.tell(
        .note(function, "\(layer.folder) is version \(version.version) of the layer \(layer.name)"))
      return version.arn
    } catch {
      throw .aws(error, function: function)
    }
  }
}
