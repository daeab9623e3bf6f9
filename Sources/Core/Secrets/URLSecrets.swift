/// Names and passwords inside URLs.
package enum URLSecrets {
  private static let shortestToken = 12

  /// `url` with `***` for what stands before the last `@`, however broken the rest of it is.
  package static func hidden(_ url: String) -> String {
    guard let at = url.lastIndex(of: "@") else { return url }
    let start = url.firstRange(of: "//").map(\.upperBound).flatMap { $0 <= at ? $0 : nil } ?? url.startIndex
    return url[..<start] + "***" + url[at...]
  }

  /// The passwords and tokens in `url`, as written and decoded; none where it has no `@`.
  package static func passwords(in url: String) -> [String] {
    guard let at = url.lastIndex(of: "@") else { return [] }
    let start = url.firstRange(of: "//").map(\.upperBound).flatMap { $0 <= at ? $0 : nil } ?? url.startIndex
    let halves = url[start..<at].split(separator: ":", maxSplits: 1).map(String.init)
    // `https://TOKEN@host` has nothing but the token; `ssh://git@host` only a name.
    let written = halves.count == 2 ? [halves[1]] : halves.filter { $0.utf8.count >= shortestToken }
    return written + written.compactMap(decoded)
  }

  private static func decoded(_ text: String) -> String? {
    guard text.contains("%") else { return nil }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let pair = Hex.decode(String(decoding: rest.prefix(2), as: UTF8.self))
      {
        bytes += pair
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Secrets {
  /// Hides what the variables of a process hold: those whose names say that they are secret, and passwords inside URLs.
  package func hide(environment: [String: String]) {
    // Folders, which the word "pwd" stands for here.
    let folders: Set<String> = ["PWD", "OLDPWD"]
    for (name, value) in environment where !folders.contains(name) {
      if value.contains("@"), value.contains("/") { URLSecrets.passwords(in: value).forEach(hide) }
      // A path leads to a secret and is none.
      if Self.isSecretName(name), !value.hasPrefix("/") { hide(value) }
      // `user:password`, or a token; a mirror is an address.
      if GemServerVariable.matches(name), !value.contains("://") {
        hide(value)
        value.split(separator: ":", maxSplits: 1).dropFirst().forEach { hide(String($0)) }
      }
    }
  }
}
