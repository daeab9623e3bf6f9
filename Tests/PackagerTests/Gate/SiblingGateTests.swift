import Core
import TestSupport
import Testing

@testable import Packager

/// A package that Lambda could not start, and what has to be put over it so that it could.
struct GatePair: Sendable, CustomTestStringConvertible {
  let what: String
  let settings: String
  let bad: [String: [UInt8]]
  let says: [String]
  /// Files of the good sibling besides those of the bad one; nil takes one away.
  let mend: [String: [UInt8]?]
  /// Those of the files that can be started.
  let executables: Set<String>
  /// What the unit is made of; without any, a command of its own makes it.
  let sources: [String: String]

  init(
    _ what: String, _ settings: String, bad: [String: String], says: [String], mend: [String: String?],
    native: [String: [UInt8]] = [:], mendNative: [String: [UInt8]?] = [:], executables: Set<String> = [],
    sources: [String: String] = [:]
  ) {
    self.what = what
    self.settings = settings
    self.executables = executables
    self.sources = sources
    self.bad = bad.mapValues { Array($0.utf8) }.merging(native) { $1 }
    self.says = says
    self.mend = mend.mapValues { $0.map { Array($0.utf8) } }.merging(mendNative) { $1 }
  }

  var testDescription: String { what }

  /// Expects the one to be refused as told, and the other to pass.
  func check() async throws {
    let settings = sources.isEmpty ? #"{"output": "out", "build": ["true"], \#(settings)}"# : "{\(settings)}"
    let files = sources.isEmpty ? ["x": ""] : sources
    let repository = try Repository(
      Dictionary(uniqueKeysWithValues: files.map { ("fn/\($0)", $1) } + [("fn/function.json", settings)]))
    let definition = try #require(try await repository.functions().first)
    #expect(try faults(bad, of: definition) == says)
    var good = bad
    for (name, bytes) in mend { good[name] = bytes }
    #expect(try faults(good, of: definition) == [])
  }

  private func faults(_ files: [String: [UInt8]], of definition: FunctionDefinition) throws -> [String] {
    let out = try TemporaryFolder()
    for (name, bytes) in files {
      try out.write(name, "", mode: executables.contains(name) ? 0o755 : 0o644)
      try Files.writeAtomically(
        bytes, to: "\(out.path)/\(name)", mode: executables.contains(name) ? 0o755 : 0o644)
    }
    defer { withExtendedLifetime(out) {} }
    let tree = try PackageTree(folder: out.path)
    return Gate.faults(definition, tree: tree, zipSize: 1, hasBucket: true).map { "\($0)" }
  }
}

@Suite("bad and good packages")
struct SiblingGateTests {
  private static let node = #""runtime": "nodejs22.x", "handler": "index.handler""#
  private static let node24 = #""runtime": "nodejs24.x", "handler": "index.handler""#
  private static let python = #""runtime": "python3.13", "handler": "app.run""#
  private static let ruby = #""runtime": "ruby3.3", "handler": "app.run""#
  private static let custom = #""runtime": "provided.al2023", "handler": "bootstrap""#
  private static let common = "exports.handler = async (event) => 1;\n"
  private static let module = "export const handler = async (event) => 1;\n"
  private static let run = "\ndef run(e, c): pass\n"
  private static let rubyRun = "def run(event:, context:)\n  1\nend\n"

