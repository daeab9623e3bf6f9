/// What a source shows, as bytes that are kept between runs.
extension SourceReading {
  /// The reading as ``init(bytes:)`` reads it.
  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.list(handlers) { writer, symbol in
      writer.text(symbol.name)
      switch symbol.evidence {
      case .signature: writer.number(0)
      case .customary: writer.number(1)
      case .nameable: writer.number(2)
      case .unusual(let reason):
        writer.number(3)
        writer.text(reason)
      }
      writer.optional(symbol.handler)
    }
    writer.list(imports) { writer, found in
      writer.text(found.module)
      writer.list(found.names) { $0.text($1) }
    }
    writer.optional(package)
    writer.list(files) { $0.text($1) }
    writer.list(types) { writer, type in
      writer.text(type.name)
      writer.text(type.simpleName)
      writer.list(type.parents) { $0.text($1) }
      writer.number(type.isAbstract ? 1 : 0)
      writer.list(type.handlers) { $0.text($1) }
    }
    return writer.bytes
  }

  /// Nil for bytes that are no reading.
  init?(bytes: ArraySlice<UInt8>) {
    var reader = ByteReader(bytes: bytes)
    handlers = reader.list { reader in
      let name = reader.text()
      let evidence: HandlerSymbol.Evidence
      switch reader.number() {
      case 0: evidence = .signature
      case 1: evidence = .customary
      case 2: evidence = .nameable
      default: evidence = .unusual(reader.text())
      }
      return HandlerSymbol(name, evidence, handler: reader.optional())
    }
    imports = reader.list { reader in
      SourceImport(module: reader.text(), names: reader.list { $0.text() })
    }
    package = reader.optional()
    files = reader.list { $0.text() }
    types = reader.list { reader in
      SourceType(
        name: reader.text(), simpleName: reader.text(), parents: reader.list { $0.text() },
        isAbstract: reader.number() == 1, handlers: reader.list { $0.text() })
    }
    guard reader.isWhole else { return nil }
  }
}

/// Writes numbers and texts one behind the other.
private struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func number(_ value: Int) {
    var rest = UInt(bitPattern: value)
    while rest > 127 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func text(_ text: String) {
    number(text.utf8.count)
    bytes += text.utf8
  }

  mutating func optional(_ text: String?) {
    number(text == nil ? 0 : 1)
    if let text { self.text(text) }
  }

  mutating func list<Element>(_ list: [Element], _ write: (inout ByteWriter, Element) -> Void) {
    number(list.count)
    for element in list { write(&self, element) }
  }
}

/// Reads what ``ByteWriter`` has written. What is not there reads as nothing, and the whole is then not ``isWhole``.
private struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var index: Int
  private var isBroken = false

  init(bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    index = bytes.startIndex
  }

  /// Whether all bytes were read, and no more.
  var isWhole: Bool { !isBroken && index == bytes.endIndex }

  mutating func number() -> Int {
    var value: UInt = 0
    var shift: UInt = 0
    while index < bytes.endIndex, shift < 63 {
      let byte = bytes[index]
      index += 1
      value |= UInt(byte & 127) << shift
      if byte < 128 { return Int(bitPattern: value) }
      shift += 7
    }
    isBroken = true
    return 0
  }

  mutating func text() -> String {
    let count = number()
    guard count >= 0, count <= bytes.endIndex - index else {
      isBroken = true
      return ""
    }
    defer { index += count }
    return String(decoding: bytes[index..<(index + count)], as: UTF8.self)
  }

  mutating func optional() -> String? { number() == 1 ? text() : nil }

  mutating func list<Element>(_ read: (inout ByteReader) -> Element) -> [Element] {
    let count = number()
    // Every element has a byte at least.
    guard count >= 0, count <= bytes.endIndex - index else {
      isBroken = true
      return []
    }
    var list: [Element] = []
    for _ in 0..<count where !isBroken { list.append(read(&self)) }
    return list
  }
}
