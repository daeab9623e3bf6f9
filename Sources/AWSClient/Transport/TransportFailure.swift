/// A request that got no usable answer.
package struct TransportFailure: Error, Hashable, Sendable {
  /// How far it came.
  package enum Kind: Hashable, Sendable {
    /// The host name has no address.
    case unknownHost
    /// Nobody answers at the address.
    case unreachable
    /// No secure connection: certificate or protocol.
    case insecure
    /// Nothing moved for too long.
    case stalled
    /// The connection ended before the answer did.
    case connectionLost
    /// The answer is larger than this program accepts.
    case tooLarge
    /// What came is not HTTP.
    case notHTTP
    /// A local file of the request or answer could not be used.
    case localFile
    /// The caller lost interest.
    case cancelled
    /// The client was shut down.
    case shutDown
    /// libcurl cannot be used on this machine.
    case noLibrary
    /// libcurl failed in another way.
    case other
  }

  /// How far it came.
  package let kind: Kind
  /// The details in the transport's words.
  package let reason: String
  /// Whether the service may have received the request, and so may have acted on it.
  package let mayHaveBeenProcessed: Bool

  /// A failure of these values.
  package init(kind: Kind, reason: String, mayHaveBeenProcessed: Bool) {
    self.kind = kind
    self.reason = reason
    self.mayHaveBeenProcessed = mayHaveBeenProcessed
  }

  /// Whether another attempt may end better.
  var isTransient: Bool {
    switch kind {
    case .unknownHost, .unreachable, .stalled, .connectionLost, .other: true
    case .insecure, .tooLarge, .notHTTP, .localFile, .cancelled, .shutDown, .noLibrary: false
    }
  }
}

extension TransportFailure {
  static func cancelled(sent: Bool) -> TransportFailure {
    TransportFailure(kind: .cancelled, reason: "the request was cancelled", mayHaveBeenProcessed: sent)
  }

  static func shutDown(sent: Bool) -> TransportFailure {
    TransportFailure(kind: .shutDown, reason: "the client has been shut down", mayHaveBeenProcessed: sent)
  }

  /// - Parameter reason: what the dynamic linker or libcurl says.
  static func noLibrary(_ reason: String) -> TransportFailure {
    TransportFailure(
      kind: .noLibrary, reason: "libcurl cannot be used: \(reason); install it (Debian: libcurl4)",
      mayHaveBeenProcessed: false)
  }
}
