internal import Core

/// Where a repository is kept that others work on too, as its clone tells.
package struct GitRemote: Hashable, Sendable {
  /// Such as `github.com`, in lower case.
  package let host: String
  /// Such as `owner/name`, without `.git`.
  package let path: String

  /// The longest address that is read, in bytes.
  private static let longest = 2_048

  /// Reads an address as git takes it: `https://host/path.git`, `ssh://user@host:port/path`, `user@host:path`.
  ///
  /// - Returns: nil for a path on this machine, and for what is none of these.
  package init?(url: String) {
    guard url.utf8.count <= Self.longest, url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      return nil
    }
    var (authority, path): (Substring, Substring)
    if let scheme = url.firstRange(of: "://") {
      guard ["https", "http", "ssh", "git"].contains(url[..<scheme.lowerBound].lowercased()) else {
        return nil
      }
      let rest = url[scheme.upperBound...]
      authority = rest.prefix { $0 != "/" }
      path = rest.dropFirst(authority.count)
    } else {
      guard let colon = url.firstIndex(of: ":"), !url[..<colon].contains("/") else { return nil }
      authority = url[..<colon]
      path = url[url.index(after: colon)...]
    }
    // Whoever may read the clone may read a password in it; nobody else is to see it.
    if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
    let host = authority.prefix { $0 != ":" }.lowercased()
    while path.hasPrefix("/") { path.removeFirst() }
    while path.hasSuffix("/") { path.removeLast() }
    if path.hasSuffix(".git") { path.removeLast(4) }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    func isPlain(_ text: some StringProtocol) -> Bool {
      !text.isEmpty && text != ".." && text != "."
        && text.utf8.allSatisfy { byte in
          switch byte {
          case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
          default: false
          }
        }
    }
    guard isPlain(host), parts.count >= 2, parts.allSatisfy({ isPlain($0) }) else { return nil }
    self.host = host
    self.path = String(path)
  }

  /// Reads the address of the remote `name` in a clone's `config`.
  ///
  /// - Parameters:
  ///   - config: the file's text; its quoting of section names is understood, its includes are not followed.
  ///   - name: `origin`.
  package init?(config: String, name: String = "origin") {
    var isThere = false
    for line in config.split(whereSeparator: \.isNewline) {
      let text = line.drop { $0 == " " || $0 == "\t" }
      if text.hasPrefix("[") {
        isThere = text.prefix { $0 != "]" } == "[remote \"\(name)\""
        continue
      }
      guard isThere, let sign = text.firstIndex(of: "=") else { continue }
      let key = text[..<sign].split(separator: " ").first?.lowercased()
      let value = text[text.index(after: sign)...].split(whereSeparator: { $0 == " " || $0 == "\t" })
      guard key == "url", value.count == 1 else { continue }
      self.init(url: String(value[0]))
      return
    }
    return nil
  }
}
