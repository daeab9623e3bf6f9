internal import Core
internal import Packager

/// Options of `lamctl cache`.
struct CacheCommand: Command {
  /// What is done with the cache.
  enum Action: String, ChoiceValue {
    case list
    case verify
    case prune
  }

  var globals = GlobalOptions()
  var action: Action?
  /// The most bytes that stay; nil for what a build leaves.
  var limit: Int?

  static let name = "cache"
  static let summary = "List, verify or prune what builds have left for the next ones on this machine"

  static func operations(_: PolicyNeeds) -> [Operation] { [] }

  static var parameters: [Parameter<CacheCommand>] {
    [
      .positional("ACTION", \.action, "list, verify (and remove what is damaged) or prune (default: list)"),
      .option(
        "limit", "SIZE", \.limit,
        "With prune: keep at most this much, such as 500MB or 2GB (default: 2GiB, as after each build)",
        parsing: size),
    ]
  }

  static let examples = [
    Example("lamctl cache list", "What there is, last used first"),
    Example("lamctl cache prune --limit 500MB", "Keep what was used last"),
  ]

  func validate() throws(UsageError) {
    guard limit != nil, action != .prune else { return }
    throw UsageError(
      message: "'--limit' goes with prune only", fix: "write for example: lamctl cache prune --limit 500MB")
  }

  private static func size(_ text: String) throws(ValueError) -> Int {
    let units = [
      "": 1, "B": 1, "kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000, "KiB": 1 << 10, "MiB": 1 << 20,
      "GiB": 1 << 30,
    ]
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits), number <= 1_000_000_000,
      let unit = units[String(text.dropFirst(digits.count))]
    else { throw ValueError("'\(text)' is no size: write for example 500MB or 2GiB") }
    return number * unit
  }
}

extension CacheCommand: RunnableCommand {
  /// Looks after the cache of the repository; asks nothing of AWS. One in a bucket is left to the bucket's own rules.
  func run(in context: Context) async throws -> ExitCode {
    let workspace = try Workspace.open(
      root: context.folder, configPath: globals.config, environment: context.environment,
      secrets: context.secrets)
    let cache = PackageCache(folder: PackageCache.folder(of: workspace.root))
    let action = action ?? .list
    let entries =
      switch action {
      case .list: try cache.entries()
      case .verify: try cache.verify()
      case .prune:
        try cache.prune(limit: limit ?? PackageCache.limit, now: Int(context.clock.now().seconds))
      }
    if globals.json {
      context.printDocument([
        "schema": .string(Self.schema), "exitCode": 0, "action": .string(action.rawValue),
        "folder": .string(cache.folder), "bytes": .int(entries.reduce(0) { $0 + $1.size }),
        "entries": .array(entries.map(Self.document)), "error": .null,
      ])
    } else {
      context.show(text(entries, action, in: context))
    }
    return .done
  }

  private static func document(_ entry: CacheEntry) -> JSON {
    [
      "kind": .string(entry.kind.rawValue), "key": .string(entry.key), "about": .string(entry.about),
      "size": .int(entry.size), "used": .string(Timestamp(seconds: Double(entry.used)).iso8601),
    ]
  }

  static let columns: [TextTable.Column] = [
    .left("KIND").whole, .left("KEY").whole, .right("SIZE").dropped(2), .left("LAST USED").dropped(3),
    .names("WHAT"),
  ]

  private func text(_ entries: [CacheEntry], _ action: Action, in context: Context) -> String {
    let size = ByteCount.text(entries.reduce(0) { $0 + $1.size })
    let count = "\(entries.count) \(entries.count == 1 ? "entry" : "entries")"
    let sentence =
      switch action {
      case .list: entries.isEmpty ? "The cache is empty." : "\(count), \(size)."
      case .verify: entries.isEmpty ? "Every entry is whole." : "\(count) not whole, and removed: \(size)."
      case .prune: entries.isEmpty ? "Nothing to prune." : "\(count) removed: \(size)."
      }
    guard !entries.isEmpty else { return sentence + "\n" }
    let rows = entries.map { entry in
      [
        entry.kind.rawValue, String(entry.key.prefix(12)), ByteCount.text(entry.size),
        Timestamp(seconds: Double(entry.used)).iso8601, entry.about.isEmpty ? "-" : entry.about.escaped,
      ]
    }
    let lines = TextTable(Self.columns, rows: rows).lines(
      style: context.outputTerminal.style, limit: context.tableLimit)
    return (lines + [sentence]).joined(separator: "\n") + "\n"
  }
}
