internal import Core

/// One place where credentials may be found.
protocol CredentialProvider: Sendable {
  /// The place in words, for messages: `the environment`.
  var source: String { get }

  /// What was found there.
  func find() async throws(CredentialFailure) -> Credentials
}

/// Why a place gave no credentials.
enum CredentialFailure: Error, Hashable, Sendable {
  /// Nothing is set up there; the next place is asked.
  case absent(String)
  /// Something is set up there and does not work: an error, because another place may be another account.
  case broken(String)
  /// The caller lost interest.
  case cancelled
}

/// Asks places one after the other.
struct CredentialChain: Sendable {
  let providers: [any CredentialProvider]

  /// The first credentials found and the places that had none.
  ///
  /// - Throws: ``AWSError/noCredentials(_:)``, ``AWSError/brokenCredentials(source:reason:)`` or
  ///   ``AWSError/cancelled(_:)``.
  func find() async throws(AWSError) -> (credentials: Credentials, passedOver: [CredentialAttempt]) {
    var attempts: [CredentialAttempt] = []
    for provider in providers {
      do throws(CredentialFailure) {
        return (try await provider.find(), attempts)
      } catch {
        switch error {
        case .absent(let reason): attempts.append(CredentialAttempt(source: provider.source, reason: reason))
        case .broken(let reason): throw .brokenCredentials(source: provider.source, reason: reason)
        case .cancelled: throw .cancelled("the search for credentials")
        }
      }
    }
    throw .noCredentials(attempts)
  }
}
