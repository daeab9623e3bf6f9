package import Core
import Glibc

/// The inputs of what was deployed last from this folder, by environment and function. Advisory: it gives `plan` and
/// `why` the names of what changed, the decision is made by the digests that AWS holds.
package struct DigestRecord: Sendable {
  private static let name = "digests.json"

  /// What was deployed: the digest it belongs to, and the inputs.
  package struct Entry: Hashable, Sendable {
    /// ``FunctionDigests/src`` in its short form.
    package let src: String
    /// ``FunctionDigests/cfg`` in its short form.
    package let cfg: String
    /// The inputs of each part by name.
    package let items: [DigestPart: DigestItems]
  }

  private var entries: [String: [String: Entry]] = [:]
  /// Absolute path of the folder with the record.
  private let folder: String

  /// Reads `.lamctl/digests.json` below `root`; a file that is missing or cannot be understood is an empty record.
  package init(root: String) {
    folder = "\(root)/\(StateFolder.name)"
    guard let bytes = (try? StateFolder.existing(folder))?.flatMap({ try? $0.read(Self.name) }),
      let json = try? JSON(parsing: bytes),
      json["schema"] == "lamctl.digests/1"
    else { return }
    for (environment, functions) in json["environments"]?.object?.members ?? [] {
      for (function, value) in functions.object?.members ?? [] {
        guard let src = value["src"]?.string, let cfg = value["cfg"]?.string else { continue }
        var items: [DigestPart: DigestItems] = [:]
        for part in DigestPart.allCases {
          var named: DigestItems = [:]
          for (name, item) in value["items"]?[part.rawValue]?.object?.members ?? [] {
            named[name] = item.string
          }
          items[part] = named
        }
        entries[environment, default: [:]][function] = Entry(src: src, cfg: cfg, items: items)
      }
    }
  }

  /// What is known of `function` in `environment`; nil unless it belongs to the deployed digests `src` and `cfg`, in
  /// their short forms.
  package func entry(for function: String, in environment: String, src: String, cfg: String) -> Entry? {
    guard let entry = entries[environment]?[function], entry.src == src, entry.cfg == cfg else { return nil }
    return entry
  }

  /// Notes what has been deployed.
  package mutating func note(_ digests: FunctionDigests, for function: String, in environment: String) {
    entries[environment, default: [:]][function] = Entry(
      src: FunctionDigests.short(digests.src), cfg: FunctionDigests.short(digests.cfg), items: digests.items)
  }

  /// Writes the record as one step.
  ///
  /// - Throws: ``PackagerError`` when the file cannot be written.
  package func save() throws(PackagerError) {
    var environments = JSONObject()
    for (environment, functions) in entries.sorted(by: { $0.key < $1.key }) {
      var object = JSONObject()
      for (function, entry) in functions.sorted(by: { $0.key < $1.key }) {
        var items = JSONObject()
        for (part, named) in entry.items {
          items[part.rawValue] = .object(
            JSONObject(named.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) }))
        }
        object[function] = .object(
          JSONObject([("src", .string(entry.src)), ("cfg", .string(entry.cfg)), ("items", .object(items))]))
      }
      environments[environment] = .object(object)
    }
    let json = JSON.object(
      JSONObject([("schema", "lamctl.digests/1"), ("environments", .object(environments))]))
    try system { () throws(SystemError) in
      try StateFolder.make(folder).write(Array(json.text(.pretty, sortedKeys: true).utf8), to: Self.name)
    }
  }
}

/// Says in a line a part what differs between two sets of inputs.
package enum DigestDifference {
  /// `files: handler.py`, `shared: libs/common (2 files)`, `tools: pip 23.0 to 24.1`; empty when nothing differs.
  ///
  /// - Parameter folders: the shared folders that files are counted under.
  package static func sentences(
    from old: [DigestPart: DigestItems], to new: [DigestPart: DigestItems], folders: [RepositoryPath] = []
  ) -> [String] {
    DigestPart.allCases.compactMap { part in
      let before = old[part] ?? [:]
      let after = new[part] ?? [:]
      let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
      guard !changed.isEmpty else { return nil }
      return "\(part.rawValue): " + words(part, changed, before, after, folders)
    }
  }

  private static func words(
    _ part: DigestPart, _ changed: [String], _ before: DigestItems, _ after: DigestItems,
    _ folders: [RepositoryPath]
  ) -> String {
    let mark = { (name: String) in
      let shown = name.escaped
      return before[name] == nil ? "\(shown) (new)" : after[name] == nil ? "\(shown) (removed)" : shown
    }
    switch part {
    case .shared, .layers: return grouped(changed, folders)
    case .tools:
      return changed.map { "\($0) \(before[$0] ?? "none") to \(after[$0] ?? "none")" }.joined(separator: ", ")
    case .command:
      // Commands and patterns are told by name: what stands in them is for nobody's summary.
      let shown: Set = ["runtime", "architecture", "handler", "output"]
      return changed.map { name in
        shown.contains(name) ? "\(name) \(before[name] ?? "none") to \(after[name] ?? "none")" : name
      }.joined(separator: ", ")
    case .files, .locks, .env, .config:
      let shown = changed.prefix(3).map(mark).joined(separator: ", ")
      return changed.count > 3 ? "\(shown) and \(changed.count - 3) more" : shown
    }
  }

  private static func grouped(_ changed: [String], _ folders: [RepositoryPath]) -> String {
    var groups: [RepositoryPath: Int] = [:]
    for name in changed {
      // Those of `globalInputs` begin with a slash, to tell them from files of the unit.
      let path = RepositoryPath(String(Substring(name.utf8.drop { $0 == UInt8(ascii: "/") }))) ?? .root
      let around = folders.filter { $0.contains(path) }.max { $0.text.utf8.count < $1.text.utf8.count }
      let folder = around ?? path.parent
      groups[folder.isRoot ? path : folder, default: 0] += 1
    }
    return groups.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value) file\($0.value == 1 ? "" : "s"))" }
      .joined(separator: ", ")
  }
}
