internal import Core

/// What sources of credentials need of the world.
struct CredentialWorld: Sendable {
  let environment: [String: String]
  var config: SharedConfig
  /// For calls that carry their own credentials or none.
  let pipeline: Pipeline

  /// The value of a variable; nil when it is unset or empty.
  func variable(_ name: String) -> String? {
    environment[name].flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed }
  }

  /// The text of a file that holds one token.
  func token(in path: String) throws(CredentialFailure) -> String {
    do throws(SystemError) {
      let text = String(decoding: try Files.read(expanded(path), limit: 1 << 20), as: UTF8.self).trimmed
      guard text.isEmpty else {
        pipeline.secrets.hide(text)
        return text
      }
    } catch {
      throw .broken("\(error)")
    }
    throw .broken("\(path) is empty")
  }

  /// `path` with a leading `~/` replaced by the home folder.
  func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = variable("HOME") else { return path }
    return home + path.dropFirst()
  }

  /// The longest silence of a service that hands out credentials: everything waits for it.
  static let stallTimeout = TimeSpan.seconds(10)

  /// Runs a call whose failure makes the source unusable.
  func answer(_ call: APICall) async throws(CredentialFailure) -> APIAnswer {
    var call = call
    call.stallTimeout = Self.stallTimeout
    do throws(AWSError) {
      return try await pipeline.answer(call)
    } catch {
      if case .cancelled = error { throw .cancelled }
      throw .broken("\(error)")
    }
  }

  /// One request outside of AWS's signed services, such as instance metadata.
  func fetch(_ request: HTTPRequest, attempts: Int = 1) async throws(CredentialFailure) -> FetchResult {
    var last = FetchResult.failed(.cancelled(sent: false))
    for _ in 0..<attempts {
      do throws(TransportFailure) {
        let response = try await pipeline.transport.send(request)
        last = .answered(response)
        if response.status < 500 { break }
      } catch {
        if error.kind == .cancelled { throw .cancelled }
        last = .failed(error)
      }
    }
    return last
  }
}

/// What a plain request came to.
enum FetchResult {
  case answered(HTTPResponse)
  case failed(TransportFailure)
}

/// The JSON that containers, instances and credential programs hand out.
enum CredentialDocument {
  /// - Parameter tokenKey: `Token` or `SessionToken`.
  /// - Throws: ``CredentialFailure/broken(_:)``. Never quotes the document, which holds secrets.
  static func read(
    _ bytes: [UInt8], tokenKey: String, source: String
  ) throws(CredentialFailure) -> Credentials {
    guard let object = (try? JSON(parsing: bytes))?.object else { throw .broken("the answer is not JSON") }
    if let code = object["Code"]?.string, code != "Success" {
      let message = ForeignText(object["Message"]?.string ?? "no reason was given")
      throw .broken("\(ForeignText(code)): \(message)")
    }
    guard let keyID = object["AccessKeyId"]?.string, let secret = object["SecretAccessKey"]?.string,
      !keyID.isEmpty, !secret.isEmpty
    else { throw .broken("the answer has no AccessKeyId and SecretAccessKey") }
    var expiration: Timestamp?
    if let text = object["Expiration"]?.string {
      guard let moment = Timestamp(iso8601: text) else {
        throw .broken("its Expiration is not a date: \(ForeignText(text))")
      }
      expiration = moment
    }
    return Credentials(
      keyID: keyID, secretKey: secret, sessionToken: object[tokenKey]?.string, expiration: expiration,
      source: source)
  }
}
