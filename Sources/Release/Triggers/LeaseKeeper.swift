internal import Core
internal import Triggers

/// The leases of a run.
actor LeaseKeeper {
  private var leases: [EdgeScope: TriggerLease] = [:]

  func keep(_ lease: TriggerLease, of scope: EdgeScope) { leases[scope] = lease }

  /// Makes the lease on the alias of `scope` last longer, where it ends before long.
  func renew(_ scope: EdgeScope) async throws(EdgeError) {
    guard var lease = leases[scope] else { return }
    do throws(ReleaseError) {
      try await lease.renew()
      leases[scope] = lease
    } catch {
      throw EdgeError(scope, nil, "\(error)", fix: error.fix)
    }
  }

  /// Gives back what it has.
  ///
  /// - Returns: why some could not be given back.
  func giveBack() async -> [ReleaseError] {
    var failures: [ReleaseError] = []
    for lease in leases.values {
      do throws(ReleaseError) { try await lease.giveBack() } catch { failures.append(error) }
    }
    leases = [:]
    return failures
  }
}
