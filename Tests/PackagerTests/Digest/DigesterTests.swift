import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

@Suite("digests")
struct DigesterTests {
  private static let files = [
    "lamctl.json":
      #"{"functions": ["fn/*"], "shared": {"libs/base": {}, "libs/common": {"uses": ["libs/base"]}}, "globalInputs": ["global.cfg"]}"#,
    "global.cfg": "1", "fn/a/handler.py": "import common\n" + pythonHandler,
    "fn/a/function.json":
      #"{"uses": ["../../libs/common"], "env": ["STAGE"], "environment": {"variables": {"XX": "1"}}}"#,
    "fn/b/handler.py": pythonHandler, "libs/common/__init__.py": "", "libs/base/b.py": "x = 1\n",
  ]

  private func digests(
    _ files: [String: String], environment: [String: String] = [:],
    change: (Repository) throws -> Void = { _ in }
  ) async throws -> [String: FunctionDigests] {
    let repository = try Repository(files)
    try change(repository)
    let definitions = try await repository.functions(environment: environment)
    defer { withExtendedLifetime(repository) {} }
    return try await Digester(
      repository.open(environment),
      tools: ToolVersions(known: [["python3", "-m", "pip", "--version"]: "24.0"]), workers: 2
    ).digest(definitions)
  }

  @Test("the same repository in another folder, umask and time has the same digests")
  func stability() async throws {
    let first = try await digests(Self.files)
    let second = try await digests(Self.files) { repository in
      chmod(repository.path + "/fn/a/handler.py", 0o600)
      utimensat(AT_FDCWD, repository.path + "/fn/a/handler.py", nil, 0)
      try repository.folder.write("fn/a/__pycache__/x.pyc", "junk")
    }
    #expect(first == second)
    #expect(FunctionDigests.short(try #require(first["a"]).src).count == 32)
  }

