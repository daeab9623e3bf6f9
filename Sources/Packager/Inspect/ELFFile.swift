internal import Core

/// What the gate needs to know of a native program or library.
struct ELFFile: Hashable, Sendable {
  /// `x86_64`, `arm64`, or the number of another machine.
  let machine: String
  /// Whether it is a program or a shared library rather than an object for a linker.
  let isRunnable: Bool
  /// Whether it has a place to start at.
  let isProgram: Bool
  /// Whether all is there that is to be laid into memory.
  let isWhole: Bool
  /// The highest `GLIBC_2.x` it needs, as x; nil when it needs none.
  let glibcMinor: Int?
  /// The program that loads it; nil for a library and for what is linked statically.
  let interpreter: String?
  /// The shared libraries that it cannot start without.
  let libraries: [String]

  static let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]
  /// The same as ``ContentStart`` has it.
  static let start: UInt32 = 0x7F45_4C46

  /// Nil for bytes that are no 64-bit little-endian ELF file.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 64, bytes.starts(with: Self.magic), bytes[4] == 2, bytes[5] == 1 else { return nil }
    let reader = Reader(bytes: bytes)
    guard let type = reader.number(at: 16, width: 2), let code = reader.number(at: 18, width: 2) else {
      return nil
    }
    isRunnable = type == 2 || type == 3
    isProgram = isRunnable && reader.number(at: 24, width: 8) != 0
    machine = code == 62 ? "x86_64" : code == 183 ? "arm64" : "machine \(code)"
    glibcMinor = reader.glibcMinor()
    let segments = reader.segments()
    isWhole = reader.isWhole
    interpreter = segments.first { $0.type == 3 }.flatMap { reader.text(at: $0.offset) }
    libraries = reader.libraries(segments)
  }

  /// A piece of the file as it is laid into memory.
  private struct Segment {
    let type: Int
    let offset: Int
    let address: Int
    let size: Int
  }

  private struct Reader {
    let bytes: [UInt8]

    /// The most segments and entries of one that are looked at; a program has about a dozen and a hundred.
    private static let mostSegments = 256
    private static let mostEntries = 4_096

    func segments() -> [Segment] {
      guard let table = number(at: 32, width: 8), let size = number(at: 54, width: 2),
        let count = number(at: 56, width: 2), size >= 56, table > 0, table < bytes.count
      else { return [] }
      return (0..<min(count, Self.mostSegments)).compactMap { index in
        let header = table + index * size
        guard let type = number(at: header, width: 4), let start = offset(at: header + 8),
          let address = number(at: header + 16, width: 8), let length = number(at: header + 32, width: 8),
          length <= bytes.count
        else { return nil }
        return Segment(type: type, offset: start, address: address, size: length)
      }
    }

    /// Whether no segment that is loaded goes beyond the end.
    var isWhole: Bool {
      guard let table = number(at: 32, width: 8), let size = number(at: 54, width: 2),
        let count = number(at: 56, width: 2), count > 0
      else { return true }
      return (0..<min(count, Self.mostSegments)).allSatisfy { index in
        let header = table.addingReportingOverflow(index * size).partialValue
        guard let type = number(at: header, width: 4), let start = number(at: header + 8, width: 8),
          let length = number(at: header + 32, width: 8)
        else { return false }
        return type != 1 || (start <= bytes.count && length <= bytes.count - start)
      }
    }

    /// The names of what is needed (tag DT_NEEDED of the dynamic segment), in their order.
    func libraries(_ segments: [Segment]) -> [String] {
      guard let dynamic = segments.first(where: { $0.type == 2 }) else { return [] }
      var names: [Int] = []
      var table: Int?
      for index in 0..<min(dynamic.size / 16, Self.mostEntries) {
        let entry = dynamic.offset + index * 16
        guard let tag = number(at: entry, width: 8), let value = number(at: entry + 8, width: 8), tag != 0
        else {
          break
        }
        if tag == 1 { names.append(value) }
        if tag == 5 { table = value }
      }
      guard let table,
        let home = segments.first(where: {
          $0.type == 1 && table >= $0.address && table - $0.address < $0.size
        })
      else { return [] }
      let start = home.offset + (table - home.address)
      return names.compactMap { name in name < bytes.count ? text(at: start + name) : nil }.filter {
        !$0.isEmpty
      }
    }

    func number(at offset: Int, width: Int) -> Int? {
      guard offset >= 0, offset <= bytes.count - width else { return nil }
      var value: UInt64 = 0
      for index in (0..<width).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
      return Int(exactly: value)
    }

    func text(at offset: Int) -> String? {
      guard bytes.indices.contains(offset) else { return nil }
      return String(decoding: bytes[offset...].prefix(256).prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Walks the version needs (section type SHT_GNU_verneed).
    func glibcMinor() -> Int? {
      guard let table = number(at: 40, width: 8), let size = number(at: 58, width: 2),
        let count = number(at: 60, width: 2), size >= 64, table > 0
      else { return nil }
      // Places beyond the end are none, and sums of those within it and of smaller numbers cannot overflow.
      guard table < bytes.count else { return nil }
      var highest: Int?
      var left = Self.mostVersions
      for index in 0..<count where left > 0 {
        let header = table + index * size
        guard number(at: header + 4, width: 4) == 0x6FFF_FFFE, let start = offset(at: header + 24),
          let link = number(at: header + 40, width: 4), link < count,
          let strings = offset(at: table + link * size + 24)
        else { continue }
        for name in versions(from: start, strings: strings, &left) where name.hasPrefix("GLIBC_2.") {
          guard let minor = Int(name.dropFirst(8).prefix { $0.isNumber }) else { continue }
          highest = max(highest ?? 0, minor)
        }
      }
      return highest
    }

    /// The most versions that are looked at in all; a library needs some dozens. The chains end with a zero, and the bound
    /// keeps a broken file from going round.
    private static let mostVersions = 16_384

    /// An offset into the file.
    private func offset(at place: Int) -> Int? {
      number(at: place, width: 8).flatMap { $0 < bytes.count ? $0 : nil }
    }

    private func versions(from start: Int, strings: Int, _ left: inout Int) -> [String] {
      var names: [String] = []
      var need = start
      while left > 0 {
        left -= 1
        guard let first = number(at: need + 8, width: 4), let next = number(at: need + 12, width: 4) else {
          break
        }
        var version = need + first
        while left > 0 {
          left -= 1
          guard let name = number(at: version + 8, width: 4), let step = number(at: version + 12, width: 4)
          else { break }
          if let text = text(at: strings + name) { names.append(text) }
          guard step > 0 else { break }
          version += step
        }
        guard next > 0 else { break }
        need += next
      }
      return names
    }
  }
}
