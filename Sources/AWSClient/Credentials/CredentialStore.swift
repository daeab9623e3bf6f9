internal import Core

/// The credentials in use: found once, renewed before they end, by one search at a time.
final class CredentialStore: Sendable {
  struct Found: Sendable {
    let credentials: Credentials
    let passedOver: [CredentialAttempt]
  }

  private struct State {
    var current: Found?
    /// A service has refused them.
    var isSpoilt = false
    /// After a failed renewal: no other before this moment.
    var nextSearch: Timestamp?
    /// The last search for new ones found none that last longer.
    var isLast = false
    var search: Task<Result<Found, AWSError>, Never>?
  }

  /// They are renewed this long before they end.
  static let margin = TimeSpan.minutes(5)
  private static let pauseAfterFailure = TimeSpan.seconds(30)

  private let chain: CredentialChain
  private let clock: any WallClock
  private let secrets: Secrets
  private let state = Lock(State())

  init(chain: CredentialChain, clock: any WallClock, secrets: Secrets) {
    self.chain = chain
    self.clock = clock
    self.secrets = secrets
  }

  /// Credentials that last for some minutes yet.
  func credentials() async throws(AWSError) -> Credentials { try await found().credentials }

  /// The same, and how they were found.
  func found() async throws(AWSError) -> Found {
    let step = state.withLock { state -> (ready: Found?, search: Task<Result<Found, AWSError>, Never>?) in
      if let current = state.current, !needsRenewal(state, current) { return (current, nil) }
      if let search = state.search { return (nil, search) }
      // Not a child of the caller's task: others wait for it too, and one who leaves must not end it.
      let search = Task { await self.search() }
      state.search = search
      return (nil, search)
    }
    if let ready = step.ready { return ready }
    guard let search = step.search else { throw .noCredentials([]) }
    // Whoever is cancelled leaves at once; the search goes on for the others.
    let result = OneShot<Result<Found, AWSError>>()
    Task { result.deliver(await search.value) }
    return try await withTaskCancellationHandler {
      await result.value()
    } onCancel: {
      result.deliver(.failure(.cancelled("the search for credentials")))
    }.get()
  }

  /// When the credentials in use end for good; nil when new ones can be had, they have no end, or nobody knows it.
  ///
  /// Looks for credentials if that has not happened yet; without any there is no end to tell.
  func end() async -> Timestamp? {
    guard let found = try? await found(), let expiration = found.credentials.expiration else { return nil }
    if state.withLock({ $0.isLast }) { return expiration }
    return found.credentials.renewal.end(of: expiration)
  }

  /// A service says that `used` are over.
  ///
  /// - Returns: whether another search can help: not for keys that are written down somewhere.
  func spoil(_ used: Credentials) -> Bool {
    state.withLock { state in
      guard let current = state.current, current.credentials == used else { return true }
      guard used.expiration != nil || used.sessionToken != nil else { return false }
      state.isSpoilt = true
      return true
    }
  }

  private func needsRenewal(_ state: State, _ found: Found) -> Bool {
    if state.isSpoilt { return true }
    guard let expiration = found.credentials.expiration else { return false }
    let now = clock.now()
    guard expiration - Self.margin <= now else { return false }
    if let next = state.nextSearch, now < next, now < expiration { return false }
    return true
  }

  private func search() async -> Result<Found, AWSError> {
    let result: Result<Found, AWSError>
    do throws(AWSError) {
      let (credentials, passedOver) = try await chain.find()
      secrets.learn(credentials)
      result = .success(Found(credentials: credentials, passedOver: passedOver))
    } catch {
      result = .failure(error)
    }
    return state.withLock { state in
      state.search = nil
      switch result {
      case .success(let found):
        let former = state.current?.credentials.expiration
        state.isLast =
          former.map { former in found.credentials.expiration.map { $0 <= former } ?? false } ?? false
        state.current = found
        state.isSpoilt = false
        state.nextSearch = nil
        return result
      case .failure:
        // What is there still works for some minutes: use it, and try again soon.
        guard let current = state.current, !state.isSpoilt, let end = current.credentials.expiration,
          clock.now() < end
        else { return result }
        state.nextSearch = clock.now() + Self.pauseAfterFailure
        state.isLast = true
        return .success(current)
      }
    }
  }
}
