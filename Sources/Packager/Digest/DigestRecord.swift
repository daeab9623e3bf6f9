internal import Core
import Glibc

/// The inputs of what was deployed last from this folder, by environment and function. Advisory: it gives `plan` and
/// `why` the names of what changed, the decision is made by the digests that AWS holds.
public struct DigestRecord: Sendable {
  /// What was deployed: the digest it belongs to, and the inputs.
  public struct Entry: Hashable, Sendable {
    /// ``FunctionDigests/src`` in its short form.
    public let src: String
    /// ``FunctionDigests/cfg`` in its short form.
    public let cfg: String
    /// The inputs of each part by name.
    public let items: [DigestPart: DigestItems]
  }

  private var entries: [String: [String: Entry]] = [:]
  private let path: String

  /// Reads `.lamctl/digests.json` below `root`; a file that is missing or cannot be understood is an empty record.
  public init(root: String) {
    path = "\(root)/.lamctl/digests.json"
    guard let bytes = try? Files.read(path), let json = try? JSON(parsing: bytes),
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
  public func entry(for function: String, in environment: String, src: String, cfg: String) -> Entry? {
    guard let entry = entries[environment]?[function], entry.src == src, entry.cfg == cfg else { return nil }
    return entry
  }

  /// Notes what has been deployed.
  public mutating func note(_ digests: FunctionDigests, for function: String, in environment: String) {
    entries[environment, default: [:]][function] = Entry(
      src: FunctionDigests.short(digests.src), cfg: FunctionDigests.short(digests.cfg), items: digests.items)
  }

  /// Writes the record as one step.
  ///
  /// - Throws: ``PackagerError`` when the file cannot be written.
  public func save() throws(PackagerError) {
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
    let path = path
    try system { () throws(SystemError) in
      try Files.createFolder(RootPath.parent(path))
      try Files.writeAtomically(Array(json.text(.pretty, sortedKeys: true).utf8), to: path, mode: 0o600)
    }
  }
}

/// Says in a line a part what differs between two sets of inputs.
public enum DigestDifference {
  /// `files: handler.py`, `shared: libs/common (2 files)`, `tools: pip 23.0 to 24.1`; empty when nothing differs.
  ///
  /// - Parameter folders: the shared folders that files are counted under.
  public static func sentences(
    from old: [DigestPart: DigestItems], to new: [DigestPart: DigestItems], folders: [String] = []
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
    _ part: DigestPart, _ changed: [String], _ before: DigestItems, _ after: DigestItems, _ folders: [String]
  ) -> String {
    let mark = { (name: String) in
      before[name] == nil ? "\(name) (new)" : after[name] == nil ? "\(name) (removed)" : name
    }
    switch part {
    case .shared: return grouped(changed, folders)
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

  private static func grouped(_ changed: [String], _ folders: [String]) -> String {
    var groups: [String: Int] = [:]
    for path in changed {
      let folder =
        folders.filter { RootPath.contains($0, path) }.max { $0.count < $1.count } ?? RootPath.parent(path)
      groups[folder.isEmpty ? path : folder, default: 0] += 1
    }
    return groups.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value) file\($0.value == 1 ? "" : "s"))" }
      .joined(separator: ", ")
  }
}
