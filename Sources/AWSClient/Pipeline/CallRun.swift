internal import Core

/// How far a call has come over its attempts.
struct CallRun {
  let call: APICall
  let maxAttempts: Int
  /// The same for all attempts, so that the service can tell them from new calls.
  let invocationID = Self.randomID()
  var attempt = 0
  var retries = 0
  var lostAnswer = false
  /// How long it has waited between attempts, the wait at hand included.
  var waited = TimeSpan.zero
  var lastCost: Int?
  /// How often the time of the signature was corrected.
  var corrections = 0
  var renewedCredentials = false

  init(call: APICall, maxAttempts: Int) {
    self.call = call
    self.maxAttempts = maxAttempts
  }

  /// What the attempt says about itself.
  var headers: [(name: String, value: String)] {
    [
      ("amz-sdk-invocation-id", invocationID), ("amz-sdk-request", "attempt=\(attempt); max=\(maxAttempts)"),
    ]
  }

  mutating func note(_ failed: FailedAttempt) {
    if failed.mayHaveBeenProcessed { lostAnswer = true }
  }

  /// A random UUID (RFC 9562, version 4).
  static func randomID() -> String {
    var bytes = (0..<16).map { _ in UInt8.random(in: 0 ... .max) }
    bytes[6] = bytes[6] & 0x0f | 0x40
    bytes[8] = bytes[8] & 0x3f | 0x80
    let digits = Hex.encode(bytes)
    var parts: [Substring] = []
    var rest = digits[...]
    for length in [8, 4, 4, 4, 12] {
      parts.append(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return parts.joined(separator: "-")
  }
}

/// What one attempt came to.
enum AttemptOutcome {
  case answer(HTTPResponse, JSONObject)
  case failure(FailedAttempt)
}

/// An attempt that came to nothing.
struct FailedAttempt {
  /// What another attempt would need to do better.
  enum Remedy {
    /// Time; at least what the answer asks for.
    case wait(TimeSpan?)
    /// A signature with the service's time.
    case newTime
    /// Other credentials.
    case newCredentials
    /// Nothing helps.
    case none
  }

  let error: AWSError
  let mayHaveBeenProcessed: Bool
  let isTimeout: Bool
  let remedy: Remedy

  var isTransient: Bool {
    if case .malformedAnswer = error { return true }
    return error.isRetryable
  }
}

/// Why a successful answer cannot be used.
struct AnswerFault: Error {
  let reason: String
}

extension APICall.Expectation {
  /// The object of a JSON answer; an empty one for others.
  func check(_ response: HTTPResponse) throws(AnswerFault) -> JSONObject {
    switch self {
    case .anything: return JSONObject()
    case .xml(let element):
      guard XML.element(element, in: response.bodyText) != nil else {
        throw AnswerFault(reason: "it has no <\(element)>\(Self.excerpt(response))")
      }
      return JSONObject()
    case .jsonObject:
      do throws(JSONSyntaxError) {
        if let object = try JSON(parsing: response.body).object { return object }
      } catch {
        throw AnswerFault(reason: "it is not JSON (\(error))\(Self.excerpt(response))")
      }
      throw AnswerFault(reason: "it is JSON but no object\(Self.excerpt(response))")
    }
  }

  private static func excerpt(_ response: HTTPResponse) -> String {
    let text = response.bodyText
    if text.prefix(512).lowercased().contains("<html") {
      return "; it is an HTML page: something between here and AWS has answered, check the proxy"
    }
    return text.isEmpty ? "; it is empty" : ""
  }
}
