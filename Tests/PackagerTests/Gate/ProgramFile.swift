/// A native program as a linker would write it, as far as a gate looks at it.
struct ProgramFile {
  /// 62 is x86_64, 183 is arm64.
  var machine: UInt16 = 62
  /// 1 an object file, 2 a program, 3 a program or library that can lie anywhere.
  var type: UInt16 = 2
  /// Where it starts; 0 for libraries.
  var entry: UInt64 = 0x1000
  var interpreter: String?
  var libraries: [String] = []
  /// The newest symbols that it needs, as `GLIBC_2.34`.
  var glibc: String?

  /// What is written of it.
  var bytes: [UInt8] {
    var file = LittleEndian()
    file.bytes = [0x7F, 0x45, 0x4C, 0x46, 2, 1] + [UInt8](repeating: 0, count: 512)
    file.put(type, at: 16)
    file.put(machine, at: 18)
    file.put(entry, at: 24)
    file.put(UInt64(64), at: 32)
    file.put(UInt16(56), at: 54)
    // The segments' headers fill the place up to 232; behind them is what they speak of.
    var segments: [(type: UInt32, offset: Int, size: Int)] = []
    if let interpreter {
      segments.append((3, file.bytes.count, interpreter.utf8.count + 1))
      file.bytes += Array(interpreter.utf8) + [0]
    }
    if !libraries.isEmpty { segments.append(dynamic(&file)) }
    if let glibc { versions(glibc, &file) }
    for (index, segment) in ([(1, 0, file.bytes.count)] + segments).enumerated() {
      let header = 64 + index * 56
      file.put(segment.type, at: header)
      file.put(UInt64(segment.offset), at: header + 8)
      file.put(UInt64(segment.offset), at: header + 16)
      file.put(UInt64(segment.size), at: header + 32)
    }
    file.put(UInt16(segments.count + 1), at: 56)
    return file.bytes
  }

  /// The names of what is needed, and the entries that lead to them.
  private func dynamic(_ file: inout LittleEndian) -> (type: UInt32, offset: Int, size: Int) {
    let strings = file.bytes.count
    var names: [UInt64] = []
    for library in libraries {
      names.append(UInt64(file.bytes.count - strings))
      file.bytes += Array(library.utf8) + [0]
    }
    let start = file.bytes.count
    for name in names {
      file.append(UInt64(1))
      file.append(name)
    }
    for number in [5, UInt64(strings), 0, 0] { file.append(number) }
    return (2, start, file.bytes.count - start)
  }

  /// Three sections: none, the needed versions, and their names.
  private func versions(_ name: String, _ file: inout LittleEndian) {
    let needs = file.bytes.count
    for number in [1, 0, 16, 0] as [UInt32] { file.append(number) }
    for number in [0, 0, 1, 0] as [UInt32] { file.append(number) }
    let strings = file.bytes.count
    file.bytes += [0] + Array(name.utf8) + [0]
    let table = file.bytes.count
    file.bytes += [UInt8](repeating: 0, count: 3 * 64)
    file.put(UInt32(0x6FFF_FFFE), at: table + 64 + 4)
    file.put(UInt64(needs), at: table + 64 + 24)
    file.put(UInt32(2), at: table + 64 + 40)
    file.put(UInt64(strings), at: table + 128 + 24)
    file.put(UInt64(table), at: 40)
    file.put(UInt16(64), at: 58)
    file.put(UInt16(3), at: 60)
  }
}

/// Bytes with numbers in them, lowest byte first.
struct LittleEndian {
  var bytes: [UInt8] = []

  mutating func append(_ value: some FixedWidthInteger) {
    bytes += withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  mutating func put(_ value: some FixedWidthInteger, at place: Int) {
    withUnsafeBytes(of: value.littleEndian) { number in
      bytes.replaceSubrange(place..<(place + number.count), with: number)
    }
  }
}
