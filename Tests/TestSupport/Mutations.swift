/// Broken inputs for parsers, the same ones in every run: right ones with bytes changed, taken out, repeated and mixed.
package struct Mutations: Sequence, IteratorProtocol {
  private let seeds: [[UInt8]]
  private let words: [[UInt8]]
  private var left: Int
  private var random: UInt64

  /// `count` inputs made of `seeds`, with pieces that mean something to the parser put in.
  package init(of seeds: [[UInt8]], words: [String] = [], count: Int = 3_000, seed: UInt64 = 1) {
    self.seeds = seeds
    self.words = words.map { Array($0.utf8) }
    left = count
    random = seed
  }

  /// SplitMix64 (Steele et al. 2014).
  private mutating func number(below bound: Int) -> Int {
    random &+= 0x9E37_79B9_7F4A_7C15
    var mixed = random
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(Swift.max(1, bound)))
  }

  /// The next input.
  package mutating func next() -> [UInt8]? {
    guard left > 0 else { return nil }
    left -= 1
    var bytes = seeds[number(below: seeds.count)]
    for _ in 0...number(below: 6) { change(&bytes) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    let place = number(below: bytes.count + 1)
    let end = Swift.min(bytes.count, place + 1 + number(below: 8))
    switch number(below: 7) {
    case 0 where place < bytes.count: bytes[place] ^= UInt8(1 << number(below: 8))
    case 1 where place < bytes.count: bytes[place] = [0, 0x7F, 0x80, 0xFF][number(below: 4)]
    case 2: bytes.removeSubrange(place..<end)
    case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 4: bytes.removeSubrange(place...)
    case 5 where !words.isEmpty: bytes.insert(contentsOf: words[number(below: words.count)], at: place)
    default:
      let other = seeds[number(below: seeds.count)]
      bytes = Array(bytes[..<place]) + other[number(below: other.count + 1)...]
    }
  }
}
