import Core
import Glibc
import TestSupport
import Testing

/// Secrets are planted in every place where one can be, every command is run, well and badly, and all that is said or left
/// behind is searched for them.
@Suite("Secrets, with the built binary", .serialized)
struct SecretJobTests {
  /// What must be found nowhere, each in the form in which it was planted.
  private static let planted = [
    "environment": "env-7Qx/9+kLmPa2", "parameter": "ssm-Bb3/Vn6+Hy1k", "token": "tok-0011AAbbCCddEE",
    "session": "ses-FwoGZXIvYXdzEBYa+/x==", "proxy": "prx-pw%2F12345", "plain": "plainvalue-8812",
    "build": "bld-secret-55521",
    "deployed": "dep-0ther-h4nds",
  ]
  /// Stands in the repository for everybody to read, and is for no summary and no record all the same.
  private static let literal = "lit-Zr4-wq8Tuv"
  /// Six digits: whoever has any digest of it has it.
  private static let pin = "480117"

  /// Every form that a search would look for.
  private static func forms(of value: String) -> [String] {
    let percent = value.utf8.map { byte -> String in
      let scalar = UnicodeScalar(byte)
      let isPlain =
        byte < 128
        && (scalar.properties.isAlphabetic || ("0"..."9").contains(Character(scalar))
          || "-._~".contains(Character(scalar)))
      return isPlain ? String(Character(scalar)) : "%" + Hex.encode([byte]).uppercased()
    }.joined()
    let digest = SHA256.digest(of: value)
    let base = Base64.encode(Array(value.utf8)).filter { $0 != "=" }
    return [
      value, percent, percent.lowercased(), String(base.dropLast()), digest.hex,
      String(digest.hex.prefix(32)), digest.base64, SHA1.hex(of: value),
      Hex.encode(Array(value.utf8)),
      Hex.encode(HMAC.sha256(key: Array("lamctl-value-1".utf8), value).prefix(16)),
    ]
  }

  private static func search(_ text: String, _ place: String) {
    for (name, value) in planted {
      for form in forms(of: value) where text.contains(form) {
        Issue.record("\(place) holds the secret '\(name)' as \(form)")
      }
    }
    for form in forms(of: pin).dropFirst(3) where text.contains(form) {
      Issue.record("\(place) holds the pin as \(form)")
    }
  }

  /// All files below `folder` but the repository's own, the sandbox's account, which is AWS here, and packages.
  private static func searchFiles(_ folder: String, from top: String) throws {
    for name in try Files.names(in: folder) {
      let path = "\(folder)/\(name)"
      guard path != "\(top)/functions", path != "\(top)/lamctl.json", path != "\(top)/.lamctl/sandbox" else {
        continue
      }
      search(name, "the name of \(path)")
      if Files.isFolder(path) {
        try searchFiles(path, from: top)
      } else {
        let text = String(decoding: try Files.read(path), as: UTF8.self)
        search(text, path)
        #expect(!text.contains(literal), "\(path)")
      }
    }
  }

  private static let variables = [
    "DB_PASSWORD": planted["environment"] ?? "", "NPM_TOKEN": planted["build"] ?? "",
    "GITHUB_TOKEN": planted["token"] ?? "",
    "AWS_SESSION_TOKEN": planted["session"] ?? "",
    "HTTP_PROXY": "http://u:\(planted["proxy"] ?? "")@127.0.0.1:1",
    "STEP": "value",
  ]

  private static func repository() throws -> CountedRepository {
    let repository = try CountedRepository(functions: 2)
    try repository.folder.write(
      "functions/f000/function.json",
      """
      {
        "smoke": [{"event": "events/ask.json", "expect": {"ok": true}}],
        "env": ["NPM_TOKEN"],
        "build": ["sh", "build.sh", "${ssm:/app/token}", "\(literal)"],
        "output": "dist",
        "environment": {"variables": {
          "DB_PASSWORD": "${env:DB_PASSWORD}", "PIN": "\(pin)", "TABLE": "${ssm:/app/token}", "PLAIN": "\(planted["plain"] ?? "")"
        }}
      }
      """)
    try repository.folder.write(
      "functions/f000/events/ask.json", "{\"password\": \"\(planted["environment"] ?? "")\"}")
    try repository.folder.write(
      "functions/f000/build.sh",
      """
      echo "building with $1 and $NPM_TOKEN; $(printf %s "$NPM_TOKEN" | base64) $GITHUB_TOKEN $AWS_SESSION_TOKEN"
      mkdir -p dist && cp handler.py dist/ && test ! -e fail || exit 7

      """)
    try handler(repository, fails: false)
    return repository
  }

  /// A function that tells the world what it should not.
  private static func handler(_ repository: CountedRepository, fails: Bool) throws {
    try repository.folder.write(
      "functions/f000/handler.py",
      """
      import os

      def handler(event, context):
          words = " ".join(os.environ[name] for name in ("DB_PASSWORD", "PIN", "TABLE", "PLAIN"))
          print("ERROR " + words)
          if \(fails ? "True" : "False"):
              raise ValueError("cannot log in with " + words)
          return {"ok": True, "echo": words}

      """)
  }

