import Core
import TestSupport
import Testing

@testable import Packager

@Suite("import gate")
struct ImportGateTests {
  /// The gate's sentences for a package of `files`.
  private func faults(_ config: String, _ files: [String: String]) async throws -> [GateFault] {
    let repository = try Repository([
      "fn/function.json": #"{"output": "out", "build": ["true"], \#(config)}"#, "fn/x": "",
    ])
    let definition = try #require(try await repository.functions().first)
    let out = try TemporaryFolder()
    for (name, text) in files { try out.write(name, text) }
    defer { withExtendedLifetime(out) {} }
    return Gate.faults(definition, tree: try PackageTree(folder: out.path), zipSize: 1, hasBucket: true)
  }

  private static let python = #""runtime": "python3.13", "handler": "app.run""#
  private static let run = "\ndef run(e, c): pass\n"

  @Test(
    "what a Python handler certainly imports must be there",
    arguments: [
      (["app.py": "import os, json\nimport boto3\nfrom botocore.config import Config" + run], []),
      (
        ["app.py": "import json\n\nimport requests" + run],
        [
          "app.py:3 imports 'requests', which is not there; python3.13 has the standard library and boto3, the package app"
        ]
      ),
      (["app.py": "try:\n  import ujson as json\nexcept ImportError:\n  import json" + run], []),
      (["app.py": "try: import ujson\nexcept: ujson = None" + run], []),
      (
        ["app.py": "try:\n  import ujson\nexcept ImportError as e:\n  raise RuntimeError('x') from e" + run],
        [
          "app.py:2 imports 'ujson', which is not there; python3.13 has the standard library and boto3, the package app"
        ]
      ),
      (
        ["app.py": "try:\n  import ujson\nexcept KeyError:\n  pass" + run],
        [
          "app.py:2 imports 'ujson', which is not there; python3.13 has the standard library and boto3, the package app"
        ]
      ),
      (
        [
          "app.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  import x\n  from y import z" + run
        ], []
      ),
      (["app.py": "def run(e, c):\n  import later\n"], []),
      (["app.py": "with contextlib.suppress(ImportError):\n  import fast" + run], []),
      (
        ["app.py": "class A:\n  import inside" + run],
        [
          "app.py:2 imports 'inside', which is not there; python3.13 has the standard library and boto3, the package app"
        ]
      ),
      (["app.py": "import shop.prices as p, util" + run, "shop/prices.py": "", "util/__init__.py": ""], []),
      (
        [
          "app.py": "from shop import prices" + run, "shop/__init__.py": "", "shop/prices.py": "import money",
        ],
        [
          "shop/prices.py:1 imports 'money', which is not there; python3.13 has the standard library and boto3, the package app, shop"
        ]
      ),
      (
        ["app.py": "import shop.price" + run, "shop/prices.py": ""],
        ["app.py:1 imports 'shop.price'; the package has shop/ without 'price'"]
      ),
      (["app.py": "import six.moves.urllib, os.path" + run], []),
      (
        ["app.py": "import cgi" + run],
        ["app.py:1 imports 'cgi', which is not there; Python 3.13 dropped it from the standard library"]
      ),
      (
        ["app.py": "from .helper import x" + run, "helper.py": ""],
        [
          "app.py:1 has 'from .helper import'; Lambda imports the file from the package's top, where nothing is above it"
        ]
      ),
      (
        ["app.py": "import fast" + run, "fast.cpython-311-x86_64-linux-gnu.so": ""],
        [
          "app.py:1 imports 'fast', which is not there; fast.cpython-311-x86_64-linux-gnu.so is built for another Python or processor than python3.13 on x86_64"
        ]
      ),
      (
        [
          "app.py": "import fast, slow" + run, "fast.cpython-313-x86_64-linux-gnu.so": "", "slow.abi3.so": "",
        ], []
      ),
      (
        [
          "app.py": "import sys\nsys.path.insert(0, 'vendor')\nimport dep" + run,
          "vendor/dep/__init__.py": "",
        ], []
      ),
      (
        ["app.py": "import dep" + run, "vendor/dep/__init__.py": ""],
        [
          "app.py:1 imports 'dep', which is not there; imports start at the package's top, and it lies at vendor/dep"
        ]
      ),
    ] as [([String: String], [String])])
  func python(_ files: [String: String], _ expected: [String]) async throws {
    #expect(try await faults(Self.python, files).map { "\($0)" } == expected)
  }

