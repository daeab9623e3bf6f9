internal import AWSClient
package import Core

/// What CloudWatch shows of callers that were moved.
package enum MoveProof: Hashable, Sendable {
  /// So many calls came through the alias.
  case invocations(Int)
  /// No call came at all: nothing shows that the moves work, and nothing that they do not.
  case silent
  /// So many calls came, and none of them through the alias.
  case elsewhere(Int)
  /// CloudWatch did not tell.
  case unread(String)
}

extension MoveStage {
  /// How long callers have to show themselves, and how often it is looked.
  private static let (patience, pause) = (TimeSpan.minutes(15), TimeSpan.minutes(1))

  /// Waits until CloudWatch shows calls through the alias for every function, up to 15 minutes.
  ///
  /// - Parameters:
  ///   - names: the functions of which something was moved.
  ///   - begin: when that was, by AWS's time.
  /// - Returns: by logical name; those that had no time to show themselves because of a signal are left out.
  package func proof(of names: [FunctionName], since begin: Timestamp) async -> [String: MoveProof] {
    let traffic = MoveTraffic(services: services, alias: alias)
    // The minute of the change itself may have calls of before.
    let minute = begin.startOfMinute + .minutes(1)
    var proofs: [String: MoveProof] = [:]
    var open = names
    while !open.isEmpty, !Task.isCancelled {
      let isLast = services.serverTime() - begin >= Self.patience
      let seen = await Concurrent.map(open, limit: parallel) { name -> MoveProof? in
        do throws(AWSError) {
          guard let calls = try await traffic.calls(of: name.functionName, since: minute) else {
            return isLast ? .unread("CloudWatch does not show all of it") : nil
          }
          if calls.throughAlias > 0 { return .invocations(calls.throughAlias) }
          return isLast ? (calls.all == 0 ? .silent : .elsewhere(calls.all)) : nil
        } catch {
          return error.isPermission || isLast ? .unread("\(error)") : nil
        }
      }
      for (name, proof) in zip(open, seen) { proofs[name.function] = proof }
      open = open.filter { proofs[$0.function] == nil }
      guard !open.isEmpty, !isLast else { break }
      do { try await services.clock.sleep(for: Self.pause) } catch { break }
    }
    return proofs
  }
}
