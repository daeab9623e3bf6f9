import Core
import Glibc
import TestSupport
import Testing

/// A package that Lambda could not import, and its sibling that it can.
struct Sibling: Sendable, CustomTestStringConvertible {
  let what: String
  let settings: String
  let bad: [String: String]
  let good: [String: String]
  /// What the refusal says.
  let says: String
  let fix: String

  var testDescription: String { what }
}

@Suite("What could not be imported is refused before any upload, and its sibling is promoted", .serialized)
struct PackageJobTests {
  private static let python = "def handler(event, context):\n    return {'statusCode': 200}\n"
  private static let node = "exports.handler = async (event) => ({ statusCode: 200 });\n"
  /// The runtime API in nothing but bash.
  private static let loop = #"""
    api=$AWS_LAMBDA_RUNTIME_API
    ask() { exec 3<>"/dev/tcp/${api%:*}/${api##*:}" && printf "$@" >&3; }
    while ask 'GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$api"; do
      while IFS= read -r line <&3 && line=${line%$'\r'} && [ -n "$line" ]; do
        case ${line,,} in lambda-runtime-aws-request-id:*) id=${line#*: } ;; esac
      done
      exec 3<&-
      body='{"statusCode": 200}'
      ask 'POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' "$id" "$api" "${#body}" "$body"
      cat <&3 > /dev/null
      exec 3<&-
    done

    """#

  /// The runtime API in nothing but Rust's own library.
  private static let rustLoop = #"""
    use std::io::{Read, Write};
    use std::net::TcpStream;

    fn ask(api: &str, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(api).unwrap();
        write!(stream, "{} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
            head, api, body.len(), body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    pub fn run(body: &str) {
        let api = std::env::var("AWS_LAMBDA_RUNTIME_API").unwrap();
        loop {
            let event = ask(&api, "GET /2018-06-01/runtime/invocation/next", "");
            let name = "lambda-runtime-aws-request-id:";
            let line = event.lines().find(|line| line.to_lowercase().starts_with(name)).unwrap();
            let place = format!("POST /2018-06-01/runtime/invocation/{}/response", line[name.len()..].trim());
            ask(&api, &place, body);
        }
    }

    """#

  static let siblings: [Sibling] = [
    Sibling(
      what: "Rust that is loaded by another C library", settings: #""runtime": "provided.al2023""#,
      bad: [
        "Cargo.toml":
          "[package]\nname = \"fn\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\nlambda_runtime = { path = \"lambda_runtime\" }\n",
        "Cargo.lock":
          "version = 3\n\n[[package]]\nname = \"fn\"\nversion = \"0.1.0\"\ndependencies = [\n \"lambda_runtime\",\n]\n\n[[package]]\nname = \"lambda_runtime\"\nversion = \"0.13.0\"\n",
        "src/main.rs": "use lambda_runtime::run;\nfn main() { run(\"{\\\"statusCode\\\": 200}\"); }\n",
        "lambda_runtime/Cargo.toml":
          "[package]\nname = \"lambda_runtime\"\nversion = \"0.13.0\"\nedition = \"2021\"\n",
        "lambda_runtime/src/lib.rs": rustLoop,
        ".cargo/config.toml":
          "[build]\nrustflags = [\"-C\", \"link-arg=-Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1\"]\n",
      ],
      good: [".cargo/config.toml": ""],
      says: "bootstrap is loaded by /lib/ld-musl-x86_64.so.1", fix: "build it for linux-gnu"),
    Sibling(
      what: "Python that imports what nothing provides", settings: #""runtime": "python3.13""#,
      bad: ["handler.py": "import money\n\(python)"], good: ["money.py": "PRICE = 1\n"],
      says: "handler.py:1 imports 'money', which is not there", fix: #""provides": ["money"]"#),
    Sibling(
      what: "Python whose imports start elsewhere",
      settings: #""runtime": "python3.13", "handler": "src/main.handler""#,
      bad: ["src/main.py": "import helper\n\(python)", "src/helper.py": ""],
      good: ["src/main.py": "from src import helper\n\(python)"],
      says: "it lies at src/helper.py", fix: "write 'import src.helper'"),
    Sibling(
      what: "Node that loads what nothing provides", settings: #""runtime": "nodejs22.x""#,
      bad: ["index.js": "const money = require('money');\n\(node)"],
      good: ["node_modules/money/index.js": "module.exports = 1;\n"],
      says: "index.js:1 loads 'money', which is not there", fix: #""provides": ["money"]"#),
    Sibling(
      what: "Node whose file has a dot more",
      settings: #""runtime": "nodejs22.x", "handler": "users.get.handler", "build": ["true"]"#,
      bad: ["users.get.js": node],
      good: ["users.js": "exports.get = { handler: async () => ({ statusCode: 200 }) };\n"],
      says: "users.js is not in the package", fix: "handler"),
    Sibling(
      what: "a bootstrap with carriage returns",
      settings: #""runtime": "provided.al2023", "handler": "bootstrap""#,
      bad: ["bootstrap": "#!/bin/bash\r\n\(loop)"], good: ["bootstrap": "#!/bin/bash\n\(loop)"],
      says: "bootstrap:1 ends its first line with a carriage return", fix: "dos2unix bootstrap"),
    Sibling(
      what: "a bootstrap that nothing can run",
      settings: #""runtime": "provided.al2023", "handler": "bootstrap""#,
      bad: ["bootstrap": "#!/usr/bin/env python3\nprint(1)\n"], good: ["bootstrap": "#!/bin/bash\n\(loop)"],
      says: "bootstrap:1 is run by '/usr/bin/env python3'", fix: "#!/var/task/"),
    Sibling(
      what: "Node that is an ES module without saying so", settings: #""runtime": "nodejs22.x""#,
      bad: ["index.js": "export const handler = async (event) => ({ statusCode: 200 });\n"],
      good: ["package.json": #"{"type": "module"}"#],
      says: "index.js:1 is written as an ES module", fix: "\"type\": \"module\""),
    Sibling(
      what: "Node that requires what is to be imported", settings: #""runtime": "nodejs22.x""#,
      bad: [
        "index.js": "const dep = require('dep');\n\(node)",
        "node_modules/dep/package.json": #"{"type": "module", "exports": {"import": "./m.js"}}"#,
        "node_modules/dep/m.js": "export default 1;\n",
      ],
      good: ["index.js": "const dep = import('dep');\n\(node)"],
      says: "index.js:1 loads 'dep' with require()", fix: "await import"),
    Sibling(
      what: "Python that imports a name which its package has not", settings: #""runtime": "python3.13""#,
      bad: ["handler.py": "from shop import pricing\n\(python)", "shop/prices.py": ""],
      good: ["handler.py": "from shop import prices\n\(python)"],
      says: "handler.py:1 imports 'pricing' from 'shop'", fix: "correct the import"),
  ]

  @Test("refused with 13 and the way out; then created, tried and promoted", arguments: siblings)
  func refusedThenPromoted(_ sibling: Sibling) async throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "lamctl.json",
      #"{"project": "p", "defaults": {"role": "arn:aws:iam::${account}:role/p"}, "environments": {"prod": {"endpoint": "sandbox", "region": "eu-west-1"}}}"#
    )
    try folder.write(
      "fn/function.json",
      #"{"smoke": [{"event": "ping.json", "expect": {"statusCode": 200}}], \#(sibling.settings)}"#)
    try folder.write("fn/ping.json", "{}")
    let sandbox = try start(["sandbox"], in: folder)
    #expect(
      await eventually { sandbox.text(.output).contains("AWS_ENDPOINT_URL") }, "\(sandbox.text(.error))")
    for (name, text) in sibling.bad { try folder.write("fn/\(name)", text, mode: 0o755) }
    let refused = try await start(["deploy", "--create"], in: folder).outcome()
    #expect(refused.exit == .code(13), "\(refused.errors)")
    #expect(refused.errors.contains(sibling.says), "\(refused.errors)")
    #expect(refused.errors.contains(sibling.fix), "\(refused.errors)")
    for (name, text) in sibling.good { try folder.write("fn/\(name)", text, mode: 0o755) }
    let promoted = try await start(["deploy", "--create", "--json"], in: folder).outcome()
    #expect(promoted.exit == .code(0), "\(promoted.errors)")
    // What a build runs and writes stands behind the function's name.
    if sibling.settings.contains("build") {
      #expect(promoted.errors.contains("fn: true"), "\(promoted.errors)")
    }
    // Had anything been uploaded before, this were no creation.
    #expect(try promoted.document()["functions"]?.array?.first?["change"] == "create")
    #expect(try promoted.document()["functions"]?.array?.first?["outcome"] == "promoted")
    sandbox.child.terminate()
    _ = await sandbox.child.exit()
  }

  private func start(_ arguments: [String], in folder: TemporaryFolder) throws -> BuiltBinary.Run {
    let value = { (name: String) in getenv(name).map { String(cString: $0) } }
    var environment = [
      "PATH": value("PATH") ?? "/usr/bin:/bin", "HOME": folder.path, "USER": "tester", "LANG": "C.UTF-8",
    ]
    environment["LD_LIBRARY_PATH"] = value("LD_LIBRARY_PATH")
    // Where Rust comes by rustup, its tools are found by the real home.
    environment["RUSTUP_HOME"] = value("RUSTUP_HOME") ?? value("HOME").map { "\($0)/.rustup" }
    return try BuiltBinary.start(arguments, in: folder.path, environment: environment)
  }
}
