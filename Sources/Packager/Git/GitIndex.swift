/// The names of the files that git tracks, read from its index (`Documentation/gitformat-index`, versions 2, 3 and 4).
struct GitIndex: Sendable {
  /// Why an index cannot be read.
  enum Fault: Error {
    /// It ends early, or is none.
    case malformed
    /// A part of it lies in another file.
    case split
    /// Its version, which is newer than those that are known.
    case version(Int)
  }

  /// Names from the top of the work tree in byte order, each once.
  private var names: [ArraySlice<UInt8>] = []

  /// Nothing is tracked.
  init() {}

  /// Reads the content of an index file.
  ///
  /// - Parameter hashLength: bytes of an object's id: 20, or 32 in a repository of SHA-256.
  init(_ bytes: [UInt8], hashLength: Int) throws(Fault) {
    var reader = Reader(bytes: bytes, hashLength: hashLength)
    names = try reader.names()
    try reader.checkExtensions()
  }

  /// Whether the file at `name`, from the top of the work tree, is tracked.
  func contains(_ name: some Collection<UInt8>) -> Bool {
    let place = firstIndex(notBefore: name)
    return place < names.count && names[place].elementsEqual(name)
  }

  /// Whether a file in the folder `name`, or in one below it, is tracked.
  func hasFiles(below name: some Collection<UInt8>) -> Bool {
    let prefix = Array(name) + [UInt8(ascii: "/")]
    let place = firstIndex(notBefore: prefix)
    return place < names.count && names[place].starts(with: prefix)
  }

  private func firstIndex(notBefore name: some Collection<UInt8>) -> Int {
    var low = 0
    var high = names.count
    while low < high {
      let middle = (low + high) / 2
      if names[middle].lexicographicallyPrecedes(name) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private struct Reader {
    let bytes: [UInt8]
    let hashLength: Int
    var index = 12

    mutating func names() throws(Fault) -> [ArraySlice<UInt8>] {
      guard bytes.count >= 12 + hashLength, bytes.starts(with: "DIRC".utf8) else { throw .malformed }
      let version = try number(at: 4, width: 4)
      guard (2...4).contains(version) else { throw .version(version) }
      let count = try number(at: 8, width: 4)
      var names: [ArraySlice<UInt8>] = []
      // An entry takes more bytes than this: a count that lies reserves no memory.
      names.reserveCapacity(min(count, bytes.count / 40))
      for _ in 0..<count {
        let name = try entry(version: version, after: names.last ?? [])
        // A file in conflict has an entry a side.
        if names.last.map({ $0.elementsEqual(name) }) != true { names.append(name) }
      }
      return names
    }

    /// The name of the next entry.
    private mutating func entry(
      version: Int, after previous: ArraySlice<UInt8>
    ) throws(Fault) -> ArraySlice<UInt8> {
      let start = index
      let flags = try number(at: start + 40 + hashLength, width: 2)
      let fixed = 42 + hashLength + (flags & 0x4000 != 0 ? 2 : 0)
      index = start + fixed
      guard version < 4 else { return try shared(previous) }
      let name = try untilZero()
      // One to eight zeros make the entry's length a multiple of eight.
      index = start + (fixed + name.count + 8) & ~7
      return name
    }

    /// A name that begins like the one before it.
    private mutating func shared(_ previous: ArraySlice<UInt8>) throws(Fault) -> ArraySlice<UInt8> {
      let dropped = try variableNumber()
      guard dropped <= previous.count else { throw .malformed }
      let rest = try untilZero()
      index = rest.endIndex + 1
      let name = Array(previous.dropLast(dropped)) + rest
      // Each entry may repeat all of the one before: without a bound a small file would fill the memory.
      guard name.count <= 4_096 else { throw .malformed }
      return name[...]
    }

    /// A number as in the offsets of packs: seven bits a byte, each continuation adding one.
    private mutating func variableNumber() throws(Fault) -> Int {
      var value = 0
      for step in 0..<4 {
        guard index < bytes.count else { throw .malformed }
        let byte = bytes[index]
        index += 1
        value = (step == 0 ? 0 : value + 1) << 7 | Int(byte & 0x7F)
        if byte & 0x80 == 0 { return value }
      }
      throw .malformed
    }

    /// The bytes up to the next zero; ``index`` stays.
    private func untilZero() throws(Fault) -> ArraySlice<UInt8> {
      guard index < bytes.count, let end = bytes[index...].firstIndex(of: 0) else {
        throw .malformed
      }
      return bytes[index..<end]
    }

    private func number(at offset: Int, width: Int) throws(Fault) -> Int {
      guard offset + width <= bytes.count else { throw .malformed }
      return bytes[offset..<offset + width].reduce(0) { $0 << 8 | Int($1) }
    }

    /// Extensions whose name begins with a small letter change what the entries mean.
    func checkExtensions() throws(Fault) {
      var place = index
      while place + 8 <= bytes.count - hashLength {
        if bytes[place..<place + 4].elementsEqual("link".utf8) { throw .split }
        place += 8 + (try number(at: place + 4, width: 4))
      }
    }
  }
}
