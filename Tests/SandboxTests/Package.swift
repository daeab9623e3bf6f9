/// Zip archives for tests: one stored entry, written by hand.
enum Package {
  static func python(_ source: String) -> [UInt8] { zip("app.py", source) }

  static func zip(_ name: String, _ content: String, mode: Int = 0o644) -> [UInt8] {
    let data = Array(content.utf8)
    let title = Array(name.utf8)
    let sizes = u32(crc(data)) + u32(data.count) + u32(data.count)
    let common = u16(20) + u16(0x800) + u16(0) + u32(0) + sizes
    let local = u32(0x0403_4B50) + common + u16(title.count) + u16(0) + title + data
    let attributes = u16(0) + u16(0) + u16(0) + u16(0) + u32((0o100_000 | mode) << 16) + u32(0)
    let central = u32(0x0201_4B50) + u16(0x0314) + common + u16(title.count) + attributes + title
    let counts = u16(0) + u16(0) + u16(1) + u16(1)
    return local + central + u32(0x0605_4B50) + counts + u32(central.count) + u32(local.count) + u16(0)
  }

  private static func u16(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8 & 255)] }

  private static func u32(_ value: Int) -> [UInt8] { u16(value & 0xFFFF) + u16(value >> 16) }

  private static func crc(_ bytes: [UInt8]) -> Int {
    var crc: UInt32 = ~0
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return Int(~crc)
  }
}
