/// SplitMix64 (Steele, Lea and Flood, 2014): the same seed gives the same inputs on every machine.
struct FuzzGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Makes new inputs out of known ones.
struct Mutator {
  /// No input is longer: 1 MiB.
  static let longest = 1 << 20

  private let pool: [[UInt8]]
  private let words: [[UInt8]]
  private var random: FuzzGenerator

  init(pool: [[UInt8]], words: [[UInt8]], seed: UInt64) {
    self.pool = pool.isEmpty ? [[]] : pool
    self.words = words + Self.commonWords
    random = FuzzGenerator(seed: seed)
  }

  private static let commonWords = [
    "0", "-1", "9223372036854775807", "-9223372036854775808", "18446744073709551616", "1e308", "1e-308",
    "nan", "inf",
    "\u{0}", "\u{1B}[2J", "\u{202E}", "\u{301}", "\u{200D}", "é", "e\u{301}", "😀", "\r\n", "..", "/", "//",
  ].map { Array($0.utf8) }

  /// The next input: one of the pool after one to eight changes.
  mutating func next() -> [UInt8] {
    var input = pool[Int.random(in: 0..<pool.count, using: &random)]
    for _ in 0..<Int.random(in: 1...8, using: &random) { change(&input) }
    if input.count > Self.longest { input.removeSubrange(Self.longest...) }
    return input
  }

  private mutating func change(_ input: inout [UInt8]) {
    let place = Int.random(in: 0...input.count, using: &random)
    switch Int.random(in: 0..<12, using: &random) {
    case 0, 1: input.insert(.random(in: 0...255, using: &random), at: place)
    case 2, 3: if place < input.count { input[place] = .random(in: 0...255, using: &random) }
    case 4: if place < input.count { input[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
    case 5: input.removeSubrange(piece(of: input))
    case 6: input.insert(contentsOf: input[piece(of: input)], at: place)
    case 7, 8, 9: input.insert(contentsOf: words[Int.random(in: 0..<words.count, using: &random)], at: place)
    case 10:
      let other = pool[Int.random(in: 0..<pool.count, using: &random)]
      input.replaceSubrange(place..., with: other[piece(of: other)])
    default: repeatPiece(&input, at: place)
    }
  }

  /// Repetition is what finds costs that grow too fast; most inputs stay short, so that many fit into a second.
  private mutating func repeatPiece(_ input: inout [UInt8], at place: Int) {
    let unit =
      Bool.random(using: &random)
      ? words[Int.random(in: 0..<words.count, using: &random)] : Array(input[piece(of: input, atMost: 16)])
    guard !unit.isEmpty else { return }
    let exponent = Int.random(in: 0..<1_000, using: &random) == 0 ? 16 : Int.random(in: 1...8, using: &random)
    let count = min(1 << exponent, (Self.longest - min(input.count, Self.longest)) / unit.count)
    input.insert(contentsOf: Array(repeating: unit, count: count).joined(), at: place)
  }

  private mutating func piece(of input: [UInt8], atMost limit: Int = 64) -> Range<Int> {
    let start = Int.random(in: 0...input.count, using: &random)
    return start..<min(input.count, start + Int.random(in: 0...limit, using: &random))
  }
}
