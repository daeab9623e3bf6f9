/// Finds many values in a text at once: in time that grows with the text, not with their number.
struct SecretMatcher {
  /// Values of fewer bytes are not looked for; at least 4.
  let shortest: Int
  /// The values by their first four bytes, the longest first, so that one inside another does not leave its rest behind.
  private var values: [UInt32: [(bytes: [UInt8], token: String)]] = [:]
  /// One bit for each hash of four bytes that some value begins with: most places of a text are passed over by it.
  private var beginnings = [Bool](repeating: false, count: 1 << 16)

  init(shortest: Int) {
    self.shortest = max(4, shortest)
  }

  mutating func add(_ value: String, token: String) {
    let bytes = Array(value.utf8)
    guard bytes.count >= shortest else { return }
    let start = Self.start(of: bytes, at: 0)
    var known = values[start] ?? []
    guard !known.contains(where: { $0.bytes == bytes }) else { return }
    let place = known.firstIndex { $0.bytes.count < bytes.count } ?? known.endIndex
    known.insert((bytes, token), at: place)
    values[start] = known
    beginnings[Self.hash(start)] = true
  }

  mutating func remove(_ value: String) {
    let bytes = Array(value.utf8)
    guard bytes.count >= shortest else { return }
    values[Self.start(of: bytes, at: 0)]?.removeAll { $0.bytes == bytes }
  }

  func masked(_ text: String) -> String {
    guard !values.isEmpty else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    var copied = 0
    while index + 4 <= bytes.count {
      let start = Self.start(of: bytes, at: index)
      guard beginnings[Self.hash(start)],
        let match = values[start]?.first(where: { Self.stands($0.bytes, in: bytes, at: index) })
      else {
        index += 1
        continue
      }
      result += bytes[copied..<index]
      result += match.token.utf8
      index += match.bytes.count
      copied = index
    }
    guard copied > 0 else { return text }
    return String(decoding: result + bytes[copied...], as: UTF8.self)
  }

  private static func stands(_ value: [UInt8], in text: [UInt8], at index: Int) -> Bool {
    guard index + value.count <= text.count else { return false }
    for offset in 0..<value.count where text[index + offset] != value[offset] { return false }
    return true
  }

  private static func start(of bytes: [UInt8], at index: Int) -> UInt32 {
    UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
      | UInt32(bytes[index + 3]) << 24
  }

  private static func hash(_ start: UInt32) -> Int { Int((start &* 0x9e37_79b1) >> 16) }
}