  @Test("a file deep in the package starts at the package's top, whatever folder it lies in")
  func root() async throws {
    let found = try await faults(
      #""runtime": "python3.13", "handler": "src/main.run""#,
      ["src/main.py": "import helper" + Self.run, "src/helper.py": ""])
    #expect(
      found.map { "\($0)" } == [
        "src/main.py:1 imports 'helper', which is not there; imports start at the package's top, and it lies at src/helper.py"
      ])
    #expect(found.first?.fix == "write 'import src.helper', or make fn/src the unit (function.json there)")
  }

  @Test("a declared layer provides what it names, and the way out of a refusal says so")
  func layers() async throws {
    let files = ["app.py": "import aws_lambda_powertools, other" + Self.run]
    let arn = { (name: String) in "arn:aws:lambda:eu-west-1:123456789012:layer:\(name):1" }
    let plain = try await faults(Self.python + #", "layers": ["\#(arn("a"))"]"#, files)
    #expect(plain.count == 2)
    #expect(plain.first?.fix.contains(#""provides": ["aws_lambda_powertools"]"#) == true)
    let declared = try await faults(
      Self.python
        + #", "layers": [{"arn": "\#(arn("a"))", "provides": ["aws_lambda_powertools"]}, "\#(arn("b"))"]"#,
      files)
    #expect(declared.map(\.file) == ["app.py:1"])
  }

  @Test("modules that a version of Python dropped or brought count for that version")
  func versions() {
    for (name, minor, has) in [
      ("cgi", 12, true), ("cgi", 13, false), ("distutils", 11, true), ("distutils", 12, false),
      ("tomllib", 10, false), ("tomllib", 11, true), ("zoneinfo", 9, true), ("_thread", 14, true),
    ] {
      #expect(PythonStandardLibrary.has(name, minor: minor) == has, "\(name) 3.\(minor)")
    }
  }

  private static let node = #""runtime": "nodejs22.x", "handler": "index.handler""#
  private static let handler = "\nexports.handler = async (event) => 1;\n"

  @Test(
    "what a Node handler certainly loads must be there",
    arguments: [
      (
        ["index.js": "const fs = require('fs/promises'), { S3 } = require('@aws-sdk/client-s3');" + handler],
        []
      ),
      (
        ["index.js": "'use strict'\nconst a = require('left-pad');" + handler],
        [
          "index.js:2 loads 'left-pad', which is not there; nodejs22.x has Node's own modules and the AWS SDK for JavaScript v3, the package no node_modules"
        ]
      ),
      (["index.js": "let a; try { a = require('fast') } catch { a = null }" + handler], []),
      (
        [
          "index.js": "const get = () => require('lazy');\nconst b = x ? require('one') : require('two');"
            + handler
        ], []
      ),
      (
        ["index.js": "if (process.env.X) { require('dd-trace') }\nprocess.env.Y && require('z');" + handler],
        []
      ),
      (
        [
          "index.mjs":
            "import { a } from '@x/util/sub';\nimport './lib.mjs';\nexport const handler = async (event) => a;"
        ],
        [
          "index.mjs:1 loads '@x/util/sub', which is not there; nodejs22.x has Node's own modules and the AWS SDK for JavaScript v3, the package no node_modules",
          "index.mjs:2 loads './lib.mjs'; the package has no lib.mjs",
        ]
      ),
      (
        [
          "index.mjs": "import { b } from './lib';\nexport const handler = async (event) => b;", "lib.js": "",
        ],
        ["index.mjs:1 imports './lib'; an ES module names files in full"]
      ),
      (
        [
          "index.js": "var x = __importDefault(require('dep'));" + handler,
          "node_modules/dep/package.json": #"{"main": "lib"}"#,
          "node_modules/dep/lib/index.js": "require('deep')",
        ],
        [
          "node_modules/dep/lib/index.js:1 loads 'deep', which is not there; nodejs22.x has Node's own modules and the AWS SDK for JavaScript v3, the package dep"
        ]
      ),
      (
        [
          "index.js": "const d = require('dep')" + handler,
          "node_modules/dep/package.json":
            #"{"exports": {".": {"import": "./m.mjs", "require": "./c.cjs"}}}"#,
          "node_modules/dep/c.cjs": "",
        ], []
      ),
      (
        ["index.js": "const d = require('dep');" + handler, "node_modules/dep/README.md": ""],
        [
          "index.js:1 loads 'dep'; node_modules/dep is there, but has neither a package.json that leads to a file of it nor an index.js"
        ]
      ),
      (
        ["index.js": "const d = require('../db');" + handler],
        ["index.js:1 '../db' leads out of the package; nothing is above its top"]
      ),
      (
        ["index.js": "const aws = require('aws-sdk');" + handler],
        [
          "index.js:1 loads 'aws-sdk', which is not there; nodejs22.x has Node's own modules and the AWS SDK for JavaScript v3, the package no node_modules"
        ]
      ),
    ] as [([String: String], [String])])
  func node(_ files: [String: String], _ expected: [String]) async throws {
    #expect(try await faults(Self.node, files).map { "\($0)" } == expected)
  }

  @Test(
    "Node reads the module up to the first dot behind the last slash, and the rest as a way through its exports"
  )
  func dots() async throws {
    let code = "exports.handler = async (event) => 1; exports.routes = { get: exports.handler };"
    #expect(
      try await faults(#""runtime": "nodejs22.x", "handler": "users.get.handler""#, ["users.get.js": code])
        .map {
          "\($0)"
        } == ["users.js is not in the package; the handler 'users.get.handler' needs it"])
    #expect(
      try await faults(#""runtime": "nodejs22.x", "handler": "index.routes.get""#, ["index.js": code]) == [])
    #expect(
      try await faults(#""runtime": "nodejs22.x", "handler": "v1.2/index.handler""#, ["v1.2/index.js": code])
        == [])
  }

  @Test("a script that Lambda starts must not end its first line with a carriage return")
  func carriageReturn() async throws {
    let found = try await faults(
      #""runtime": "provided.al2023", "handler": "bootstrap""#,
      ["bootstrap": "#!/bin/sh\r\necho\r\n", "extensions/log": "#!/bin/sh\r\n", "other.sh": "#!/bin/sh\r\n"])
    #expect(found.map(\.file) == ["bootstrap:1", "extensions/log:1"])
    #expect(found.first?.fix == "run 'dos2unix bootstrap', and add 'bootstrap text eol=lf' to .gitattributes")
  }

  @Test("a program's loader and libraries are read from its own headers")
  func libraries() throws {
    let program = try #require(ELFFile(try Files.read("/bin/ls", limit: 1 << 26)))
    #expect(program.interpreter?.contains("/ld-linux") == true)
    #expect(program.libraries.contains("libc.so.6"))
  }
}
