internal import Core
import Glibc

/// A single GET to a server on this machine, for clients that look for a sandbox. Blocks for at most two seconds.
enum LoopbackRequest {
  private static let patience = 2
  private static let longest = 1 << 16

  /// The body of a 200 answer; nil for everything else.
  static func get(_ url: String) -> [UInt8]? {
    guard let scheme = url.firstRange(of: "http://"), scheme.lowerBound == url.startIndex else { return nil }
    let rest = url[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" }
    guard let port = authority.split(separator: ":").last.flatMap({ Int($0) }),
      let descriptor = Sockets.connect(port: port, patience: patience)
    else { return nil }
    defer { close(descriptor) }
    let path = rest.dropFirst(authority.count)
    let request = "GET \(path) HTTP/1.1\r\nHost: \(authority)\r\nConnection: close\r\n\r\n"
    guard Sockets.send(Array(request.utf8), to: descriptor) else { return nil }
    return body(of: readAll(descriptor))
  }

  private static func readAll(_ descriptor: Int32) -> [UInt8] {
    var answer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 12)
    while answer.count < longest {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      answer += chunk[..<count]
    }
    return answer
  }

  private static func body(of answer: [UInt8]) -> [UInt8]? {
    let text = String(decoding: answer, as: UTF8.self)
    guard text.hasPrefix("HTTP/1.1 200"), let end = text.firstRange(of: "\r\n\r\n") else { return nil }
    return Array(text[end.upperBound...].utf8)
  }
}
