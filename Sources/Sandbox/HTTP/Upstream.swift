internal import Core
import Glibc

/// Another endpoint on this machine, such as moto or LocalStack, for the services that the sandbox does not have.
package struct Upstream: Hashable, Sendable {
  /// Its port on 127.0.0.1.
  let port: Int

  /// How long an answer may take, in seconds.
  private static let patience = 60
  /// The most bytes of an answer.
  private static let longest = 64 << 20

  /// Reads `http://127.0.0.1:5000` or `http://localhost:5000`; nil for anything else: what a rehearsal does stays on this
  /// machine, and no request of it comes to AWS.
  package init?(_ url: String) {
    let rest = url.hasSuffix("/") ? String(url.dropLast()) : url
    let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "http", ["//127.0.0.1", "//localhost"].contains(parts[1]),
      parts[2].utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(parts[2]),
      (1...65_535).contains(port)
    else { return nil }
    self.port = port
  }

  /// Passes a request on as it came, and blocks until it is answered; nil where nobody answers.
  func answer(_ request: HTTPRequest) -> HTTPResponse? {
    guard let descriptor = Sockets.connect(port: port, patience: Self.patience) else { return nil }
    defer { close(descriptor) }
    guard Sockets.send(bytes(of: request), to: descriptor), let answer = Self.readAll(descriptor) else {
      return nil
    }
    return Self.response(answer, isHead: request.method == "HEAD")
  }

  /// As HTTP/1.0, whose answers come in one piece and end with the connection.
  private func bytes(of request: HTTPRequest) -> [UInt8] {
    let target = request.path + (request.query.isEmpty ? "" : "?\(request.query)")
    var head = "\(request.method) \(target) HTTP/1.0\r\n"
    // Such servers tell services by the signature's scope, and verify no signature: it is of the sandbox's address.
    head += "host: 127.0.0.1:\(port)\r\n"
    let own = ["host", "content-length", "transfer-encoding", "connection", "expect"]
    for (name, value) in request.headers.fields where !own.contains(name) {
      head += "\(name): \(value)\r\n"
    }
    head += "content-length: \(request.body.count)\r\n\r\n"
    return Array(head.utf8) + request.body
  }

  private static func readAll(_ descriptor: Int32) -> [UInt8]? {
    var answer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while answer.count <= longest {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count < 0, errno == EINTR { continue }
      if count == 0 { return answer }
      guard count > 0 else { return nil }
      answer += chunk[..<count]
    }
    return nil
  }

  /// Reads an answer that has ended; nil for what is none.
  ///
  /// - Parameter isHead: whether it tells the length of a body that does not come.
  static func response(_ answer: [UInt8], isHead: Bool = false) -> HTTPResponse? {
    let separator = Array("\r\n\r\n".utf8)
    guard let end = answer.firstRange(of: separator) else { return nil }
    let lines = String(decoding: answer[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
    let words = (lines.first ?? "").split(separator: " ")
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]),
      (200...599).contains(status)
    else { return nil }
    var response = HTTPResponse(status: status, body: Array(answer[end.upperBound...]))
    for line in lines.dropFirst() {
      guard let field = try? HTTPHead.field(Array(line.utf8)[...]) else { return nil }
      switch field.name.lowercased() {
      case "content-length":
        guard isHead || field.value == "\(response.body.count)" else { return nil }
      case "connection", "date", "server": continue
      case "transfer-encoding": return nil
      default: response.headers.add(field.name, field.value)
      }
    }
    return response
  }
}
