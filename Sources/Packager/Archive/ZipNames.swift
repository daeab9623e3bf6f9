/// The names of the files in a zip, read from its end: the packages of functions that others have made.
///
/// PKWARE's APPNOTE 6.3: an end record of 22 bytes and a comment of up to 65,535, and before it the directory that it
/// points to. What is larger than its records say, or stands elsewhere, is no zip.
package struct ZipNames: Hashable, Sendable {
  /// As many bytes from the end as hold the end record, whatever comment follows it.
  package static let endLength = 22 + 65_535
  /// The largest directory that is read, in bytes.
  package static let longest = 16 << 20
  /// The most names that are kept.
  package static let mostNames = 50_000

  /// Where in the zip the directory is.
  package let place: Range<Int>
  /// How many entries it is said to have.
  package let count: Int

  /// Looks for the end record.
  ///
  /// - Parameters:
  ///   - tail: the last bytes of the zip: all of it, or ``endLength`` at least.
  ///   - length: bytes of the whole zip.
  /// - Returns: nil where there is none that can be right, or where it needs the records of zip64.
  package init?(tail: [UInt8], of length: Int) {
    guard tail.count >= 22, tail.count <= length else { return nil }
    var position = tail.count - 22
    let first = max(0, tail.count - Self.endLength)
    while position >= first {
      if Self.number(tail, position, 4) == 0x0605_4b50,
        position + 22 + Self.number(tail, position + 20, 2) == tail.count
      {
        break
      }
      position -= 1
    }
    guard position >= first else { return nil }
    let (size, offset) = (Self.number(tail, position + 12, 4), Self.number(tail, position + 16, 4))
    let end = length - tail.count + position
    guard size <= Self.longest, offset <= end, size <= end - offset else { return nil }
    place = offset..<(offset + size)
    count = Self.number(tail, position + 10, 2)
  }

  /// The names of the files, without folders, in the directory's order.
  ///
  /// - Parameter directory: the bytes at ``place``.
  /// - Returns: nil where an entry goes beyond the directory, or is none.
  package func names(_ directory: [UInt8]) -> [String]? {
    guard directory.count == place.count else { return nil }
    var names: [String] = []
    var position = 0
    while position < directory.count, names.count < Self.mostNames {
      guard directory.count - position >= 46, Self.number(directory, position, 4) == 0x0201_4b50 else {
        return nil
      }
      let name = Self.number(directory, position + 28, 2)
      let rest = Self.number(directory, position + 30, 2) + Self.number(directory, position + 32, 2)
      guard directory.count - position - 46 >= name + rest else { return nil }
      let text = String(decoding: directory[(position + 46)..<(position + 46 + name)], as: UTF8.self)
      if !text.hasSuffix("/") { names.append(text) }
      position += 46 + name + rest
    }
    return names
  }

  /// `length` bytes from `position` on, the lowest first.
  private static func number(_ bytes: [UInt8], _ position: Int, _ length: Int) -> Int {
    var value = 0
    for index in (0..<length).reversed() { value = value << 8 | Int(bytes[position + index]) }
    return value
  }
}
