package import Core
internal import Glibc

/// A client of the sandbox of its own for the tests: a plain socket a request, signed by hand.
package struct SandboxClient: Sendable {
  /// What came back.
  package struct Answer: Sendable {
    /// The status; 0 when the connection was closed without one.
    package let status: Int
    /// By lower-case name.
    package let headers: [String: String]
    /// All of it.
    package let body: [UInt8]

    /// The body, where it is JSON.
    package var json: JSON { (try? JSON(parsing: body)) ?? .null }
    /// The error's type and text, whichever member has it.
    package var code: String { headers["x-amzn-errortype"] ?? json["__type"]?.string ?? "" }
    /// The error's text.
    package var message: String { json["message"]?.string ?? json["Message"]?.string ?? "" }
  }

  /// On 127.0.0.1.
  package let port: Int
  /// What it signs with.
  package var secret: String
  /// When it says that it signs; nil for now.
  package var date: Timestamp?
  /// The region that it signs for.
  package var region = "us-east-1"

  /// A client of the address that `url` names.
  package init(_ url: String, secret: String) {
    self.secret = secret
    port = Int(url.split(separator: ":").last?.filter(\.isNumber) ?? "") ?? 0
  }

  /// A client of the address that `url` names, with the secret of `other`.
  package init(_ url: String, like other: SandboxClient) {
    self.init(url, secret: other.secret)
  }

  /// Sends a signed request; an answer of status 0 means that the connection was closed without one.
  package func send(
    _ method: String, _ path: String, query: String = "", body: [UInt8] = [], headers: [String: String] = [:],
    service: String = "lambda", signed: Bool = true
  ) -> Answer {
    var all = headers
    all["host"] = headers["host"] ?? "127.0.0.1:\(port)"
    if signed {
      let moment = (date ?? SystemClock().now()).basic
      all["x-amz-date"] = moment
      all["authorization"] = authorization(
        method, path, query, body: body, headers: all, moment: moment, service: service)
    }
    var head = "\(method) \(path)\(query.isEmpty ? "" : "?" + query) HTTP/1.1\r\nconnection: close\r\n"
    for (name, value) in all { head += "\(name): \(value)\r\n" }
    return exchange(Array((head + "content-length: \(body.count)\r\n\r\n").utf8) + body)
  }

  /// Sends a signed request with a document.
  package func send(_ method: String, _ path: String, _ json: JSON, query: String = "") -> Answer {
    send(method, path, query: query, body: Array(json.text().utf8))
  }

  /// An operation of a service that names it in a header.
  package func call(_ target: String, _ json: JSON, service: String) -> Answer {
    send(
      "POST", "/", body: Array(json.text().utf8),
      headers: ["x-amz-target": target, "content-type": "application/x-amz-json-1.0"], service: service)
  }

  private func authorization(
    _ method: String, _ path: String, _ query: String, body: [UInt8], headers: [String: String],
    moment: String,
    service: String
  ) -> String {
    let names = headers.keys.sorted()
    let lines = names.map { "\($0):\(headers[$0] ?? "")\n" }.joined()
    let signedPath = path.replacing("%", with: "%25").replacing(":", with: "%3A").replacing("$", with: "%24")
    let canonical = [
      method, signedPath, query, lines, names.joined(separator: ";"), SHA256.digest(of: body).hex,
    ].joined(separator: "\n")
    let scope = "\(moment.prefix(8))/\(region)/\(service)/aws4_request"
    let text = "AWS4-HMAC-SHA256\n\(moment)\n\(scope)\n\(SHA256.digest(of: canonical).hex)"
    var key = Array("AWS4\(secret)".utf8)
    for part in scope.split(separator: "/") { key = HMAC.sha256(key: key, String(part)) }
    return "AWS4-HMAC-SHA256 Credential=sandbox/\(scope), SignedHeaders=\(names.joined(separator: ";")), "
      + "Signature=\(Hex.encode(HMAC.sha256(key: key, text)))"
  }

  /// Sends raw bytes and reads until the other end closes.
  ///
  /// - Parameter isEnding: whether to say first that nothing more comes.
  package func exchange(_ bytes: [UInt8], ending isEnding: Bool = false) -> Answer {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { return Answer(status: 0, headers: [:], body: []) }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { break }
      done += count
    }
    if isEnding { shutdown(descriptor, Int32(SHUT_WR)) }
    var received: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      guard count > 0 else { break }
      received += chunk[..<count]
    }
    return Self.parse(received)
  }

  private static func parse(_ bytes: [UInt8]) -> Answer {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
      return Answer(status: 0, headers: [:], body: [])
    }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
    }
    let status = Int(lines[0].split(separator: " ")[1]) ?? 0
    return Answer(status: status, headers: headers, body: Array(bytes[end.upperBound...]))
  }
}
