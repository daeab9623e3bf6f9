/// The classes that a Java class file names.
struct ClassFile: Hashable, Sendable {
  /// The version of Java that it was compiled for: 21.
  let version: Int
  /// With slashes, as `com/example/Handler`; those of arrays by their elements. Each once, in byte order.
  let references: [String]
  /// The class that it extends; nil for `java.lang.Object` itself.
  let superclass: String?
  /// The interfaces that it names itself.
  let interfaces: [String]
  /// Every text in it, among them the names of the methods that it declares.
  let texts: Set<String>

  /// Nil for bytes that are no class file.
  ///
  /// Source: the Java Virtual Machine Specification, chapter 4.4.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 10, bytes.starts(with: [0xCA, 0xFE, 0xBA, 0xBE]) else { return nil }
    // Chapter 4.1: Java 1.1 has 45, and every version one more.
    version = (Int(bytes[6]) << 8 | Int(bytes[7])) - 44
    var offset = 8
    let number = { (offset: Int) -> Int? in
      offset + 2 <= bytes.count ? Int(bytes[offset]) << 8 | Int(bytes[offset + 1]) : nil
    }
    guard let count = number(offset) else { return nil }
    offset += 2
    var texts: [Int: ArraySlice<UInt8>] = [:]
    var classes: [Int] = []
    var classNames: [Int: Int] = [:]
    var index = 1
    while index < count {
      guard offset < bytes.count else { return nil }
      let tag = bytes[offset]
      offset += 1
      switch tag {
      case 1:
        guard let length = number(offset), offset + 2 + length <= bytes.count else { return nil }
        texts[index] = bytes[(offset + 2)..<(offset + 2 + length)]
        offset += 2 + length
      case 7:
        guard let name = number(offset) else { return nil }
        classes.append(name)
        classNames[index] = name
        offset += 2
      case 8, 16, 19, 20: offset += 2
      case 15: offset += 3
      case 3, 4, 9, 10, 11, 12, 17, 18: offset += 4
      case 5, 6:
        offset += 8
        // Long numbers take two places.
        index += 1
      default: return nil
      }
      index += 1
    }
    let names = Set(classes.compactMap { texts[$0].flatMap(Self.element) })
    references = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    self.texts = Set(texts.values.map { String(decoding: $0, as: UTF8.self) })
    let name = { (place: Int) in
      number(place).flatMap { classNames[$0] }.flatMap { texts[$0] }.map {
        String(decoding: $0, as: UTF8.self)
      }
    }
    superclass = name(offset + 4)
    let interfaceCount = number(offset + 6) ?? 0
    interfaces = (0..<interfaceCount).compactMap { name(offset + 8 + 2 * $0) }
  }

  /// `[[Lcom/x;` is an array of arrays of `com/x`; `[I` holds no class.
  private static func element(_ name: ArraySlice<UInt8>) -> String? {
    let inner = name.drop { $0 == UInt8(ascii: "[") }
    guard inner.count < name.count else { return String(decoding: name, as: UTF8.self) }
    guard inner.first == UInt8(ascii: "L"), inner.last == UInt8(ascii: ";") else { return nil }
    return String(decoding: inner.dropFirst().dropLast(), as: UTF8.self)
  }
}