  @Test(
    "a change shows in the functions that it reaches, in its part, with its name",
    arguments: [
      ("fn/a/handler.py", "import common\n" + pythonHandler + "\n", ["a"], "files: handler.py"),
      ("fn/a/new.py", "", ["a"], "files: new.py (new)"),
      ("libs/base/b.py", "x = 2\n", ["a"], "shared: libs/base (1 file)"),
      ("libs/common/more.py", "", ["a"], "shared: libs/common (1 file)"),
      ("global.cfg", "2", ["a", "b"], "shared: global.cfg (1 file)"),
      ("fn/a/package-lock.json", "{}", ["a"], "locks: fn/a/package-lock.json (new)"),
    ])
  func changes(_ path: String, _ text: String, _ reached: [String], _ sentence: String) async throws {
    let before = try await digests(Self.files)
    let after = try await digests(Self.files.merging([path: text]) { $1 })
    #expect(["a", "b"].filter { before[$0]?.src != after[$0]?.src } == reached)
    let old = try #require(before["a"])
    let new = try #require(after["a"])
    #expect(
      DigestDifference.sentences(from: old.items, to: new.items, folders: ["libs/base", "libs/common"]) == [
        sentence
      ])
    #expect(old.cfg == new.cfg)
  }

  @Test("the executable bit, the handler, declared variables and the configuration count")
  func otherChanges() async throws {
    let before = try #require(try await digests(Self.files)["a"])
    let mode = try await digests(Self.files) { chmod($0.path + "/fn/a/handler.py", 0o755) }
    #expect(mode["a"]?.parts[.files] != before.parts[.files])
    let variable = try #require(try await digests(Self.files, environment: ["STAGE": "s3cret"])["a"])
    #expect(variable.src != before.src)
    #expect(!variable.items.description.contains("s3cret"))
    let config = Self.files.merging([
      "fn/a/function.json":
        #"{"uses": ["../../libs/common"], "env": ["STAGE"], "environment": {"variables": {"XX": "1"}}, "timeout": 9}"#
    ]) { $1 }
    let changed = try #require(try await digests(config)["a"])
    #expect(changed.src == before.src)
    #expect(changed.cfg != before.cfg)
    #expect(DigestDifference.sentences(from: before.items, to: changed.items) == ["config: Timeout (new)"])
  }

  @Test("the digests of the parts that a version keeps tell which of them differ, on any machine")
  func shortParts() async throws {
    let before = try #require(try await digests(["a/handler.py": pythonHandler])["a"])
    let after = try #require(try await digests(["a/handler.py": pythonHandler + "# more"])["a"])
    #expect(before.shortParts.utf8.count == 30)
    #expect(after.parts(otherThan: before.shortParts) == [.files])
    #expect(before.parts(otherThan: before.shortParts).isEmpty)
    #expect(before.parts(otherThan: "0").isEmpty)
  }

  @Test("tags are not in the configuration's digest: they change without a version")
  func tags() async throws {
    let plain = try await digests(["a/handler.py": pythonHandler])
    let tagged = try await digests([
      "a/handler.py": pythonHandler, "a/function.json": #"{"tags": {"team": "x"}}"#,
    ])
    #expect(plain["a"]?.cfg == tagged["a"]?.cfg)
  }

  @Test(
    "an import of undeclared code of the repository is an error with the line to add",
    arguments: [
      (
        ["fn/a/handler.py": "from common.x import y\n" + pythonHandler, "libs/common/x.py": ""],
        "fn/a: 'import common.x' in fn/a/handler.py:1 is code of this repository (libs/common) that the unit does not declare",
        "add \"uses\": [\"../../libs/common\"] to fn/a/function.json"
      ),
      (
        ["fn/a/handler.py": "from ..util import y\n" + pythonHandler, "fn/util/x.py": ""],
        "fn/a: 'from ..util import' in fn/a/handler.py:1 is code of this repository (fn/util) that the unit does not declare",
        "add \"uses\": [\"../util\"] to fn/a/function.json"
      ),
      (
        ["fn/a/index.js": "const x = require('../../libs/x');\n" + nodeHandler, "libs/x/index.js": ""],
        "fn/a: '../../libs/x' in fn/a/index.js:1 is code of this repository (libs/x) that the unit does not declare",
        #"set "build" (such as ["npx", "esbuild", "index.js", "--bundle", "--platform=node", "--outdir=dist"]) and "output": "dist" in fn/a/function.json: a bundle holds what it imports; or add "uses": ["../../libs/x"] to fn/a/function.json and import it as './x'"#
      ),
      (
        [
          "fn/a/index.js": "import x from '../../libs/x/index.js';\nexport const handler = async () => x",
          "libs/x/index.js": "",
          "fn/a/function.json": #"{"uses": ["../../libs/x"]}"#,
        ],
        "fn/a: fn/a/index.js:1 has '../../libs/x/index.js', but in the package libs/x lies at ./x",
        "import it from there, or set \"build\" to bundle the unit"
      ),
    ])
  func undeclared(_ files: [String: String], _ expected: String, _ fix: String) async throws {
    do {
      _ = try await digests(files)
      Issue.record("no error")
    } catch let error as PackagerError {
      #expect(error.description == expected)
      #expect(error.fix == fix)
    }
  }

  @Test("imports that are declared, in the unit, required or part of Python are none of that")
  func declared() async throws {
    let files = [
      "fn/a/handler.py": "import os, boto3, local, requests, common, logging\nfrom . import local\n"
        + pythonHandler,
      "fn/a/local.py": "", "fn/a/requirements.txt": "requests==2.0\n",
      "fn/a/function.json": #"{"uses": ["../../libs/common"]}"#,
      "libs/common/c.py": "", "libs/logging/x.py": "", "libs/requests/x.py": "",
    ]
    #expect(try await digests(files).keys.sorted() == ["a"])
  }

  @Test(
    "no secret and no value of a variable enters a digest, and so nothing that is stored can be searched for one"
  )
  func secretsOutside() async throws {
    let configuration = { (variable: String) in
      #"""
      {"runtime": "provided.al2023", "handler": "bootstrap", "output": "dist", "env": ["NPM_TOKEN", "STAGE"],
       "build": ["make", "--with", "${ssm:/build}", "--token=${env:NPM_TOKEN}"], "role": "${ssm:/role}",
       "environment": {"variables": {"PIN": "\#(variable)", "DB": "${ssm:/db}"}}}
      """#
    }
    func digests(
      _ variable: String, parameter: String, token: String, stage: String = "beta"
    ) async throws -> FunctionDigests {
      let repository = try Repository(["fn/function.json": configuration(variable), "fn/x": ""])
      let environment = ["NPM_TOKEN": token, "STAGE": stage]
      let definitions = try await repository.functions(
        environment: environment,
        parameters: [
          "/build": parameter, "/role": "arn:aws:iam::123456789012:role/\(parameter)", "/db": parameter,
        ])
      let digester = Digester(
        try repository.open(environment), tools: ToolVersions(known: [["make", "--version"]: "4.3"]))
      return try #require(try await digester.digest(definitions)["fn"])
    }
    let one = try await digests("480117", parameter: "value-one", token: "token-one")
    #expect(try await digests("913542", parameter: "value-two", token: "token-two") == one)
    #expect(
      try await digests("480117", parameter: "value-one", token: "token-one", stage: "prod").src != one.src)
    let folder = try TemporaryFolder()
    var record = DigestRecord(root: folder.path)
    record.note(one, for: "fn", in: "prod")
    try record.save()
    let stored = try folder.read(".lamctl/digests.json")
    for value in ["480117", "value-one", "token-one"] {
      let digest = SHA256.digest(of: value)
      let keyed = HMAC.sha256(key: Array("lamctl-value-1".utf8), value)
      for form in [digest.hex, digest.base64, Hex.encode(keyed)] {
        #expect(!stored.contains(form.prefix(12)))
      }
      #expect(!stored.contains(value))
    }
  }

  @Test("a command is told by name where it changes, and never quoted")
  func commands() {
    let old = FunctionDigests(items: [.command: ["build": "x", "runtime": "python3.12"]])
    let new = FunctionDigests(items: [.command: ["build": "y", "runtime": "python3.13"]])
    #expect(
      DigestDifference.sentences(from: old.items, to: new.items) == [
        "command: build, runtime python3.12 to python3.13"
      ])
  }

  @Test("the record of the last deploy is given back only for the digests it belongs to")
  func record() async throws {
    let folder = try TemporaryFolder()
    let digests = try #require(try await digests(Self.files)["a"])
    var record = DigestRecord(root: folder.path)
    record.note(digests, for: "a", in: "prod")
    try record.save()
    let read = DigestRecord(root: folder.path)
    let src = FunctionDigests.short(digests.src)
    let cfg = FunctionDigests.short(digests.cfg)
    #expect(read.entry(for: "a", in: "prod", src: src, cfg: cfg)?.items == digests.items)
    #expect(read.entry(for: "a", in: "prod", src: "other", cfg: cfg) == nil)
    #expect(read.entry(for: "a", in: "staging", src: src, cfg: cfg) == nil)
    try folder.write(".lamctl/digests.json", "broken")
    #expect(DigestRecord(root: folder.path).entry(for: "a", in: "prod", src: src, cfg: cfg) == nil)
  }

  @Test("a tool's update is told apart from every other change by the short form of the parts")
  func tools() throws {
    let old = FunctionDigests(items: [.tools: ["pip": "23.0"], .files: ["a": "f1"]])
    let new = FunctionDigests(items: [.tools: ["pip": "24.0"], .files: ["a": "f1"]])
    #expect(old.src != new.src)
    #expect(new.parts(otherThan: old.shortParts) == [.tools])
    let digits = try #require(FunctionDigests.shortDigits(of: .tools))
    let differing = zip(new.shortParts, old.shortParts).enumerated().filter { $0.element.0 != $0.element.1 }
    #expect(!differing.isEmpty)
    #expect(differing.allSatisfy { digits.contains($0.offset) })
    #expect(FunctionDigests.shortDigits(of: .config) == nil)
    #expect(DigestDifference.sentences(from: old.items, to: new.items) == ["tools: pip 23.0 to 24.0"])
  }

  @Test("records cannot run into one another")
  func records() {
    let digest = { (records: [[String]]) in
      let hasher = RecordHasher(tag: "t")
      for record in records { hasher.add(record) }
      return hasher.digest()
    }
    #expect(digest([["ab", "c"]]) != digest([["a", "bc"]]))
    #expect(digest([["a"], ["b"]]) != digest([["a", "b"]]))
    #expect(digest([["a", ""]]) != digest([["a"]]))
  }
}
