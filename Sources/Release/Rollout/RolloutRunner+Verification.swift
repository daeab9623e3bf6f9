internal import AWSClient
internal import Core

extension RolloutRunner {
  /// Reads the aliases of `members`, whose traffic was taken back, as ``RoutingCheck`` does.
  ///
  /// - Returns: the functions where that is as it should be, and the first failure.
  func verify(_ members: [RolloutTarget], attempts: Int) async -> (
    verified: Set<String>, failure: ReleaseError?
  ) {
    let check = RoutingCheck(services: services, alias: writer.alias)
    let release = release
    let results = await Concurrent.map(members, limit: settings.parallel) {
      member -> Result<Bool, ReleaseError> in
      do throws(ReleaseError) {
        return .success(
          try await check.verify(member.name, serves: member.stable, release: release, attempts: attempts))
      } catch {
        return .failure(error)
      }
    }
    var verified: Set<String> = []
    var failure: ReleaseError?
    for (member, result) in zip(members, results) {
      switch result {
      case .success(let holds): if holds { verified.insert(member.function) }
      case .failure(let error): failure = failure ?? error
      }
    }
    return (verified, failure)
  }
}
