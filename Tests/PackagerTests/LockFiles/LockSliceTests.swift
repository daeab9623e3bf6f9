import Core
import TestSupport
import Testing

@testable import Packager

@Suite("Lock files")
struct LockSliceTests {
  /// The slice of `sample` for one of its members, with `change` made to the text of the lock.
  private func slice(
    _ sample: LockSample, for unit: String? = nil, development: Bool = false,
    _ change: (old: String, new: String) = ("", "")
  ) throws -> String {
    let repository = try Repository(sample.files)
    var text = sample.text
    if !change.old.isEmpty {
      #expect(text.contains(change.old))
      text = text.replacing(change.old, with: change.new)
    }
    try repository.folder.write(sample.lock, text)
    var reader = LockReader(root: repository.path)
    let lock = try #require(RepositoryPath(sample.lock))
    let unit = try #require(RepositoryPath(unit ?? sample.a))
    guard case .cut(let word)? = try reader.slice(lock, for: unit, withDevelopment: development) else {
      Issue.record("\(sample.lock) is not cut")
      return ""
    }
    return word
  }

  @Test("give a member what it reaches, over members and at any distance", arguments: LockSample.all)
  func reached(sample: LockSample) throws {
    let repository = try Repository(sample.files)
    let lock = try #require(RepositoryPath(sample.lock))
    let sources = LockSources(root: repository.path, folder: lock.parent)
    let place = try #require(RepositoryPath(sample.a)).relative(to: lock.parent)
    guard case .graph(let graph)? = try LockFormat.read(lock.name, Array(sample.text.utf8), sources) else {
      Issue.record("\(sample.lock) is not cut")
      return
    }
    let member =
      lock.name == "Cargo.lock"
      ? CargoLock.member(in: place, sources).flatMap { graph.members[$0] } : graph.member(around: place)
    let reached = graph.reached(from: try #require(member), withDevelopment: false)
    let names = reached.compactMap { graph.packages[$0] }.map { "\($0.name) \($0.version)" }
    #expect(names.sorted(by: LockGraph.precedes) == sample.reached)
  }

  @Test("change a slice where the member reaches what has changed, and only there", arguments: LockSample.all)
  func changes(sample: LockSample) throws {
    let before = try slice(sample)
    #expect(try slice(sample, sample.unrelated) == before, "what \(sample.a) does not reach")
    #expect(try slice(sample, sample.related) != before, "what \(sample.a) reaches")
    guard sample.a != sample.b else { return }
    #expect(try slice(sample, for: sample.b, sample.unrelated) != slice(sample, for: sample.b))
    #expect(try slice(sample, for: sample.b, sample.related) == slice(sample, for: sample.b))
  }

  @Test("serve a folder below a member as the member")
  func below() throws {
    #expect(try slice(.pnpm, for: "a/src/fn") == slice(.pnpm))
  }

  @Test(
    "count what development needs where the unit is built", arguments: [LockSample.npm, .pnpm, .yarn, .bun])
  func development(sample: LockSample) throws {
    let change =
      sample.text.contains("sha512-t") ? ("sha512-t", "sha512-t2") : ("tool@1:", "\"tool@1\", tool@2:")
    #expect(try slice(sample, change) == slice(sample))
    guard sample.text.contains("sha512-t") else { return }
    #expect(try slice(sample, development: true, change) != slice(sample, development: true))
  }

  @Test("say nothing new when their entries stand in another order")
  func order() throws {
    let lines = LockSample.goSum.text.split(separator: "\n").reversed().joined(separator: "\n") + "\n"
    var turned = LockSample.goSum
    turned.text = lines
    #expect(try slice(turned) == slice(.goSum))
    var moved = LockSample.cargo
    let blocks = moved.text.split(separator: "\n\n")
    moved.text = ([blocks[0]] + blocks.dropFirst().reversed()).joined(separator: "\n\n") + "\n"
    #expect(try slice(moved) == slice(.cargo))
  }

  @Test("of npm do not depend on where a package is put in the tree")
  func hoisting() throws {
    let change = (
      #""node_modules/y": {"#,
      #""lib/node_modules/y": {"version": "1.0.0", "integrity": "sha512-y"}, "node_modules/x/node_modules/y": {"#
    )
    #expect(try slice(.npm, change) == slice(.npm))
  }

  @Test(
    "count whole where they cannot be cut, and say why",
    arguments: [
      ("package-lock.json", #"{"lockfileVersion": 1, "dependencies": {}}"#, "lockfileVersion 1"),
      ("pnpm-lock.yaml", "lockfileVersion: '12.0'\npackages: {}\n", "lockfileVersion 12.0"),
      ("uv.lock", "version = 7\n", "version 7"),
      ("bun.lock", #"{"lockfileVersion": 9}"#, "lockfileVersion 9"),
      ("go.sum", "", "no go.mod"),
      ("poetry.lock", "[metadata]\n", "no pyproject.toml"),
      ("Cargo.lock", "version = 4\n", "no entry for a"),
    ])
  func whole(name: String, text: String, reason: String) throws {
    let repository = try Repository([name: text])
    var reader = LockReader(root: repository.path)
    let path = try #require(RepositoryPath(name))
    guard case .whole(let why)? = try reader.slice(path, for: "a", withDevelopment: false) else {
      Issue.record("\(name) is cut")
      return
    }
    #expect(why.contains(reason))
  }

  @Test("that are cut in half are refused with file and line", arguments: LockSample.all)
  func broken(sample: LockSample) throws {
    // Formats of lines end anywhere; these are cut inside a line.
    let lines = sample.text.split(separator: "\n", omittingEmptySubsequences: false)
    let half = lines.prefix(lines.count / 2).joined(separator: "\n") + "\n"
    let text =
      switch sample.lock {
      case "yarn.lock": half + "\"open\n"
      case "pnpm-lock.yaml": half + "  'open\n"
      case "a/go.sum": half + "x.org/x v1"
      default: half
      }
    let repository = try Repository(sample.files.merging([sample.lock: text]) { $1 })
    var reader = LockReader(root: repository.path)
    let lock = try #require(RepositoryPath(sample.lock))
    if ["uv.lock", "Cargo.lock"].contains(lock.name) {
      // Whole entries are a whole document: the needs that lead nowhere tell.
      try repository.folder.write(
        sample.lock, sample.text.replacing("[[package]]\nname = \"y\"", with: "[[package]]\nname = \"other\"")
      )
    }
    let error = #expect(throws: PackagerError.self) {
      try reader.slice(lock, for: RepositoryPath(sample.a) ?? .root, withDevelopment: false)
    }
    #expect(error?.description.hasPrefix(sample.lock + ":") == true, "\(error?.description ?? "")")
  }

  @Test(
    "that are cut anywhere are refused, count whole, or have lost nothing that a member reaches",
    arguments: LockSample.all)
  func cut(sample: LockSample) throws {
    let repository = try Repository(sample.files)
    let lock = try #require(RepositoryPath(sample.lock))
    let bytes = Array(sample.text.utf8)
    // Where a cut takes what checks a package and nothing else, names and versions are as they were.
    let pinned = { (length: Int, unit: String) throws -> [String]? in
      try repository.folder.write(sample.lock, String(decoding: bytes.prefix(length), as: UTF8.self))
      var reader = LockReader(root: repository.path)
      let unit = try #require(RepositoryPath(unit))
      do throws(PackagerError) {
        guard case .cut? = try reader.slice(lock, for: unit, withDevelopment: true) else { return nil }
      } catch {
        #expect(error.description.hasPrefix(sample.lock + ":"), "\(error)")
        return nil
      }
      let sources = LockSources(root: repository.path, folder: lock.parent)
      guard case .graph(let graph)? = try LockFormat.read(lock.name, Array(bytes.prefix(length)), sources),
        let start = lock.name == "Cargo.lock"
          ? CargoLock.member(in: unit, sources).flatMap({ graph.members[$0] })
          : graph.member(around: unit.relative(to: lock.parent))
      else { return nil }
      return graph.reached(from: start, withDevelopment: true).compactMap { graph.packages[$0] }
        .map { "\($0.name) \($0.version)" }.sorted(by: LockGraph.precedes)
    }
    for unit in Set([sample.a, sample.b]) {
      let whole = try #require(try pinned(bytes.count, unit))
      for length in 0..<bytes.count {
        guard let cut = try pinned(length, unit), cut != whole else { continue }
        Issue.record(
          "cut behind '\(String(decoding: bytes.prefix(length).suffix(60), as: UTF8.self).escaped)'")
        break
      }
    }
  }

  @Test("of Python pin what is to be installed, by the markers that hold")
  func requirements() throws {
    let repository = try Repository([LockSample.uv.lock: LockSample.uv.text])
    var reader = LockReader(root: repository.path)
    var asked: Set<String> = []
    let all = try reader.requirements("uv.lock", for: "a") { asked.insert($0).inserted }
    #expect(asked == ["python_full_version < '3.13'"])
    #expect(
      all == [
        PythonPin(name: "lib", version: "0.1.0", hashes: [], source: .path("libs/lib")),
        PythonPin(name: "w", version: "1.0", hashes: [], source: .index(nil)),
        PythonPin(name: "x", version: "1.0", hashes: ["sha256:x0", "sha256:x1"], source: .index(nil)),
        PythonPin(name: "y", version: "1.0", hashes: [], source: .url("git+https://g/y@0123")),
      ])
    let fewer = try reader.requirements("uv.lock", for: "a") { _ in false }
    #expect(fewer?.map(\.name) == ["lib", "y"])
  }

  @Test("of poetry and Pipenv pin by version and digest")
  func otherRequirements() throws {
    let files = [
      LockSample.poetry.lock: LockSample.poetry.text, LockSample.pipfile.lock: LockSample.pipfile.text,
    ]
    let repository = try Repository(files.merging(LockSample.poetry.files) { $1 })
    var reader = LockReader(root: repository.path)
    #expect(
      try reader.requirements("a/poetry.lock", for: "a") { _ in true } == [
        PythonPin(name: "Left_Pad", version: "1.0", hashes: ["sha256:l"], source: .index(nil)),
        PythonPin(name: "y", version: "1.0", hashes: ["sha256:y"], source: .index(nil)),
      ])
    #expect(
      try reader.requirements("a/Pipfile.lock", for: "a") { _ in true } == [
        PythonPin(name: "x", version: "1.0", hashes: ["sha256:x"], source: .index(nil))
      ])
  }

  @Test(
    "of poetry choose among versions by Python and by constraint, whether the lock or the manifest says which",
    arguments: [
      ("", "[{version = '1.0', python = '<3.10'}, {version = '^2', python = '>=3.10'}]"),
      ("python_version < '3.10'", "'*'"),
    ])
  func poetryChoice(_ marker: String, _ need: String) throws {
    let entry = { (version: String, marker: String) in
      let line = marker.isEmpty ? "" : "markers = { main = \"\(marker)\" }\n"
      return "[[package]]\nname = \"pick\"\nversion = \"\(version)\"\nfiles = []\n\(line)"
    }
    let other = marker.replacing("<", with: ">=")
    let repository = try Repository([
      "poetry.lock": entry("1.0", marker) + entry("2.0", other) + "[metadata]\nlock-version = '2.1'\n",
      "pyproject.toml": "[tool.poetry.group.main.dependencies]\npick = \(need)\n",
    ])
    let target = PythonMarker.Target(minor: 13, architecture: "arm64")
    var reader = LockReader(root: repository.path)
    let pins = try reader.requirements("poetry.lock", for: "") { PythonMarker($0)?.holds(on: target) ?? true }
    #expect(pins?.map(\.version) == ["2.0"])
  }

  @Test("of Pipenv name the first source for what others need")
  func pipenvSource() throws {
    let repository = try Repository([
      "Pipfile.lock": #"""
      {"_meta": {"sources": [{"name": "own", "url": "https://own.example/simple/"},
                             {"name": "pypi", "url": "https://pypi.org/simple/"}]},
       "default": {"x": {"version": "==1", "index": "pypi"}, "y": {"version": "==1"}}, "develop": {}}
      """#
    ])
    var reader = LockReader(root: repository.path)
    let pins = try reader.requirements("Pipfile.lock", for: "") { _ in true }
    #expect(pins?.map(\.source) == [.index(nil), .index("https://own.example/simple")])
  }

  @Test("of requirements count without comments, blank lines and broken lines")
  func requirementsText() throws {
    let sample = { (text: String) in
      LockSample(lock: "requirements.txt", text: text, reached: [], unrelated: ("", ""), related: ("", ""))
    }
    let plain = try slice(sample("x==1 --hash=sha256:1\ny==2\n"), for: "")
    #expect(
      try slice(sample("# via pip-compile\n\nx==1 \\\n    --hash=sha256:1\ny==2 # via x\n"), for: "") == plain
    )
    #expect(try slice(sample("x==1 --hash=sha256:1\ny==3\n"), for: "") != plain)
  }
}
