internal import AWSClient
internal import Core

extension EdgeLook {
  /// Whether something that leads elsewhere may be led to this function in place: another function of the project has it,
  /// at the same alias, by a mark of lamctl's.
  ///
  /// Marks join names by `-`, so that one of the project `shop-admin` may read like one of `shop`. Which project a
  /// function belongs to is known of those of this run, and stands in the tag that lamctl leaves at the others. Without
  /// one only a mark that can be read in a single way counts.
  func mayMove(mark: String, target: String) async throws(EdgeError) -> Bool {
    let prefix = "lamctl-\(scope.project)-"
    guard mark.hasPrefix(prefix), let called = CalledFunction(target), called.qualifier == scope.alias,
      called.isBeside(scope)
    else { return false }
    guard called.functionARN != scope.functionARN, !readings.functions.contains(called.functionARN) else {
      return true
    }
    let tags: [String: String]
    do throws(AWSError) {
      tags = try await services.lambda.tags(called.functionARN)
    } catch {
      // What leads to a function that is gone leads nowhere.
      guard error.isNotFound else { throw EdgeError(scope, nil, error) }
      return true
    }
    let tag = tags[TriggerTag.key(alias: scope.alias)].flatMap { TriggerTag($0) }
    if let project = tag?.project { return project == scope.project }
    let rest = mark.dropFirst(prefix.count)
    return rest[rest.prefix { $0 != "-" }.endIndex...].hasPrefix("-\(scope.alias)-")
  }

  /// Whether the edges of the function that `target` names are looked at, and written, by this run too.
  func isOfThisRun(_ target: String) -> Bool {
    CalledFunction(target).map { readings.functions.contains($0.functionARN) } ?? false
  }
}
