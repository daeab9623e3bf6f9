internal import Core

/// The types of a .NET assembly and their methods, as its metadata names them.
///
/// Source: ECMA-335, partition II, chapters 22 (tables), 24 (physical layout) and 25 (the file around it).
struct DotNetAssembly {
  /// A type as handlers name it.
  struct DefinedType: Equatable {
    /// Names of the methods that it declares itself.
    let methods: [String]
    /// Whether it may have methods of a type above it other than `System.Object`.
    let inherits: Bool
  }

  /// The largest file that is read, in bytes.
  static let longest = 64 << 20
  /// The longest name that is read, in bytes; compilers refuse longer ones.
  private static let longestName = 1_024
  /// The most names that are read for one answer.
  private static let mostNames = 4_096

  private static let typeReference = 1
  private static let typeDefinition = 2
  private static let method = 6
  private static let exportedType = 0x27

  private let bytes: [UInt8]
  /// Where the names are.
  private let strings: Range<Int>
  /// How many rows each of the 64 tables has.
  private let rows: [Int]
  private let stringWidth: Int
  /// Where each of the first seven tables begins, and how long a row of it is.
  private let tables: [(start: Int, row: Int)]

  /// Nil for bytes that are no assembly with metadata that can be read.
  init?(_ bytes: [UInt8]) {
    self.bytes = bytes
    guard let root = Self.root(of: bytes), let streams = Self.streams(at: root, of: bytes),
      let names = streams["#Strings"], let table = streams["#~"]
    else { return nil }
    strings = names
    let number = { (place: Int, width: Int) in bytes.littleEndian(at: place, width: width) }
    guard let sizes = number(table.lowerBound + 6, 1), let low = number(table.lowerBound + 8, 4),
      let high = number(table.lowerBound + 12, 4)
    else { return nil }
    stringWidth = sizes & 1 == 0 ? 2 : 4
    var rows = [Int](repeating: 0, count: 64)
    var place = table.lowerBound + 24
    for index in rows.indices where (index < 32 ? low >> index : high >> (index - 32)) & 1 == 1 {
      guard let count = number(place, 4) else { return nil }
      rows[index] = count
      place += 4
    }
    self.rows = rows
    var tables: [(start: Int, row: Int)] = []
    let lengths = Self.rowLengths(
      rows, string: stringWidth, guid: sizes & 2 == 0 ? 2 : 4, blob: sizes & 4 == 0 ? 2 : 4)
    for (index, length) in lengths.enumerated() {
      tables.append((place, length))
      guard rows[index] <= bytes.count / length else { return nil }
      place += rows[index] * length
    }
    self.tables = tables
    guard place <= table.upperBound, rows[Self.typeDefinition] > 0 else { return nil }
  }

  /// How long a row of each of the tables 0 to 6 is: `Module`, `TypeRef`, `TypeDef`, `FieldPtr`, `Field`, `MethodPtr`,
  /// `MethodDef`.
  private static func rowLengths(_ rows: [Int], string: Int, guid: Int, blob: Int) -> [Int] {
    // A column that names a row is wide where one of the tables that it may lead to is long.
    let width = { (tables: [Int], bits: Int) in
      (tables.map { rows[$0] }.max() ?? 0) < 1 << (16 - bits) ? 2 : 4
    }
    return [
      2 + string + 3 * guid,
      width([0x00, 0x1A, 0x23, 0x01], 2) + 2 * string,
      4 + 2 * string + width([0x02, 0x01, 0x1B], 2) + width([0x04], 0) + width([0x06], 0),
      width([0x04], 0),
      2 + string + blob,
      width([0x06], 0),
      8 + string + blob + width([0x08], 0),
    ]
  }

  /// Where the metadata begins: the file's header names that of the common language runtime, and this the metadata.
  private static func root(of bytes: [UInt8]) -> Int? {
    let number = { (place: Int, width: Int) in bytes.littleEndian(at: place, width: width) }
    guard bytes.starts(with: "MZ".utf8), let header = number(0x3C, 4), number(header, 4) == 0x4550,
      let sections = number(header + 6, 2), let optional = number(header + 20, 2),
      let magic = number(header + 24, 2)
    else { return nil }
    let directory = header + 24 + (magic == 0x20B ? 112 : 96) + 14 * 8
    // Places in memory become places in the file by the section that they are in.
    let place = { (address: Int) -> Int? in
      for index in 0..<sections {
        let section = header + 24 + optional + index * 40
        guard let start = number(section + 12, 4), let size = number(section + 16, 4),
          let offset = number(section + 20, 4)
        else { return nil }
        if address >= start, address - start < size { return offset + (address - start) }
      }
      return nil
    }
    guard let runtime = number(directory, 4).flatMap(place), let address = number(runtime + 8, 4),
      let root = place(address), number(root, 4) == 0x424A_5342
    else { return nil }
    return root
  }

