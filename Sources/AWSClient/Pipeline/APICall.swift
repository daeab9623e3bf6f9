internal import Core

/// One operation of a service, ready to be signed and sent.
struct APICall: Sendable {
  /// Whether the same request may be sent again.
  enum Repetition: Sendable {
    /// Repeating it does no harm, or the caller looks at the result when an answer was lost.
    case always
    /// Only when the service cannot have acted on the first copy.
    case onlyIfNotProcessed
  }

  /// What a good answer holds; anything else counts as a lost answer.
  enum Expectation: Sendable {
    case anything
    case jsonObject
    /// A document with this element in it.
    case xml(String)
  }

  var service: AWSService
  /// As AWS names it: `GetFunction`.
  var operation: String
  var method = "GET"
  /// Percent-encoded once, with a slash at its start.
  var path = "/"
  /// Not encoded.
  var query: [(name: String, value: String)] = []
  var headers: [(name: String, value: String)] = []
  var body = HTTPBody.none
  /// The body's SHA-256 in hexadecimal, when it is known already.
  var payloadHash: String?
  /// What it is about, for messages: a function's name.
  var resource = ""
  var lane = RateLane.unlimited
  var priority = RequestPriority.normal
  var repetition = Repetition.always
  var expects = Expectation.anything
  var sink = HTTPRequest.Sink.memory(limit: 64 << 20)
  /// The longest silence of the service; nil for the usual one.
  var stallTimeout: TimeSpan?
  /// The most attempts, where that is fewer than usual.
  var maxAttempts: Int?
  var isSigned = true
  /// Instead of the one that the region leads to.
  var endpoint: Endpoint?
  /// Instead of the usual chain's: for asking for credentials itself.
  var credentials: Credentials?

  /// For messages.
  var title: String { "\(service.name) \(operation)" + (resource.isEmpty ? "" : " for \(resource)") }
}

/// A good answer.
struct APIAnswer: Sendable {
  let response: HTTPResponse
  /// Empty unless the call expects JSON.
  let object: JSONObject
  /// Whether an earlier attempt may have been carried out too.
  let lostAnswer: Bool
}

/// A call that came to nothing.
struct CallFailure: Error {
  let error: AWSError
  /// Whether some attempt may have been carried out, so that the state must be looked at.
  let lostAnswer: Bool
}
