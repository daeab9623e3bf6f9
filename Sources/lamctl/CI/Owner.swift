internal import Core
internal import Glibc

/// Who is at work: the name that other runs find in the record of an alias.
enum Owner {
  /// The most characters an owner may have: the record shares 256 with much else.
  static let limit = 40

  /// The CI run, else `user@host:pid`.
  static func name(ci: CISystem?, user: String, host: String, processID: Int32) -> String {
    ci?.run ?? clean("\(user)@\(host):\(processID)")
  }

  /// The owner that this process is.
  static func current(environment: [String: String]) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    let known = gethostname(&buffer, buffer.count - 1) == 0
    let host = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let user = ["USER", "LOGNAME"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    return name(
      ci: CISystem(environment: environment), user: user ?? "uid\(getuid())", host: known ? host : "unknown",
      processID: getpid())
  }

  /// `text` with only letters, digits and `._@:-`, and not longer than ``limit``: the end stays, as it holds the
  /// number that tells runs apart; a digest of the whole stands for what was cut.
  static func clean(_ text: String) -> String {
    let cleaned = String(text.map { isPlain($0) ? $0 : "-" })
    guard cleaned.count > limit else { return cleaned }
    let digest = SHA256.digest(of: text).hex.prefix(8)
    return cleaned.prefix(3) + digest + "-" + cleaned.suffix(limit - 12)
  }

  private static func isPlain(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "._@:-".contains(character))
  }
}
