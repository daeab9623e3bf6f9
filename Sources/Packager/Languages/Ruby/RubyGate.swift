internal import Core

/// Holds what a Ruby handler, and all that it requires, requires in turn against what there is on Lambda.
///
/// Only what certainly runs counts: lines that begin with `require` at the left edge, outside of `begin` and conditions.
struct RubyGate {
  private let subject: GateSubject
  /// Every Ruby file and library of the package by the last part of its name without extension.
  private let byName: [String: [RepositoryPath]]
  private var faults: [(place: (RepositoryPath, Int), fault: GateFault)] = []
  private var told: Set<String> = []
  private var pending: [RepositoryPath] = []
  private var seen: Set<RepositoryPath> = []
  private var changesSearchPath = false

  private static let mostFiles = 20_000
  private static let longestFile = 8 << 20
  private static let gems: RepositoryPath = "vendor/bundle"
  /// Where layers have files that the runtime looks for.
  private static let library = GateSubject.opt.appending("ruby/lib")
  /// Where it looks for gems of layers: https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
  private let layerGems: RepositoryPath

  init(_ subject: GateSubject) {
    self.subject = subject
    let version = subject.definition.runtime?.dropFirst("ruby".count) ?? ""
    layerGems = GateSubject.opt.appending("ruby/gems/\(version).0")
    let code = subject.entries.keys.filter { $0.hasSuffix(".rb") || $0.hasSuffix(".so") }
    byName = Dictionary(grouping: code, by: \.stem)
  }

  /// Why loading `handler`, the path of a file of the package, fails on Lambda.
  mutating func check(_ handler: RepositoryPath) -> [GateFault] {
    take(handler)
    while let file = pending.popLast(), seen.count < Self.mostFiles { look(into: file) }
    return faults.sorted { $0.place < $1.place }.map(\.fault)
  }

  private mutating func take(_ file: RepositoryPath) {
    // Gems were made to work with what Bundler installed for them.
    guard file.hasSuffix(".rb"), !Self.gems.contains(file), !layerGems.contains(file),
      seen.insert(file).inserted
    else { return }
    pending.append(file)
  }

  private mutating func look(into file: RepositoryPath) {
    guard case .file(let source, let size, _)? = subject.entries[file]?.content, size <= Self.longestFile,
      let bytes = try? Files.read(source, limit: Self.longestFile)
    else { return }
    let requires = RubyRequires(source: bytes)
    if requires.changesSearchPath { changesSearchPath = true }
    for found in requires.certain {
      if found.isRelative {
        relative(found, in: file)
      } else {
        absolute(found, in: file)
      }
    }
  }

  private mutating func relative(_ found: RubyRequires.Require, in file: RepositoryPath) {
    guard let path = file.parent.resolving(found.name) else {
      return add(
        "requires '\(found.name.escaped)', which leads out of the package", "nothing is above its top",
        in: file,
        found.line, fix: "take the code in with \"uses\", and require it from where it lies in the package")
    }
    let choices = [path, path.parent.appending("\(path.name).rb"), path.parent.appending("\(path.name).so")]
    if let target = choices.first(where: { subject.entries[$0] != nil }) { return take(target) }
    add(
      "requires '\(found.name.escaped)'", "the package has no \(path.text).rb", in: file, found.line,
      fix: "take it in with \"uses\" or \"package\": { \"include\": […] }, or correct the path")
  }

  private mutating func absolute(_ found: RubyRequires.Require, in file: RepositoryPath) {
    let name = found.name.hasSuffix(".rb") ? String(found.name.dropLast(3)) : found.name
    let last = name.split(separator: "/").last.map(String.init) ?? name
    // The package's top is where the runtime looks first.
    if let path = RepositoryPath.root.resolving("\(name).rb"), subject.entries[path] != nil {
      return take(path)
    }
    if let path = Self.library.resolving("\(name).rb"), subject.entries[path] != nil { return take(path) }
    let isPackaged = byName[last]?.contains {
      (Self.gems.contains($0) || layerGems.contains($0))
        && $0.text.hasSuffix("/\(name).\($0.fileExtension ?? "")")
    }
    if isPackaged == true || RubyLibraries.has(name) || subject.layersProvide(name) { return }
    let top = name.split(separator: "/").first.map(String.init) ?? name
    guard !subject.layersProvide(top) else { return }
    if changesSearchPath, byName[last] != nil { return }
    let elsewhere = byName[last]?.filter { !Self.gems.contains($0) && $0.text.hasSuffix("/\(name).rb") }.min()
    guard told.insert(top).inserted else { return }
    let runtime = subject.definition.runtime ?? "the runtime"
    add(
      "requires '\(found.name.escaped)', which is not there",
      elsewhere.map { "the runtime looks in the package's top and in gems, and it lies at \($0)" }
        ?? "\(runtime) has Ruby's own library and the AWS SDK, and no gem of the package has it", in: file,
      found.line,
      fix: elsewhere == nil
        ? "add the gem to the Gemfile and lock it, or say which layer has it: \"layers\": [{ \"arn\": …, \"provides\": [\"\(top.escaped)\"] }]"
        : "write 'require_relative'")
  }

