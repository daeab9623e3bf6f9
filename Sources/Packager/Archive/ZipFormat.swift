/// The records of a zip file (PKWARE's APPNOTE 6.3): 1980-01-01 everywhere, no extra fields, no data descriptors.
struct ZipRecord: Sendable {
  let name: [UInt8]
  let mode: UInt32
  let offset: Int
  var isDeflated: Bool
  var checksum: UInt
  var packedSize: Int
  var size: Int

  /// 1980-01-01, the first day that the format knows.
  private static let date: UInt16 = 1 << 5 | 1
  /// Version 2.0 of the format, made on Unix: modes are in the upper half of the external attributes.
  private static let madeBy: UInt16 = 3 << 8 | 20

  private var flags: UInt16 { name.contains { $0 >= 0x80 } ? 1 << 11 : 0 }

  static func headerLength(name: [UInt8]) -> Int { 30 + name.count }

  var localHeader: [UInt8] {
    var bytes = ByteList()
    bytes.add(0x0403_4b50 as UInt32)
    addCommon(to: &bytes)
    bytes.add(UInt16(0))
    return bytes.bytes + name
  }

  var centralHeader: [UInt8] {
    var bytes = ByteList()
    bytes.add(0x0201_4b50 as UInt32)
    bytes.add(Self.madeBy)
    addCommon(to: &bytes)
    bytes.add(UInt16(0))  // extra field
    bytes.add(UInt16(0))  // comment
    bytes.add(UInt16(0))  // disk
    bytes.add(UInt16(0))  // internal attributes
    bytes.add(mode << 16 | (mode & 0o170000 == 0o040000 ? 0x10 : 0))
    bytes.add(UInt32(offset))
    return bytes.bytes + name
  }

  /// What local and central headers share, up to the length of the name.
  private func addCommon(to bytes: inout ByteList) {
    bytes.add(UInt16(20))
    bytes.add(flags)
    bytes.add(UInt16(isDeflated ? 8 : 0))
    bytes.add(UInt16(0))
    bytes.add(Self.date)
    bytes.add(UInt32(checksum))
    bytes.add(UInt32(packedSize))
    bytes.add(UInt32(size))
    bytes.add(UInt16(name.count))
  }

  /// The end of the archive; from 65,535 entries on with the records of zip64, as the format demands.
  static func end(count: Int, directorySize: Int, directoryOffset: Int) -> [UInt8] {
    var bytes = ByteList()
    if count >= 0xFFFF {
      bytes.add(0x0606_4b50 as UInt32)
      bytes.add(UInt64(44))
      bytes.add(UInt16(3 << 8 | 45))
      bytes.add(UInt16(45))
      bytes.add(UInt32(0))
      bytes.add(UInt32(0))
      for number in [count, count, directorySize, directoryOffset] { bytes.add(UInt64(number)) }
      bytes.add(0x0706_4b50 as UInt32)
      bytes.add(UInt32(0))
      bytes.add(UInt64(directoryOffset + directorySize))
      bytes.add(UInt32(1))
    }
    let shown = UInt16(min(count, 0xFFFF))
    bytes.add(0x0605_4b50 as UInt32)
    bytes.add(UInt32(0))
    bytes.add(shown)
    bytes.add(shown)
    bytes.add(UInt32(directorySize))
    bytes.add(UInt32(directoryOffset))
    bytes.add(UInt16(0))
    return bytes.bytes
  }
}

/// Bytes of numbers in little-endian order.
private struct ByteList {
  var bytes: [UInt8] = []

  mutating func add(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