  private static let pairs: [GatePair] = [
    GatePair(
      "an ES module whose package.json does not say so", node, bad: ["index.js": module],
      says: [
        "index.js:1 is written as an ES module, with 'import' or 'export'; nodejs22.x takes a .js file for CommonJS where no package.json above it says \"type\": \"module\""
      ], mend: ["package.json": #"{"type": "module"}"#]),
    GatePair(
      "an ES module that is called CommonJS", node24,
      bad: ["index.js": module, "package.json": #"{"type": "commonjs"}"#],
      says: [
        "index.js:1 is written as an ES module, with 'import' or 'export'; its name or its package.json says that it is CommonJS"
      ], mend: ["package.json": "{}"]),
    GatePair(
      "CommonJS in an ES module", node,
      bad: ["index.js": common, "package.json": #"{"type": "module"}"#],
      says: [
        "index.js:1 assigns to 'exports'; it is an ES module by its name or its package.json, which has no such thing"
      ], mend: ["package.json": nil]),
    GatePair(
      "require() in an ES module", node,
      bad: ["index.mjs": "const fs = require('fs');\n\(module)"],
      says: [
        "index.mjs:1 calls require(); it is an ES module by its name or its package.json, which has no such thing"
      ],
      mend: [
        "index.mjs":
          "import { createRequire } from 'module';\nconst require = createRequire(import.meta.url);\nconst fs = require('fs');\n\(module)"
      ]),
    GatePair(
      "require() of a package that is an ES module only", node,
      bad: [
        "index.js": "const d = require('dep');\n\(common)",
        "node_modules/dep/package.json": #"{"type": "module", "main": "m.js"}"#,
        "node_modules/dep/m.js": "export default 1;\n",
      ],
      says: [
        "index.js:1 loads 'dep' with require(); node_modules/dep/m.js is an ES module, which nodejs22.x takes by 'import' only"
      ], mend: ["index.js": "const d = import('dep');\n\(common)"]),
    GatePair(
      "exports without what require() needs", node,
      bad: [
        "index.js": "const d = require('dep');\n\(common)",
        "node_modules/dep/package.json": #"{"exports": {".": {"types": "./m.d.ts", "import": "./m.mjs"}}}"#,
        "node_modules/dep/m.mjs": "",
      ],
      says: [
        "index.js:1 loads 'dep' with require(); \"exports\" of node_modules/dep/package.json has nothing for that"
      ],
      mend: ["index.js": nil, "index.mjs": "import 'dep';\n\(module)"]),
    GatePair(
      "a file that a package does not export", node,
      bad: [
        "index.js": "const d = require('dep/inner/x');\n\(common)",
        "node_modules/dep/package.json":
          #"{"exports": {".": "./i.js", "./lib/*": {"node": {"require": "./lib/*.js"}}}}"#,
        "node_modules/dep/i.js": "", "node_modules/dep/lib/x.js": "", "node_modules/dep/inner/x.js": "",
      ],
      says: [
        "index.js:1 loads 'dep/inner/x' with require(); \"exports\" of node_modules/dep/package.json has nothing for that"
      ], mend: ["index.js": "const d = require('dep/lib/x');\n\(common)"]),
    GatePair(
      "an ES module that does not name a package's file in full", node,
      bad: [
        "index.mjs": "import get from 'dep/get';\n\(module)", "node_modules/dep/package.json": "{}",
        "node_modules/dep/get.js": "",
      ],
      says: [
        "index.mjs:1 loads 'dep/get'; node_modules/dep has no file of that name, and an ES module names files in full"
      ], mend: ["index.mjs": "import get from 'dep/get.js';\n\(module)"]),
    GatePair(
      "a handler that is exported under another name", node,
      bad: ["index.js": "exports.handle = async (event) => 1;\n"],
      says: ["index.js has no 'handler'; did you mean 'handle'?; the handler is 'index.handler'"],
      mend: ["index.js": common]),
    GatePair(
      "a native add-on for another processor, deep in the package", node, bad: ["index.js": common],
      says: ["node_modules/a/b/build/Release/x.node is built for arm64; the function runs on x86_64"],
      mend: [:], native: ["node_modules/a/b/build/Release/x.node": GateTests.elf(machine: 183)],
      mendNative: ["node_modules/a/b/build/Release/x.node": GateTests.elf(machine: 62)]),
    GatePair(
      "a native add-on for another system", node, bad: ["index.js": common],
      says: ["node_modules/a/build/Release/x.node is built for macOS; the function runs on Linux"],
      mend: [:],
      native: [
        "node_modules/a/build/Release/x.node": [0xCF, 0xFA, 0xED, 0xFE] + [UInt8](repeating: 0, count: 80)
      ],
      mendNative: ["node_modules/a/build/Release/x.node": GateTests.elf(machine: 62)]),
    GatePair(
      "add-ons that are there for other processors alone", node, bad: ["index.js": common],
      says: ["node_modules/a/bin/linux/arm64/x.node is built for arm64; the function runs on x86_64"],
      mend: [:], native: ["node_modules/a/bin/linux/arm64/x.node": GateTests.elf(machine: 183)],
      mendNative: ["node_modules/a/bin/linux/x64/x.node": GateTests.elf(machine: 62)]),
    GatePair(
      "a relative import that leads above the package", python,
      bad: [
        "app.py": "from shop import prices\(run)", "shop/__init__.py": "",
        "shop/prices.py": "from ..money import rate\n", "money.py": "rate = 1\n",
      ],
      says: [
        "shop/prices.py:1 has 'from ..money import'; Lambda imports the file from the package's top, where nothing is above it"
      ], mend: ["shop/prices.py": "from money import rate\n"]),
    GatePair(
      "a name that a namespace package has not", python,
      bad: ["app.py": "from shop import pricing\(run)", "shop/prices.py": ""],
      says: [
        "app.py:1 imports 'pricing' from 'shop'; shop/ has no module of that name, and no code that could define it"
      ], mend: ["app.py": "from shop import prices\(run)"]),
    GatePair(
      "a wheel for another system", python,
      bad: ["app.py": "import fast\(run)", "fast.cpython-313-darwin.so": ""],
      says: [
        "app.py:1 imports 'fast', which is not there; fast.cpython-313-darwin.so is built for another Python or processor than python3.13 on x86_64"
      ], mend: ["fast.cpython-313-x86_64-linux-gnu.so": ""]),
    GatePair(
      "a wheel for another Python, deep in a package", python,
      bad: [
        "app.py": "import fast\(run)", "fast/__init__.py": "from . import _core\n",
        "fast/_core.cpython-39-x86_64-linux-gnu.so": "",
      ],
      says: [
        "fast/__init__.py:1 imports '_core', which is not there; fast/_core.cpython-39-x86_64-linux-gnu.so is built for another Python or processor than python3.13 on x86_64"
      ], mend: ["fast/_core.cpython-313-x86_64-linux-gnu.so": ""]),
    GatePair(
      "a source in an encoding that Python does not take it for", python,
      bad: ["app.py": "import names\(run)"],
      says: ["names.py:2 is not UTF-8; Python reads no such source"], mend: [:],
      native: ["names.py": Array("# caf\n".utf8) + [0x61, 0x3D, 0x27, 0xE9, 0x27, 0x0A]],
      mendNative: [
        "names.py": Array("# -*- coding: latin-1 -*-\n".utf8) + [0x61, 0x3D, 0x27, 0xE9, 0x27, 0x0A]
      ]),
    GatePair(
      "a source that was saved in two bytes a letter", python, bad: ["app.py": "import names\(run)"],
      says: ["names.py:1 holds a NUL byte; Python reads no such source"], mend: [:],
      native: ["names.py": [0x61, 0, 0x3D, 0, 0x31, 0]], mendNative: ["names.py": Array("a=1\n".utf8)]),
    GatePair(
      "a name that a module of the unit does not have", python,
      bad: ["app.py": "from shop.prices import total as t\(run)", "shop/prices.py": "def sum(): pass\n"],
      says: ["app.py:1 imports 'total' from 'shop.prices'; shop/prices.py has nothing of that name"],
      mend: ["shop/prices.py": "from sums import *\n", "sums.py": "def total(): pass\n"]),
    GatePair(
      "a handler that the module it is taken from does not have", python,
      bad: ["app.py": "from inner import run\n", "inner.py": "def main(e, c): pass\n"],
      says: ["app.py:1 imports 'run' from 'inner'; inner.py has nothing of that name"],
      mend: ["inner.py": "def main(e, c): pass\nglobals()['r' + 'un'] = main\n"]),
    GatePair(
      "a package that loads itself by its name and exports nothing", node,
      bad: ["index.js": "require('me');\n\(common)", "package.json": #"{"name": "me"}"#, "x.js": ""],
      says: [
        "index.js:1 loads 'me', which is not there; nodejs22.x has Node's own modules and the AWS SDK for JavaScript v3, the package no node_modules"
      ], mend: ["package.json": #"{"name": "me", "exports": "./x.js"}"#]),
    GatePair(
      "a Ruby handler that its class does not have",
      #""runtime": "ruby3.3", "handler": "lib/app.Shop::Mailer.run""#,
      bad: [
        "lib/app.rb":
          "module Shop\n  class Mailer\n    def self.send_all(event:, context:)\n    end\n  end\nend\n"
      ],
      says: [
        "lib/app.rb has no 'Shop::Mailer.run'; did you mean 'Shop::Mailer.send_all'?; the handler is 'lib/app.Shop::Mailer.run'"
      ],
      mend: [
        "lib/app.rb": "module Shop\n  class Mailer\n    def self.run(event:, context:)\n    end\n  end\nend\n"
      ]),
    GatePair(
      "a gem that nothing brings", ruby, bad: ["app.rb": "require 'json'\nrequire 'money/rate'\n\(rubyRun)"],
      says: [
        "app.rb:2 requires 'money/rate', which is not there; ruby3.3 has Ruby's own library and the AWS SDK, and no gem of the package has it"
      ], mend: ["vendor/bundle/ruby/3.3.0/gems/money-1.0/lib/money/rate.rb": ""]),
    GatePair(
      "Ruby that requires a file as if the runtime looked beside it", ruby,
      bad: ["app.rb": "require 'rate'\n\(rubyRun)", "lib/rate.rb": "require_relative 'none'\n"],
      says: [
        "app.rb:1 requires 'rate', which is not there; the runtime looks in the package's top and in gems, and it lies at lib/rate.rb"
      ],
      mend: [
        "app.rb": "begin\n  require 'fast'\nrescue LoadError\nend\nrequire_relative 'lib/rate'\n\(rubyRun)",
        "lib/rate.rb": "require \"aws-sdk-s3\" # brought\nrequire 'x' if ENV['X']\n",
      ]),
    GatePair(
      "a gem of the repository that only Bundler finds", ruby,
      bad: ["app.rb": "require 'tiny'\n\(rubyRun)", "gems/tiny/lib/tiny.rb": ""],
      says: [
        "app.rb:1 requires 'tiny', which is not there; the runtime looks in the package's top and in gems, and it lies at gems/tiny/lib/tiny.rb"
      ], mend: ["app.rb": "require 'bundler/setup'\nrequire 'tiny'\n\(rubyRun)"]),
    GatePair(
      "a Ruby file that is missing", ruby, bad: ["app.rb": "require_relative 'lib/rate'\n\(rubyRun)"],
      says: ["app.rb:1 requires 'lib/rate'; the package has no lib/rate.rb"], mend: ["lib/rate.rb": ""]),
    GatePair(
      "a bootstrap whose interpreter is not there", custom, bad: ["bootstrap": "#!/usr/bin/env python3\n"],
      says: [
        "bootstrap:1 is run by '/usr/bin/env python3'; provided.al2023 has sh and bash, and no such program"
      ], mend: ["bootstrap": "#!/var/task/bin/python3 -u\n", "bin/python3": ""]),
    GatePair(
      "a bootstrap whose interpreter lies where programs do not", custom,
      bad: ["bootstrap": "#!/usr/local/bin/bash\n"],
      says: [
        "bootstrap:1 is run by '/usr/local/bin/bash'; provided.al2023 has sh and bash, and no such program"
      ], mend: ["bootstrap": "#!/bin/bash\n"]),
    GatePair(
      "a bootstrap for another processor", custom, bad: [:],
      says: ["bootstrap is built for arm64; the function runs on x86_64"], mend: [:],
      native: ["bootstrap": GateTests.elf(machine: 183, type: 2)],
      mendNative: ["bootstrap": GateTests.elf(machine: 62, type: 2)]),
    GatePair(
      "a bootstrap that needs a newer C library", custom, bad: [:],
      says: ["bootstrap needs GLIBC 2.38; provided.al2023 has 2.34"], mend: [:],
      native: ["bootstrap": GateTests.elf(machine: 62, glibc: "GLIBC_2.38")],
      mendNative: ["bootstrap": GateTests.elf(machine: 62, glibc: "GLIBC_2.34")]),
  ]

  private static let oldPython = #""runtime": "python3.9", "handler": "app.run""#

  private static let writings: [GatePair] = [
    GatePair(
      "names that the runtime's standard library does not have yet, or no more",
      #""runtime": "python3.10", "handler": "app.run""#,
      bad: [
        "app.py": "from datetime import UTC, datetime\nfrom collections import Mapping, OrderedDict\(run)"
      ],
      says: [
        "app.py:1 imports 'UTC' from 'datetime', which is not there; it is part of Python from 3.11 on",
        "app.py:2 imports 'Mapping' from 'collections', which is not there; Python 3.10 dropped it from the standard library",
      ],
      mend: [
        "app.py":
          "try:\n  from datetime import UTC\nexcept ImportError:\n  UTC = None\nfrom collections.abc import Mapping\nfrom typing import TypeAlias\(run)"
      ]),
    GatePair(
      "JSON that an ES module takes for code", node,
      bad: ["index.mjs": "import data from './data.json';\n\(module)", "data.json": "{}"],
      says: [
        "index.mjs:1 imports './data.json' without an attribute; nodejs22.x takes JSON into an ES module with { type: \"json\" } only"
      ], mend: ["index.mjs": "import data from './data.json' with { type: 'json' };\n\(module)"]),
    GatePair(
      "JSON in the words of an older Node", node,
      bad: [
        "index.mjs": "import data from './data.json' assert { type: 'json' };\n\(module)", "data.json": "{}",
      ],
      says: [
        "index.mjs:1 imports './data.json' with 'assert'; nodejs22.x takes JSON into an ES module with { type: \"json\" } only"
      ], mend: ["index.mjs": "import { readFileSync } from 'node:fs';\n\(module)"]),
    GatePair(
      "a CommonJS file that waits at its top", node,
      bad: [
        "index.js": "const load = require('./load');\nconst conf = await load();\n\(common)", "load.js": "",
      ],
      says: [
        "index.js:2 is written as an ES module, with 'import.meta' or an 'await' outside of functions; nodejs22.x takes a .js file for CommonJS where no package.json above it says \"type\": \"module\""
      ],
      mend: [
        "index.js":
          "const load = require('./load');\nconst conf = async () => await load();\nconst a = (async () => { const b = await conf(); return b; })();\n\(common)"
      ]),
    GatePair(
      "a CommonJS file that asks where a module lies", node,
      bad: ["index.js": "const here = () => import.meta.url;\n\(common)"],
      says: [
        "index.js:1 is written as an ES module, with 'import.meta' or an 'await' outside of functions; nodejs22.x takes a .js file for CommonJS where no package.json above it says \"type\": \"module\""
      ], mend: ["index.js": "const here = () => 'import.meta.url';\n\(common)"]),
    GatePair(
      "an ES module that looks beside itself as CommonJS does", node,
      bad: [
        "index.mjs": "import path from 'node:path';\nconst page = path.join(__dirname, 'a.html');\n\(module)"
      ],
      says: [
        "index.mjs:2 uses '__dirname' or '__filename' as it is loaded; it is an ES module by its name or its package.json, which has no such thing"
      ],
      mend: [
        "index.mjs":
          "import path from 'node:path';\nconst page = () => path.join(__dirname, 'a.html');\nconst at = typeof __filename === 'string' ? __filename : '';\n\(module)"
      ]),
    GatePair(
      "an ES module that looks beside itself, and one that lets it", node,
      bad: ["index.mjs": "import './other.mjs';\nload(__dirname);\n\(module)", "other.mjs": ""],
      says: [
        "index.mjs:2 uses '__dirname' or '__filename' as it is loaded; it is an ES module by its name or its package.json, which has no such thing"
      ], mend: ["other.mjs": "globalThis.__dirname = '/var/task';\n"]),
    GatePair(
      "Python that the runtime does not read yet", oldPython,
      bad: ["app.py": "import json\nmatch json.loads('1'):\n    case 1:\n        pass\(run)"],
      says: [
        "app.py:2 has a 'match' statement; python3.9 does not read it, Python knows it from 3.10 on"
      ],
      mend: [
        "app.py":
          "match = case = 1\nmatch: int\nif match:\n    case: int = (match)\nprint(match)\ntype = match\(run)"
      ]),
    GatePair(
      "a module that is written for a newer Python, and one that nothing certainly imports", oldPython,
      bad: [
        "app.py": "import names\nif names.new:\n    import newer\(run)", "newer.py": "type A = int\n",
        "names.py": "new = f\"{', '.join(['a\\n'])}\"\n",
      ],
      says: [
        "names.py:1 has an f-string with a backslash in a field; python3.9 does not read it, Python knows it from 3.12 on"
      ], mend: ["names.py": "new = f\"{', '.join(['a'])}\\n\"\n"]),
    GatePair(
      "a handler that is none of all the names that are taken", python,
      bad: [
        "app.py": "from inner import *\nfrom shop.deep import *\n",
        "inner.py": "def run(e, c): pass\n\n__all__ = ['other']\n", "shop/__init__.py": "",
        "shop/deep.py": "from .deeper import *\n", "shop/deeper.py": "def main(e, c): pass\n",
      ],
      says: [
        "app.py has no 'run', and neither has what it takes all names from: inner.py, shop/deep.py, shop/deeper.py; the handler is 'app.run'"
      ], mend: ["shop/deeper.py": "def run(e, c): pass\n"]),
    GatePair(
      "a name that an ES module does not export", node,
      bad: [
        "index.mjs": "import { rate, sum as add } from './prices.mjs';\n\(module)",
        "prices.mjs": "export const rate = 1;\nfunction sum() {}\n",
      ],
      says: [
        "index.mjs:1 imports 'sum' from './prices.mjs'; prices.mjs does not provide an export named 'sum'"
      ], mend: ["prices.mjs": "export const rate = 1, [sum] = [2];\n"]),
    GatePair(
      "an ES module of a package without a default export", node,
      bad: [
        "index.mjs": "import dep, * as all from 'dep';\n\(module)",
        "node_modules/dep/package.json": #"{"type": "module", "exports": "./m.js"}"#,
        "node_modules/dep/m.js": "export { a as b };\nvar a = 1;\n",
      ],
      says: [
        "index.mjs:1 imports 'default' from 'dep'; node_modules/dep/m.js does not provide an export named 'default'"
      ], mend: ["node_modules/dep/m.js": "export { a as default };\nvar a = 1;\n"]),
    GatePair(
      "a handler that a file hands on which does not have it", node,
      bad: ["index.js": "module.exports = require('./lib/app');\n", "lib/app.js": "exports.run = 1;\n"],
      says: [
        "index.js has no 'handler', and neither has what it hands on: lib/app.js; the handler is 'index.handler'"
      ], mend: ["lib/app.js": "Object.assign(exports, make());\n"]),
    GatePair(
      "a handler that a compiler's star exports do not have", node,
      bad: [
        "index.js":
          "Object.defineProperty(exports, \"__esModule\", { value: true });\n__exportStar(require(\"./app\"), exports);\n",
        "app.js": "exports.run = 1;\n",
      ],
      says: [
        "index.js has no 'handler', and neither has what it hands on: app.js; the handler is 'index.handler'"
      ],
      mend: [
        "app.js": "Object.defineProperty(exports, \"handler\", { get: function () { return 1; } });\n"
      ]),
    GatePair(
      "a handler that no module has whose names are handed on", node,
      bad: [
        "index.mjs": "export * from './a.mjs';\nexport * from './b.mjs';\n", "a.mjs": "export const a = 1;\n",
        "b.mjs": "export default 1;\n",
      ],
      says: [
        "index.mjs has no 'handler', and neither has what it hands on: a.mjs, b.mjs; the handler is 'index.handler'"
      ], mend: ["b.mjs": "export { a as handler } from './a.mjs';\n"]),
  ]

  @Test(
    "what is written so that it could not be loaded is refused, and its sibling passes", arguments: writings)
  func written(_ pair: GatePair) async throws { try await pair.check() }

  @Test("a package that could not be imported is refused, and its sibling passes", arguments: pairs)
  func pair(_ pair: GatePair) async throws { try await pair.check() }

  @Test(
    "what Lambda's Node has switched off is allowed where NODE_OPTIONS switches it on, and from version 24 on"
  )
  func options() {
    #expect(!NodeLoading(runtime: "nodejs22.x", options: "").requiresModules)
    #expect(!NodeLoading(runtime: "nodejs22.x", options: "").detectsModules)
    let on = NodeLoading(
      runtime: "nodejs20.x", options: "--experimental-require-module --experimental-detect-module")
    #expect(on.requiresModules && on.detectsModules)
    #expect(NodeLoading(runtime: "nodejs24.x", options: "").requiresModules)
    #expect(!NodeLoading(runtime: "nodejs24.x", options: "--no-experimental-require-module").requiresModules)
    #expect(NodeLoading(runtime: "nodejs22.x", options: "-C dev").hasOwnConditions)
  }
}