  private mutating func add(
    _ found: String, _ allowed: String, in file: RepositoryPath, _ line: Int, fix: String
  ) {
    faults.append(
      ((file, line), GateFault(file: "\(file):\(line)", found: found, allowed: allowed, fix: fix)))
  }
}

/// The lines of a Ruby file that load something whenever it is loaded itself.
struct RubyRequires {
  struct Require {
    let name: String
    let isRelative: Bool
    let line: Int
  }

  private(set) var certain: [Require] = []
  /// Whether the code itself says where else files are looked for: by `$LOAD_PATH`, or through Bundler.
  private(set) var changesSearchPath = false

  init(source: [UInt8]) {
    // Each of these at the left edge opens what an `end` there closes.
    let openers: Set<Substring> = [
      "begin", "if", "unless", "case", "while", "until", "def", "class", "module",
    ]
    var depth = 0
    var isComment = false
    let lines = source.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, bytes) in lines.enumerated() {
      if bytes.starts(with: "=begin".utf8) { isComment = true }
      if bytes.starts(with: "=end".utf8) { isComment = false }
      if bytes.starts(with: "__END__".utf8) { break }
      guard !isComment, let first = bytes.first else { continue }
      if first == UInt8(ascii: "$") { changesSearchPath = true }
      guard (0x61...0x7A).contains(first) else { continue }
      let line = String(decoding: bytes.filter { $0 != 0x0D }, as: UTF8.self)
      let word = line.prefix { $0.isLetter || $0 == "_" }
      if word == "require", line.contains("bundler") { changesSearchPath = true }
      if openers.contains(word), !line.hasSuffix(" end"), !line.contains(" = ") {
        depth += 1
      } else if word == "end" {
        depth = max(0, depth - 1)
      } else if depth == 0, word == "require" || word == "require_relative",
        let name = Self.literal(line.dropFirst(word.count))
      {
        certain.append(Require(name: name, isRelative: word == "require_relative", line: index + 1))
      }
    }
  }

  /// The one string behind the word, where there is nothing else in the line.
  private static func literal(_ rest: Substring) -> String? {
    let inner = rest.drop { $0 == " " || $0 == "(" || $0 == "\t" }
    guard let quote = inner.first, quote == "'" || quote == "\"" else { return nil }
    let parts = inner.dropFirst().split(separator: quote, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains("#{") else { return nil }
    let tail = parts[1].drop { $0 == " " || $0 == ")" || $0 == ";" || $0 == "\t" }
    return tail.isEmpty || tail.first == "#" ? String(parts[0]) : nil
  }
}

/// What Ruby on Lambda can require without a gem of the package: its own library, the gems that come with it, and the AWS
/// SDK, which the runtime has.
enum RubyLibraries {
  static func has(_ name: String) -> Bool {
    let top = name.split(separator: "/").first.map(String.init) ?? name
    return all.contains(top) || top.hasPrefix("aws-sdk")
      || ["aws-sigv4", "aws-partitions", "jmespath"].contains(top)
  }

  /// By the first part of what is required. What later versions made gems of still comes with them.
  private static let all: Set<String> = [
    "English", "abbrev", "base64", "benchmark", "bigdecimal", "bundler", "cgi", "complex", "continuation",
    "coverage", "csv", "date", "debug", "delegate", "did_you_mean", "digest", "drb", "enumerator", "erb",
    "error_highlight", "etc", "expect", "fcntl", "fiber", "fiddle", "fileutils", "find", "forwardable",
    "getoptlong", "io", "ipaddr", "irb", "json", "kconv", "logger", "matrix", "minitest", "mkmf", "monitor",
    "mutex_m", "net", "nkf", "objspace", "observer", "open-uri", "open3", "openssl", "optionparser",
    "optparse",
    "ostruct", "pathname", "power_assert", "pp", "prettyprint", "prime", "pstore", "psych", "pty", "racc",
    "rake", "random", "rational", "rbconfig", "rbs", "rdoc", "readline", "reline", "resolv", "resolv-replace",
    "rexml", "rinda", "ripper", "rss", "rubygems", "securerandom", "set", "shellwords", "singleton", "socket",
    "stringio", "strscan", "syntax_suggest", "syslog", "tempfile", "test", "thread", "time", "timeout",
    "tmpdir",
    "tsort", "typeprof", "un", "unicode_normalize", "uri", "weakref", "yaml", "zlib",
  ]
}
