/// A table of a TOML document that is being read.
final class TOMLTable {
  /// What made the table, which decides what may be added to it.
  enum Origin {
    /// A header of a table below it.
    case below
    /// Its own header.
    case header
    /// A key with dots.
    case dotted
  }

  /// The tables that headers in double brackets make.
  final class List {
    var tables: [TOMLTable] = []
  }

  /// What a key stands for.
  enum Entry {
    case value(JSONNode)
    case table(TOMLTable)
    case list(List)
  }

  var origin: Origin
  let position: JSONNode.Position
  private var members: [(key: String, position: JSONNode.Position, entry: Entry)] = []
  private var places: [MemberName: Int] = [:]

  init(_ origin: Origin, at position: JSONNode.Position) {
    self.origin = origin
    self.position = position
  }

  subscript(key: String) -> Entry? { places[MemberName(key)].map { members[$0].entry } }

  /// Adds a key that is not there.
  func add(_ key: TOMLKey, _ entry: Entry) {
    places[MemberName(key.text)] = members.count
    members.append((key.text, key.position, entry))
  }

  var node: JSONNode {
    JSONNode(
      kind: .object(
        members.map { JSONNode.Member(key: $0.key, keyPosition: $0.position, value: Self.node($0.entry)) }),
      position: position)
  }

  private static func node(_ entry: Entry) -> JSONNode {
    switch entry {
    case .value(let node): node
    case .table(let table): table.node
    case .list(let list):
      JSONNode(
        kind: .array(list.tables.map(\.node)),
        position: list.tables.first?.position ?? JSONNode.Position(line: 1, column: 1))
    }
  }
}

/// One part of a key.
struct TOMLKey {
  let text: String
  let position: JSONNode.Position
}