  private static func streams(at root: Int, of bytes: [UInt8]) -> [String: Range<Int>]? {
    let number = { (place: Int, width: Int) in bytes.littleEndian(at: place, width: width) }
    guard let version = number(root + 12, 4), version <= 255,
      let count = number(root + 16 + version + 2, 2)
    else {
      return nil
    }
    var streams: [String: Range<Int>] = [:]
    var place = root + 16 + version + 4
    // An assembly has five or six.
    for _ in 0..<min(count, 32) {
      guard let offset = number(place, 4), let size = number(place + 4, 4), place + 8 < bytes.count,
        root + offset + size <= bytes.count
      else { return nil }
      let name = bytes[(place + 8)...].prefix(32).prefix { $0 != 0 }
      streams[String(decoding: name, as: UTF8.self)] = (root + offset)..<(root + offset + size)
      place += 8 + (name.count / 4 + 1) * 4
    }
    return streams
  }

  private func number(_ table: Int, _ row: Int, at column: Int, width: Int) -> Int {
    bytes.littleEndian(at: tables[table].start + row * tables[table].row + column, width: width) ?? 0
  }

  /// Whether a column names this text, which is not read where it begins otherwise.
  private func isText(_ wanted: String, _ table: Int, _ row: Int, at column: Int) -> Bool {
    let start = strings.lowerBound + number(table, row, at: column, width: stringWidth)
    guard strings.contains(start) else { return false }
    return bytes[start..<strings.upperBound].starts(with: Array(wanted.utf8) + [0])
  }

  private func text(_ table: Int, _ row: Int, at column: Int) -> String {
    let start = strings.lowerBound + number(table, row, at: column, width: stringWidth)
    guard strings.contains(start) else { return "" }
    let name = bytes[start..<strings.upperBound].prefix(Self.longestName).prefix { $0 != 0 }
    return String(decoding: name, as: UTF8.self)
  }

  /// Full names of its types, as `Shop.Function`; those inside of others by their own name alone.
  var typeNames: [String] {
    (0..<min(rows[Self.typeDefinition], Self.mostNames)).map { row in
      let space = text(Self.typeDefinition, row, at: 4 + stringWidth)
      let name = text(Self.typeDefinition, row, at: 4)
      return space.isEmpty ? name : "\(space).\(name)"
    }
  }

  /// Whether it hands types of other assemblies on under its own name.
  var forwards: Bool { rows[Self.exportedType] > 0 }

  /// The type that a handler calls `name`, as `Shop.Function` or `Shop.Outer+Inner`; nil where the assembly has none.
  func type(named name: String) -> DefinedType? {
    let inner = name.split(separator: "+")
    let whole = inner.count > 1 ? String(inner[inner.count - 1]) : name
    let dot = inner.count > 1 ? nil : whole.lastIndex(of: ".")
    let space = dot.map { String(whole[..<$0]) } ?? ""
    let own = dot.map { String(whole[whole.index(after: $0)...]) } ?? whole
    let row = (0..<rows[Self.typeDefinition]).first { row in
      isText(own, Self.typeDefinition, row, at: 4)
        && isText(space, Self.typeDefinition, row, at: 4 + stringWidth)
    }
    guard let row else { return nil }
    let first = firstMethod(ofType: row)
    let end = row + 1 < rows[Self.typeDefinition] ? firstMethod(ofType: row + 1) : rows[Self.method]
    let methods = first < end ? first..<min(end, first + Self.mostNames) : 0..<0
    return DefinedType(
      methods: methods.map { text(Self.method, $0, at: 8) },
      inherits: !isTop(type: row) || end - first > Self.mostNames)
  }

  /// The row of the type's first method.
  private func firstMethod(ofType row: Int) -> Int {
    let width = rows[Self.method] < 1 << 16 ? 2 : 4
    let end = tables[Self.typeDefinition].row
    return min(
      max(0, number(Self.typeDefinition, row, at: end - width, width: width) - 1), rows[Self.method])
  }

  /// Whether the type has nothing above it but `System.Object`.
  private func isTop(type row: Int) -> Bool {
    let start = 4 + 2 * stringWidth
    let width =
      tables[Self.typeDefinition].row - start - (rows[4] < 1 << 16 ? 2 : 4)
      - (rows[Self.method] < 1 << 16 ? 2 : 4)
    let parent = number(Self.typeDefinition, row, at: start, width: width)
    // The two lowest bits tell the table, the others the row, counted from one.
    guard parent & 3 == 1, parent >> 2 > 0, parent >> 2 <= rows[Self.typeReference] else {
      return parent == 0
    }
    let name = tables[Self.typeReference].row - 2 * stringWidth
    return isText("Object", Self.typeReference, (parent >> 2) - 1, at: name)
      && isText("System", Self.typeReference, (parent >> 2) - 1, at: name + stringWidth)
  }
}

extension [UInt8] {
  /// The number of `width` bytes at `place`, lowest byte first; nil beyond the end.
  fileprivate func littleEndian(at place: Int, width: Int) -> Int? {
    guard place >= 0, place <= count - width else { return nil }
    return self[place..<(place + width)].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
