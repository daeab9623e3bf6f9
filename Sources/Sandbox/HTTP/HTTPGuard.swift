/// Tells requests of this machine's programs from those that a web page made a browser send.
///
/// A page whose name leads to 127.0.0.1 (DNS rebinding) sends that name as Host; a page that calls the address itself
/// makes the browser say where the page came from, as Origin. AWS's clients never send one.
enum HTTPGuard {
  /// Why `head` is not answered by the server on `port` of 127.0.0.1; nil when it is.
  ///
  /// - Parameter admitsOrigin: whether web pages may ask too, as they may of what stands for a public address.
  static func fault(in head: HTTPRequest, port: Int, admitsOrigin: Bool = false) -> HTTPReadError? {
    let hosts = head.headers.values("host")
    guard hosts.count == 1 else { return .malformed("there must be one field Host") }
    guard names(hosts[0], port: port) else {
      return .refused(
        status: 403,
        reason:
          "Host must be 127.0.0.1:\(port), localhost:\(port) or a name below localhost: this serves programs of this machine only"
      )
    }
    guard admitsOrigin || head.headers["origin"] == nil else {
      return .refused(
        status: 403, reason: "a request with Origin comes from a web page, and none is answered")
    }
    return nil
  }

  private static func names(_ host: String, port: Int) -> Bool {
    let parts = Array(host.utf8).split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].elementsEqual("\(port)".utf8) else { return false }
    let name = String(decoding: parts[0], as: UTF8.self).lowercased()
    guard name.utf8.allSatisfy(isNameByte) else { return false }
    return name == "127.0.0.1" || name == "localhost" || name.utf8.count > 10 && name.hasSuffix(".localhost")
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
    default: false
    }
  }
}
