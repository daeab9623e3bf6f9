/// A version of a Python package or of Python itself, as PEP 440 orders them.
struct PythonVersion: Comparable, Sendable {
  private let epoch: Int
  /// Without zeros at the end, which mean nothing.
  private let release: [Int]
  /// How many numbers were written.
  let length: Int
  private let pre: (kind: Int, number: Int)?
  private let post: Int?
  private let dev: Int?
  private var local: String

  /// The most characters of a version.
  private static let longest = 256

  /// Nil for text that is no version.
  init?(_ text: some StringProtocol) {
    var rest = Array(text.lowercased().utf8)[...]
    guard rest.count <= Self.longest else { return nil }
    while rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
    while rest.last == UInt8(ascii: " ") { rest = rest.dropLast() }
    if rest.first == UInt8(ascii: "v") { rest = rest.dropFirst() }
    var local = ""
    if let plus = rest.firstIndex(of: UInt8(ascii: "+")) {
      local = String(decoding: rest[(plus + 1)...], as: UTF8.self)
      rest = rest[..<plus]
    }
    var epoch = 0
    if let mark = rest.firstIndex(of: UInt8(ascii: "!")) {
      guard let number = Int(String(decoding: rest[..<mark], as: UTF8.self)) else { return nil }
      epoch = number
      rest = rest[(mark + 1)...]
    }
    var numbers: [Int] = []
    while let number = Self.number(&rest) {
      numbers.append(number)
      guard rest.first == UInt8(ascii: "."), let next = rest.dropFirst().first, (48...57).contains(next)
      else {
        break
      }
      rest = rest.dropFirst()
    }
    guard !numbers.isEmpty else { return nil }
    var pre: (kind: Int, number: Int)?
    var post: Int?
    var dev: Int?
    while !rest.isEmpty {
      while let byte = rest.first, ".-_".utf8.contains(byte) { rest = rest.dropFirst() }
      let word = String(decoding: rest.prefix { (97...122).contains($0) }, as: UTF8.self)
      rest = rest.dropFirst(word.utf8.count)
      if let byte = rest.first, ".-_".utf8.contains(byte) { rest = rest.dropFirst() }
      let number = Self.number(&rest)
      switch word {
      case "a", "alpha": pre = (0, number ?? 0)
      case "b", "beta": pre = (1, number ?? 0)
      case "rc", "c", "pre", "preview": pre = (2, number ?? 0)
      case "post", "rev", "r": post = number ?? 0
      case "dev": dev = number ?? 0
      case "":
        guard let number else { return nil }
        post = number
      default: return nil
      }
    }
    self.epoch = epoch
    length = numbers.count
    while numbers.count > 1, numbers.last == 0 { numbers.removeLast() }
    release = numbers
    self.pre = pre
    self.post = post
    self.dev = dev
    self.local = local
  }

  private static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
    let digits = rest.prefix { (48...57).contains($0) }
    guard !digits.isEmpty, let number = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
    rest = rest[digits.endIndex...]
    return number
  }

  /// What orders versions of one release: development before alpha, beta, candidate, the release, and what came after.
  private var phase: [Int] {
    let far = Int.max
    let first: [Int] =
      if let pre { [pre.kind, pre.number] } else if post == nil, dev != nil { [-1, 0] } else { [3, 0] }
    return first + [post ?? -1, dev ?? far]
  }

  static func < (a: PythonVersion, b: PythonVersion) -> Bool {
    if a.epoch != b.epoch { return a.epoch < b.epoch }
    if a.release != b.release { return a.release.lexicographicallyPrecedes(b.release) }
    if a.phase != b.phase { return a.phase.lexicographicallyPrecedes(b.phase) }
    return a.local < b.local
  }

  static func == (a: PythonVersion, b: PythonVersion) -> Bool { !(a < b) && !(b < a) }

  private var withoutLocal: PythonVersion {
    var version = self
    version.local = ""
    return version
  }

  private func number(_ index: Int) -> Int { release.indices.contains(index) ? release[index] : 0 }

  /// Whether the first `count` numbers of the release are those of `other`.
  func begins(like other: PythonVersion, count: Int) -> Bool {
    epoch == other.epoch && (0..<count).allSatisfy { number($0) == other.number($0) }
  }

  /// Whether the version meets one clause such as `>= 3.9`, `== 3.*` or `~= 3.8`; nil where the clause makes no sense.
  func meets(_ comparison: String, _ text: some StringProtocol) -> Bool? {
    let bare = String(text.filter { $0 != " " })
    if bare.hasSuffix(".*") {
      guard let wanted = PythonVersion(bare.dropLast(2)) else { return nil }
      let isSame = begins(like: wanted, count: wanted.length)
      return comparison == "==" ? isSame : comparison == "!=" ? !isSame : nil
    }
    guard let wanted = PythonVersion(bare) else { return nil }
    if comparison == "===" { return self == wanted }
    // Which build of a version it is counts where the clause names one.
    let own = wanted.local.isEmpty ? withoutLocal : self
    switch comparison {
    case "==": return own == wanted
    case "!=": return own != wanted
    case "<": return own < wanted
    case "<=": return own <= wanted
    case ">": return own > wanted
    case ">=": return own >= wanted
    case "~=":
      return wanted.length > 1 ? own >= wanted && begins(like: wanted, count: wanted.length - 1) : nil
    default: return nil
    }
  }
}