  /// Runs a command and looks through all that it says.
  private static func run(_ repository: CountedRepository, _ arguments: [String], code: Int32? = nil)
    async throws
  {
    var environment = variables
    environment["GITHUB_ACTIONS"] = "true"
    environment["GITHUB_OUTPUT"] = repository.folder.path + "/outputs"
    environment["GITHUB_STEP_SUMMARY"] = repository.folder.path + "/summary"
    let outcome = try await repository.begin(arguments, environment: environment).outcome()
    let name = arguments.joined(separator: " ")
    if let code { #expect(outcome.exit == .code(code), "\(name): \(outcome.errors)") }
    search(outcome.output, "stdout of \(name)")
    search(outcome.errors, "stderr of \(name)")
  }

  private static func putParameter(_ repository: CountedRepository) throws {
    let parameter: JSON = [
      "/app/token": ["type": "SecureString", "value": .string(planted["parameter"] ?? ""), "version": 1]
    ]
    try repository.folder.write(".lamctl/sandbox/parameters.json", parameter.text())
  }

  @Test("none of them is found in any output or file of any command")
  func everywhere() async throws {
    let repository = try Self.repository()
    try Self.putParameter(repository)
    try repository.start()
    try await Self.run(repository, ["plan", "--json"], code: 0)
    try await Self.run(
      repository,
      ["deploy", "--create", "--all-at-once", "--verbose", "--events", repository.folder.path + "/events"],
      code: 0)
    try await Self.run(repository, ["deploy", "--json"], code: 0)
    for command in [
      ["plan", "--verbose"], ["status", "--json"], ["status"], ["doctor", "--verbose"], ["versions"],
      ["list", "--json"],
      ["judge", "--since", "1h"], ["prune", "--dry-run"], ["resume"], ["tick"], ["abort"], ["schema"],
    ] { try await Self.run(repository, command) }

    // A change of a secret alone is seen, although no digest tells of it, and told by its name.
    var changed = Self.variables
    changed["DB_PASSWORD"] = "another-secret-991"
    let plan = try await repository.begin(["plan", "--json"], environment: changed).outcome()
    #expect(
      plan.output.contains("environment.variables.DB_PASSWORD")
        && !plan.output.contains("another-secret-991"),
      "\(plan.output)")

    try Self.handler(repository, fails: true)
    try await Self.run(repository, ["deploy", "--canary", "10%:1m", "--verbose"], code: 13)
    try repository.folder.write("functions/f000/fail", "")
    try await Self.run(repository, ["deploy", "--json", "--verbose"])
    try await Self.run(repository, ["rollback", "--json"])
    try await Self.run(repository, ["deploy", "--speed", "x", "--region", "nowhere"], code: 64)
    await repository.stop()
    try Self.searchFiles(repository.folder.path, from: repository.folder.path)
  }

  @Test(
    "texts of AWS that quote them, and endpoints that are wrong, show none",
    arguments: [
      ["status"], ["doctor", "--verbose"], ["plan", "--json"], ["deploy", "--json"], ["versions"],
      ["rollback"], ["prune"],
    ])
  func quotedByAWS(command: [String]) async throws {
    let repository = try Self.repository()
    // What this run has by then: the literals and parameters of the repository only where it builds.
    let known = ["environment", "token", "session", "build", "deployed"]
    let texts = (known + (["plan", "deploy"].contains(command[0]) ? ["plain", "parameter"] : []))
      .compactMap { Self.planted[$0] }.joined(separator: " ")
    let message =
      "The request signature does not match; \(texts)\u{1B}[2J The Canonical String for this request should have been 'x-amz-security-token:\(texts)'"
    let body = JSON.object(JSONObject([("message", .string(message))])).text()
    let server = try LoopbackServer { request, _ in
      if request["X-Amz-Target"]?.hasSuffix("GetParameters") == true {
        let value = Self.planted["parameter"] ?? ""
        return .json(
          200,
          "{\"Parameters\":[{\"Name\":\"/app/token\",\"Type\":\"SecureString\",\"Value\":\"\(value)\"}],\"InvalidParameters\":[]}"
        )
      }
      if request["Content-Type"]?.hasPrefix("application/x-www-form-urlencoded") == true {
        return .answer(
          200,
          "<GetCallerIdentityResult><Account>000000000000</Account><Arn>a</Arn><UserId>u</UserId></GetCallerIdentityResult>"
        )
      }
      return .answer(
        403, [("x-amzn-ErrorType", "SignatureDoesNotMatch"), ("x-amzn-RequestId", "id\u{7}")], body)
    }
    var environment = Self.variables
    environment.merge([
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": Self.planted["deployed"] ?? "",
      "HTTP_PROXY": "", "AWS_MAX_ATTEMPTS": "1",
    ]) { $1 }
    for endpoint in [server.url, "htp://u:\(Self.planted["proxy"] ?? "")@host"] {
      let outcome = try await repository.begin(
        command + ["--endpoint-url", endpoint], environment: environment, limit: .minutes(1)
      ).outcome()
      #expect(outcome.exit != .code(0))
      Self.search(outcome.output, "stdout of \(command)")
      Self.search(outcome.errors, "stderr of \(command)")
      #expect(!(outcome.output + outcome.errors).unicodeScalars.contains("\u{1B}"))
    }
    try Self.searchFiles(repository.folder.path, from: repository.folder.path)
  }
}
