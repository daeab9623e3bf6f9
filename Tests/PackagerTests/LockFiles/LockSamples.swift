import Core
import TestSupport
import Testing

@testable import Packager

/// A lock file with the manifests beside it, and what its two members can reach.
struct LockSample: CustomTestStringConvertible {
  let lock: String
  var text: String
  var files: [String: String] = [:]
  /// The folders of the members; the second one may be the same.
  var a = "a"
  var b = "b"
  /// What `a` reaches, as names with versions in byte order.
  let reached: [String]
  /// A piece of the lock file that is about something that only `b` needs, and what stands there after an update.
  let unrelated: (old: String, new: String)
  /// A piece of the lock file that is about something that `a` needs, at any distance.
  let related: (old: String, new: String)

  var testDescription: String { lock }

  static let all = [
    npm, pnpm, oldPnpm, yarn, berry, bun, uv, poetry, pipfile, cargo, goSum, gemfile,
  ]

  static let npm = LockSample(
    lock: "package-lock.json",
    text: #"""
      {"lockfileVersion": 3, "packages": {
        "": {"workspaces": ["a", "b", "lib"]},
        "a": {"dependencies": {"lib": "*", "x": "1"}, "devDependencies": {"tool": "1"}},
        "b": {"dependencies": {"x": "2", "z": "1"}},
        "lib": {"dependencies": {"y": "1"}},
        "node_modules/lib": {"resolved": "lib", "link": true},
        "node_modules/a": {"resolved": "a", "link": true},
        "node_modules/x": {"version": "1.0.0", "integrity": "sha512-x1", "peerDependencies": {"y": "1"}},
        "b/node_modules/x": {"version": "2.0.0", "integrity": "sha512-x2"},
        "node_modules/y": {"version": "1.0.0", "integrity": "sha512-y", "optionalDependencies": {"none": "1"}},
        "node_modules/tool": {"version": "1.0.0", "integrity": "sha512-t", "dev": true},
        "node_modules/z": {"version": "1.0.0", "integrity": "sha512-z"}}}
      """#,
    reached: ["a ", "lib ", "x 1.0.0", "y 1.0.0"], unrelated: ("sha512-x2", "sha512-x3"),
    related: ("sha512-y", "sha512-yy"))

  static let pnpm = LockSample(
    lock: "pnpm-lock.yaml",
    text: """
      lockfileVersion: '9.0'
      settings:
        autoInstallPeers: true
      importers:
        a:
          dependencies:
            lib:
              specifier: workspace:*
              version: link:../lib
            x:
              specifier: ^1
              version: 1.0.0(y@1.0.0)
          devDependencies:
            tool: {specifier: ^1, version: 1.0.0}
        b:
          dependencies:
            z: {specifier: ^1, version: 1.0.0}
            x: {specifier: ^1, version: 1.0.0(y@2.0.0)}
        lib:
          dependencies:
            '@s/w':
              specifier: ^1
              version: 1.0.0
      packages:
        '@s/w@1.0.0': {resolution: {integrity: sha512-w}}
        tool@1.0.0: {resolution: {integrity: sha512-t}}
        x@1.0.0: {resolution: {integrity: sha512-x}, peerDependencies: {y: '*'}}
        y@1.0.0: {resolution: {integrity: sha512-y1}}
        y@2.0.0: {resolution: {integrity: sha512-y2}}
        z@1.0.0: {resolution: {integrity: sha512-z}}
      snapshots:
        '@s/w@1.0.0': {}
        tool@1.0.0: {}
        x@1.0.0(y@1.0.0): {dependencies: {y: 1.0.0}}
        x@1.0.0(y@2.0.0): {dependencies: {y: 2.0.0}}
        y@1.0.0: {}
        y@2.0.0: {}
        z@1.0.0: {}

      """,
    files: [
      "a/package.json":
        #"{"dependencies": {"lib": "workspace:*", "x": "^1"}, "devDependencies": {"tool": "^1"}}"#,
      "b/package.json": #"{"dependencies": {"x": "^1", "z": "^1"}}"#,
      "lib/package.json": #"{"dependencies": {"@s/w": "^1"}}"#,
    ],
    reached: ["@s/w 1.0.0", "a ", "lib ", "x 1.0.0", "y 1.0.0"],
    unrelated: ("sha512-y2", "sha512-y3"), related: ("sha512-w", "sha512-ww"))

  static let oldPnpm = LockSample(
    lock: "pnpm-lock.yaml",
    text: """
      lockfileVersion: 5.4
      importers:
        a:
          specifiers: {x: ^1}
          dependencies:
            x: 1.0.0_y@1.0.0
        b:
          specifiers: {z: ^1}
          dependencies:
            z: 1.0.0
      packages:
        /x/1.0.0_y@1.0.0:
          resolution: {integrity: sha512-x}
          dependencies: {'@s/y': 1.0.0}
        /@s/y/1.0.0:
          resolution: {integrity: sha512-y}
        /z/1.0.0:
          resolution: {integrity: sha512-z}

      """,
    files: [
      "a/package.json": #"{"dependencies": {"x": "^1"}}"#,
      "b/package.json": #"{"dependencies": {"z": "^1"}}"#,
    ],
    reached: ["@s/y 1.0.0", "a ", "x 1.0.0_y@1.0.0"], unrelated: ("sha512-z", "sha512-zz"),
    related: ("sha512-y", "sha512-yy"))

  private static let workspaces = [
    "package.json": #"{"workspaces": ["a", "b", "libs/*"]}"#,
    "a/package.json":
      #"{"name": "a", "dependencies": {"lib": "1", "x": "^1"}, "devDependencies": {"tool": "1"}}"#,
    "b/package.json": #"{"name": "b", "dependencies": {"x": "^2", "z": "1"}}"#,
    "libs/lib/package.json": #"{"name": "lib", "dependencies": {"@s/y": "1"}}"#,
  ]

  static let yarn = LockSample(
    lock: "yarn.lock",
    text: """
      # yarn lockfile v1


      "@s/y@1", "@s/y@^1.0":
        version "1.0.0"
        resolved "https://r/y#1"

      tool@1:
        version "1.0.0"

      x@^1:
        version "1.0.0"
        dependencies:
          "@s/y" "^1.0"
        optionalDependencies:
          none "1"

      x@^2:
        version "2.0.0"
        resolved "https://r/x#2"

      z@1:
        version "1.0.0"

      """,
    files: workspaces, reached: ["@s/y 1.0.0", "a ", "libs/lib ", "x 1.0.0"],
    unrelated: ("https://r/x#2", "https://r/x#3"), related: ("https://r/y#1", "https://r/y#2"))

  static let berry = LockSample(
    lock: "yarn.lock",
    text: """
      __metadata:
        version: 8

      "@s/y@npm:1, @s/y@npm:^1.0":
        version: 1.0.0
        resolution: "@s/y@npm:1.0.0"
        checksum: 10/yyyy

      "a@workspace:a":
        version: 0.0.0-use.local
        resolution: "a@workspace:a"
        dependencies:
          lib: "npm:1"
          tool: "npm:1"
          x: "npm:^1"

      "b@workspace:b":
        version: 0.0.0-use.local
        resolution: "b@workspace:b"
        dependencies:
          z: "npm:1"

      "lib@npm:1, lib@workspace:libs/lib":
        version: 0.0.0-use.local
        resolution: "lib@workspace:libs/lib"
        dependencies:
          "@s/y": 1

      "root@workspace:.":
        version: 0.0.0-use.local
        resolution: "root@workspace:."

      "tool@npm:1":
        version: 1.0.0
        resolution: "tool@npm:1.0.0"

      "x@npm:^1":
        version: 1.0.0
        resolution: "x@npm:1.0.0"

      "z@npm:1":
        version: 1.0.0
        resolution: "z@npm:1.0.0"
        checksum: 10/zzzz

      """,
    files: workspaces.merging(["b/package.json": #"{"name": "b", "dependencies": {"z": "1"}}"#]) { $1 },
    reached: ["@s/y 1.0.0", "a ", "lib ", "x 1.0.0"], unrelated: ("10/zzzz", "10/z2"),
    related: ("10/yyyy", "10/y2"))

  static let bun = LockSample(
    lock: "bun.lock",
    text: #"""
      {
        "lockfileVersion": 1,
        "workspaces": {
          "": {"name": "top"},
          "a": {"name": "a", "dependencies": {"lib": "workspace:*", "x": "1"}, "devDependencies": {"tool": "1"},},
          "b": {"name": "b", "dependencies": {"x": "2", "z": "1"}},
          "libs/lib": {"name": "lib", "dependencies": {"@s/y": "1"}},
        },
        "packages": {
          "a": ["a@workspace:a"],
          "b": ["b@workspace:b"],
          "lib": ["lib@workspace:libs/lib"],
          "@s/y": ["@s/y@1.0.0", "", {}, "sha512-y"],
          "tool": ["tool@1.0.0", "", {}, "sha512-t"],
          "x": ["x@1.0.0", "", { "dependencies": { "w": "1" } }, "sha512-x1"],
          "b/x": ["x@2.0.0", "", {}, "sha512-x2"],
          "w": ["w@2.0.0", "", {}, "sha512-w2"],
          "x/w": ["w@1.0.0", "", {}, "sha512-w1"],
          "z": ["z@1.0.0", "", { "dependencies": { "w": "2" } }, "sha512-z"],
        }
      }
      """#,
    reached: ["@s/y 1.0.0", "a ", "libs/lib ", "w 1.0.0", "x 1.0.0"], unrelated: ("sha512-w2", "sha512-w3"),
    related: ("sha512-w1", "sha512-w4"))

  static let uv = LockSample(
    lock: "uv.lock",
    text: #"""
      version = 1
      requires-python = ">=3.12"

      [[package]]
      name = "a"
      version = "0.1.0"
      source = { editable = "a" }
      dependencies = [
          { name = "lib" },
          { name = "x", extra = ["more"], marker = "python_full_version < '3.13'" },
      ]
      [package.dev-dependencies]
      dev = [{ name = "tool" }]
      [package.metadata]
      requires-dist = [{ name = "lib" }, { name = "x", extras = ["more"] }]

      [[package]]
      name = "b"
      version = "0.1.0"
      source = { virtual = "b" }
      dependencies = [{ name = "z" }]

      [[package]]
      name = "lib"
      version = "0.1.0"
      source = { editable = "libs/lib" }
      dependencies = [{ name = "y" }]

      [[package]]
      name = "tool"
      version = "1.0"
      source = { registry = "https://pypi.org/simple" }
      sdist = { url = "https://r/tool.tar.gz" }

      [[package]]
      name = "w"
      version = "1.0"
      source = { registry = "https://pypi.org/simple" }
      sdist = { url = "https://r/w.tar.gz" }

      [[package]]
      name = "x"
      version = "1.0"
      source = { registry = "https://pypi.org/simple" }
      sdist = { url = "https://r/x.tar.gz", hash = "sha256:x0" }
      wheels = [{ url = "https://r/x.whl", hash = "sha256:x1", size = 3 }]
      [package.optional-dependencies]
      more = [{ name = "w" }]

      [[package]]
      name = "y"
      version = "1.0"
      source = { git = "https://g/y?rev=main#0123" }

      [[package]]
      name = "z"
      version = "1.0"
      source = { registry = "https://pypi.org/simple" }
      wheels = [{ url = "https://r/z.whl", hash = "sha256:z" }]

      """#,
    files: [
      "a/pyproject.toml": """
      [project]
      dependencies = ["lib", "x[more] ; python_full_version < '3.13'"]
      [dependency-groups]
      dev = ["tool"]
      """,
      "b/pyproject.toml": "[project]\ndependencies = [\"z\"]",
      "libs/lib/pyproject.toml": "[project]\ndependencies = [\"y\"]",
    ],
    reached: ["a 0.1.0", "lib 0.1.0", "w 1.0", "x 1.0", "y 1.0"], unrelated: ("sha256:z", "sha256:z2"),
    related: ("#0123", "#4567"))

  static let poetry = LockSample(
    lock: "a/poetry.lock",
    text: #"""
      [[package]]
      name = "Left_Pad"
      version = "1.0"
      files = [{file = "l.whl", hash = "sha256:l"}]
      [package.dependencies]
      y = {version = ">=1", markers = "sys_platform == 'linux'"}
      opt = {version = "*", optional = true}
      [package.extras]
      more = ["opt (>=1)"]

      [[package]]
      name = "y"
      version = "1.0"
      files = [{file = "y.whl", hash = "sha256:y"}]

      [[package]]
      name = "opt"
      version = "1.0"
      files = [{file = "o.whl", hash = "sha256:o"}]

      [[package]]
      name = "tool"
      version = "1.0"
      files = [{file = "t.whl", hash = "sha256:t"}]

      [metadata]
      lock-version = "2.0"
      content-hash = "0"

      """#,
    files: [
      "a/pyproject.toml":
        "[tool.poetry.dependencies]\npython = '^3.12'\nleft-pad = '^1'\n[tool.poetry.group.dev.dependencies]\ntool = '*'\n"
    ],
    b: "a", reached: ["left-pad 1.0", "project ", "y 1.0"], unrelated: ("sha256:o", "sha256:o2"),
    related: ("sha256:y", "sha256:y2"))

  static let pipfile = LockSample(
    lock: "a/Pipfile.lock",
    text: #"""
      {"_meta": {"hash": {"sha256": "0"}, "sources": [{"name": "pypi", "url": "https://pypi.org/simple"}]},
       "default": {"x": {"version": "==1.0", "hashes": ["sha256:x"], "index": "pypi"}},
       "develop": {"tool": {"version": "==1.0", "hashes": ["sha256:t"]}}}
      """#,
    b: "a", reached: ["project ", "x ==1.0"], unrelated: ("sha256:t", "sha256:t2"),
    related: ("sha256:x", "sha256:x2"))

  static let cargo = LockSample(
    lock: "Cargo.lock",
    text: #"""
      version = 4

      [[package]]
      name = "a"
      version = "0.1.0"
      dependencies = ["lib", "x 1.0.0"]

      [[package]]
      name = "b"
      version = "0.1.0"
      dependencies = ["x 2.0.0", "z"]

      [[package]]
      name = "lib"
      version = "0.1.0"
      dependencies = ["y"]

      [[package]]
      name = "x"
      version = "1.0.0"
      source = "registry+https://r"
      checksum = "x1"

      [[package]]
      name = "x"
      version = "2.0.0"
      source = "registry+https://r"
      checksum = "x2"

      [[package]]
      name = "y"
      version = "1.0.0"
      source = "registry+https://r"
      checksum = "y1"

      [[package]]
      name = "z"
      version = "1.0.0"
      source = "registry+https://r"
      checksum = "z1"

      """#,
    files: [
      "a/Cargo.toml": "[package]\nname = 'a'\n[dependencies]\nlib = { path = '../lib' }\nx = '1'",
      "b/Cargo.toml": "[package]\nname = 'b'\n[dependencies]\nx2 = { version = '2', package = 'x' }\nz = '1'",
    ],
    reached: ["a 0.1.0", "lib 0.1.0", "x 1.0.0", "y 1.0.0"], unrelated: ("\"x2\"", "\"x3\""),
    related: ("\"y1\"", "\"y2\""))

  private static let sum = "h1:" + String(repeating: "A", count: 43) + "="
  private static let otherSum = "h1:" + String(repeating: "B", count: 43) + "="

  static let goSum = LockSample(
    lock: "a/go.sum",
    text: """
      x.org/x v1.0.0 \(sum)
      x.org/x v1.0.0/go.mod \(sum)
      x.org/old v0.9.0/go.mod \(sum)
      x.org/fork v1.2.0 \(sum)
      x.org/fork v1.2.0/go.mod \(sum)

      """,
    files: [
      "a/go.mod":
        "module a\ngo 1.22\nrequire x.org/x v1.0.0 // c\nrequire (\n\tx.org/r v1.0.0 // indirect\n)\nreplace x.org/r => x.org/fork v1.2.0\n"
    ],
    b: "a",
    reached: [
      "module ", "x.org/fork v1.2.0", "x.org/fork v1.2.0/go.mod", "x.org/x v1.0.0", "x.org/x v1.0.0/go.mod",
    ],
    unrelated: ("v0.9.0/go.mod \(sum)", "v0.9.0/go.mod \(otherSum)"),
    related: ("x.org/fork v1.2.0 \(sum)", "x.org/fork v1.2.0 \(otherSum)"))

  static let gemfile = LockSample(
    lock: "a/Gemfile.lock",
    text: """
      GEM
        remote: https://rubygems.org/
        specs:
          x (1.0-x86_64-linux)
            y (>= 1)
          y (1.0)
          stray (1.0)

      PLATFORMS
        x86_64-linux

      DEPENDENCIES
        x (~> 1)!

      CHECKSUMS
        stray (1.0) sha256=s
        y (1.0) sha256=y

      BUNDLED WITH
         2.5.6

      """,
    b: "a", reached: ["project ", "x (1.0-x86_64-linux)", "y (1.0)"], unrelated: ("sha256=s", "sha256=s2"),
    related: ("sha256=y", "sha256=y2"))
}
