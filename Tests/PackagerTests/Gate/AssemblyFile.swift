/// A .NET assembly as a compiler would write it, as far as its metadata names types and methods.
struct AssemblyFile {
  /// A type, what it is made from, and its methods.
  struct DeclaredType {
    let space: String
    let name: String
    /// `System.Object` where nothing else is said; nil for what has nothing above it.
    var parent: (space: String, name: String)? = ("System", "Object")
    let methods: [String]
  }

  let types: [DeclaredType]
  /// Whether it hands a type of another assembly on.
  var forwards = false
  /// Whether columns that lead into the heaps have four bytes instead of two.
  var isWide = false

  var bytes: [UInt8] {
    let metadata = metadata
    var file = LittleEndian()
    file.bytes = Array("MZ".utf8) + [UInt8](repeating: 0, count: 0x200 - 2)
    file.put(UInt32(0x80), at: 0x3C)
    file.put(UInt32(0x4550), at: 0x80)
    file.put(UInt16(0x8664), at: 0x84)
    file.put(UInt16(1), at: 0x86)
    file.put(UInt16(240), at: 0x94)
    file.put(UInt16(0x20B), at: 0x98)
    // The fifteenth directory is that of the common language runtime: at the beginning of the one section.
    file.put(UInt32(0x2000), at: 0x98 + 112 + 14 * 8)
    file.put(UInt32(72), at: 0x98 + 112 + 14 * 8 + 4)
    let section = 0x98 + 240
    file.put(UInt32(72 + metadata.count), at: section + 8)
    file.put(UInt32(0x2000), at: section + 12)
    file.put(UInt32(72 + metadata.count), at: section + 16)
    file.put(UInt32(0x200), at: section + 20)
    var header = LittleEndian(bytes: [UInt8](repeating: 0, count: 72))
    header.put(UInt32(72), at: 0)
    header.put(UInt32(0x2000 + 72), at: 8)
    header.put(UInt32(metadata.count), at: 12)
    return file.bytes + header.bytes + metadata
  }

  private var metadata: [UInt8] {
    var strings: [UInt8] = [0]
    let tables = tables(&strings)
    while strings.count % 4 != 0 { strings.append(0) }
    var root = LittleEndian()
    root.append(UInt32(0x424A_5342))
    root.append(UInt16(1))
    root.append(UInt16(1))
    root.append(UInt32(0))
    root.append(UInt32(12))
    root.bytes += Array("v4.0.30319".utf8) + [0, 0]
    root.append(UInt16(0))
    root.append(UInt16(2))
    let start = root.bytes.count + 12 + 20
    root.append(UInt32(start))
    root.append(UInt32(tables.count))
    root.bytes += Array("#~".utf8) + [0, 0]
    root.append(UInt32(start + tables.count))
    root.append(UInt32(strings.count))
    root.bytes += Array("#Strings".utf8) + [0, 0, 0, 0]
    return root.bytes + tables + strings
  }

  private func tables(_ strings: inout [UInt8]) -> [UInt8] {
    var table = LittleEndian()
    let parents = types.compactMap(\.parent)
    let methods = types.flatMap(\.methods)
    table.append(UInt32(0))
    table.bytes += [2, 0, isWide ? 7 : 0, 1]
    // Module, TypeRef, TypeDef, MethodDef, and ExportedType.
    var present: UInt64 = 0b100_0111
    if forwards { present |= 1 << 0x27 }
    table.append(present)
    table.append(UInt64(0))
    let counts: [Int] = [1, parents.count, types.count + 1, methods.count] + (forwards ? [1] : [])
    for count in counts { table.append(UInt32(count)) }
    table.append(UInt16(0))
    for _ in 0..<4 { addPlace(0, to: &table) }
    for parent in parents {
      table.append(UInt16(0))
      addName(parent.name, to: &table, &strings)
      addName(parent.space, to: &table, &strings)
    }
    addTypes(to: &table, &strings)
    for method in methods {
      table.append(UInt64(0))
      addName(method, to: &table, &strings)
      addPlace(0, to: &table)
      table.append(UInt16(1))
    }
    while table.bytes.count % 4 != 0 { table.bytes.append(0) }
    return table.bytes
  }

  private func addTypes(to table: inout LittleEndian, _ strings: inout [UInt8]) {
    var nextMethod = 1
    var nextParent = 1
    let module = DeclaredType(space: "", name: "<Module>", parent: nil, methods: [])
    for type in [module] + types {
      table.append(UInt32(0))
      addName(type.name, to: &table, &strings)
      addName(type.space, to: &table, &strings)
      let parent = type.parent == nil ? 0 : nextParent * 4 + 1
      table.append(UInt16(parent))
      table.append(UInt16(1))
      table.append(UInt16(nextMethod))
      nextMethod += type.methods.count
      if type.parent != nil { nextParent += 1 }
    }
  }

  private func addName(_ name: String, to table: inout LittleEndian, _ strings: inout [UInt8]) {
    addPlace(name.isEmpty ? 0 : strings.count, to: &table)
    if !name.isEmpty { strings += Array(name.utf8) + [0] }
  }

  private func addPlace(_ place: Int, to table: inout LittleEndian) {
    if isWide { table.append(UInt32(place)) } else { table.append(UInt16(place)) }
  }
}
