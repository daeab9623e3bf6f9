/// What this process knows and must not show: passwords, keys, tokens, and the values of variables.
///
/// Whoever learns a value says so here before it is used; whoever shows or stores text asks here first. Two kinds are told
/// apart. A *secret* is hidden wherever it appears, in its own and in its usual encoded forms. The value of a variable
/// that does not look secret is hidden only in what others said: it may be a word such as `production`, which lamctl's
/// own sentences need.
package final class Secrets: Sendable {
  private struct State {
    var others = SecretMatcher(shortest: 4)
    var own = SecretMatcher(shortest: 8)
    var open: Set<String> = []
  }

  /// Shorter values of variables say nothing, and would be found in every sentence.
  private static let shortestVariable = 6

  private let state = Lock(State())
  private let key: [UInt8]

  /// Knows nothing yet.
  ///
  /// - Parameter key: what tokens are made with; random, so that nobody can try values against a token.
  package init(key: [UInt8] = (0..<32).map { _ in .random(in: 0 ... .max) }) {
    self.key = key
  }

  /// Hides `value`, of four bytes and more, in what others said; and everywhere if it has eight.
  package func hide(_ value: String) {
    let token = token(for: value)
    let forms = SecretForms.all(of: value)
    state.withLock { state in
      guard !state.open.contains(value) else { return }
      for form in forms {
        state.others.add(form, token: token)
        state.own.add(form, token: token)
      }
    }
  }

  /// Hides the value of the variable `name`: as a secret if its name says so, else in what others said.
  package func hide(_ value: String, of name: String) {
    guard !Self.isSecretName(name) else { return hide(value) }
    guard value.utf8.count >= Self.shortestVariable else { return }
    let token = token(for: value)
    state.withLock { state in
      guard !state.open.contains(value) else { return }
      for form in [value, SecretForms.inJSON(value)] { state.others.add(form, token: token) }
    }
  }

  /// Takes words out of what is hidden that lamctl itself has to show: names of functions, regions, accounts.
  package func show(_ words: some Sequence<String>) {
    state.withLock { state in
      for word in words where state.open.insert(word).inserted { state.own.remove(word) }
    }
  }

  /// What stands for a value: 64 bits that are the same for the same value in this process, and in no other.
  package func token(for value: String) -> String {
    "secret:" + Hex.encode(HMAC.sha256(key: key, value).prefix(8))
  }

  /// What others said, with a token for everything that is hidden in it.
  package func masked(_ text: String) -> String { state.withLock { $0.others.masked(text) } }

  /// What lamctl says itself, with a token for every secret in it.
  package func shielded(_ text: String) -> String { state.withLock { $0.own.masked(text) } }

  /// Whether the name of a variable says that its value is secret.
  package static func isSecretName(_ name: String) -> Bool {
    let secret: Set<String> = [
      "password", "passwd", "passphrase", "pwd", "secret", "secrets", "token", "tokens", "key", "keys",
      "apikey",
      "credential", "credentials", "auth", "dsn", "private", "signature", "salt", "webhook",
    ]
    var words: [String] = [""]
    var wasLower = false
    for character in name {
      if !character.isLetter {
        words.append("")
      } else {
        if character.isUppercase, wasLower { words.append("") }
        words[words.count - 1].append(character.lowercased())
      }
      wasLower = character.isLowercase
    }
    return words.contains { word in
      secret.contains(word)
        || ["password", "secret", "token", "credential", "apikey"].contains(where: word.contains)
    }
  }
}

/// The forms in which a secret turns up.
enum SecretForms {
  /// The value, its lines, and both as JSON, as part of a URL, in base64 wherever they begin in it, and as plain digests.
  static func all(of value: String) -> [String] {
    let lines = value.split(whereSeparator: \.isNewline).map(String.init).filter { $0.utf8.count >= 8 }
    var forms = [value] + (lines.count > 1 ? lines : [])
    forms += forms.map(inJSON) + forms.map(inURL) + forms.map { inURL($0).lowercased() }
    guard value.utf8.count >= 8 else { return forms }
    let digest = SHA256.digest(of: value)
    return forms + base64(value) + [digest.hex, digest.base64, SHA1.hex(of: value)]
  }

  /// As it stands between the quotes of a JSON string.
  static func inJSON(_ value: String) -> String { String(JSON.string(value).text().dropFirst().dropLast()) }

  private static func inURL(_ value: String) -> String {
    var text = ""
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        text.unicodeScalars.append(UnicodeScalar(byte))
      default: text += "%" + Hex.encode([byte]).uppercased()
      }
    }
    return text
  }

  /// Three bytes make four digits, so that there are three ways to meet a value inside something longer; the digits that
  /// its neighbours have a part in are left off.
  private static func base64(_ value: String) -> [String] {
    (0..<3).flatMap { offset -> [String] in
      let digits = Base64.encode([UInt8](repeating: 0, count: offset) + Array(value.utf8))
      let whole = (value.utf8.count + offset) * 8 / 6
      let form = String(digits.prefix(whole).dropFirst(offset == 0 ? 0 : offset + 1))
      return [form, form.replacing("+", with: "-").replacing("/", with: "_")]
    }
  }
}
