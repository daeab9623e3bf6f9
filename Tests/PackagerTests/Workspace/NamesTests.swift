import Core
import TestSupport
import Testing

@testable import Packager

@Suite("Names of functions, whatever is wrong with their files")
struct NamesTests {
  private static let root = #"""
    { "project": "shop", "functions": ["fn/*"],
      "environments": { "prod": { "alias": "live", "region": "eu-west-1", "account": "123456789012" } } }
    """#

  /// Three functions; the file of `b` is as a test wants it.
  private static func shop(_ file: String?, root: String = root) -> [String: String] {
    var files = [
      "lamctl.json": root, "fn/a/handler.py": pythonHandler, "fn/b/handler.py": pythonHandler,
      "fn/c/handler.py": pythonHandler,
      "fn/c/function.json": #"{"functionName": "legacy-{function}-{environment}"}"#,
    ]
    files["fn/b/function.json"] = file
    return files
  }

  private static func listing(
    _ files: [String: String], environment: [String: String] = [:]
  ) async throws -> FunctionListing {
    let repository = try Repository(files)
    defer { withExtendedLifetime(repository) {} }
    let workspace = try Workspace.read(root: repository.path, environment: environment)
    let reading = try workspace.readEnvironment(named: "prod")
    return try await workspace.names(in: reading.environment, region: nil) {
      Issue.record("the account was asked for")
      return ""
    }
  }

  @Test(
    "a broken file costs a line about its own function, which is found by its folder; all others are as they were",
    arguments: [
      (
        #"{"handler": "handler.lambda_handlr"}"#,
        "fn/b/function.json:1:13: fn/b/handler.py has no 'lambda_handlr'"
      ),
      (#"{"memorySze": 128}"#, "fn/b/function.json:1:2: unknown key \"memorySze\""),
      (#"{"memorySize": 1}"#, "fn/b/function.json:1:16: \"memorySize\" must be between"),
      ("{\n  \"memorySize\": 128,\n}", "fn/b/function.json:3:1: JSON has no comma after the last value"),
      ("<<<<<<< HEAD\n", "fn/b/function.json:1:1: '<' begins no value"),
      ("", "fn/b/function.json:1:1: the text ends where a value was expected"),
      (#"{"uses": ["../nowhere"]}"#, "fn/b/function.json:1:11: \"uses\": there is no folder"),
      ("[]", "fn/b/function.json:1:1: the file must be an object, not an array"),
    ])
  func broken(file: String, fault: String) async throws {
    let listing = try await Self.listing(Self.shop(file))
    #expect(listing.functions.map(\.name) == ["a", "b", "c"])
    #expect(listing.functions.map(\.functionName) == ["shop-a", "shop-b", "legacy-c-prod"])
    #expect(listing.faults.map(\.function) == ["b"])
    #expect(listing.faults.first?.functionName == "shop-b")
    #expect(listing.faults.first?.error.description.hasPrefix(fault) == true, "\(listing.faults)")
  }

  @Test(
    "what only a build needs is not looked at",
    arguments: [
      #"{"environment": {"variables": {"AA": "${env:NOT_SET}"}}}"#,
      #"{"environment": {"variables": {"AA": "${ssm:/renamed}"}}}"#,
      #"{"role": "arn:aws:iam::${account}:role/r"}"#, #"{"inputs": ["gone"]}"#,
      #"{"smoke": [{"event": "gone.json"}]}"#, #"{"environments": {"prdo": {}}}"#,
    ])
  func notLookedAt(file: String) async throws {
    let listing = try await Self.listing(Self.shop(file))
    #expect(listing.functions.map(\.functionName) == ["shop-a", "shop-b", "legacy-c-prod"])
    #expect(listing.faults.isEmpty, "\(listing.faults)")
  }

  @Test("a name that nothing but a variable or a parameter tells leaves its function out, with the reason")
  func unknownName() async throws {
    for reference in ["${env:NOT_SET}", "${ssm:/name}"] {
      let listing = try await Self.listing(Self.shop("{\"functionName\": \"\(reference)\"}"))
      #expect(listing.functions.map(\.name) == ["a", "c"])
      #expect(listing.faults.map(\.function) == ["b"])
      #expect(listing.faults.first?.functionName == nil)
    }
    let set = try await Self.listing(
      Self.shop(#"{"functionName": "${env:NAME}-${region}"}"#), environment: ["NAME": "old"])
    #expect(set.functions.map(\.functionName) == ["shop-a", "old-eu-west-1", "legacy-c-prod"])
  }

  @Test("hooks and smoke events are taken where they can be")
  func aroundTraffic() async throws {
    var files = Self.shop(
      #"{"smoke": [{"event": "e.json"}, {"event": "gone.json"}], "hooks": {"afterTraffic": ["./tell", "${environment}"], "beforeTraffic": ["${env:NOT_SET}"]}}"#
    )
    files["fn/b/e.json"] = "{}"
    let listing = try await Self.listing(files)
    let function = try #require(listing.functions.first { $0.name == "b" })
    #expect(function.isSmoked)
    #expect(function.smokeEvents.map { $0.hasSuffix("/fn/b/e.json") } == [true])
    #expect(function.afterTraffic == ["./tell", "prod"])
    #expect(function.beforeTraffic == nil)
    #expect(function.eventsFolder == nil)
  }

  @Test("of two functions with one name only one is there, and the two are told")
  func sameName() async throws {
    var files = Self.shop(nil)
    files["fn/b/function.json"] = #"{"functionName": "shop-a"}"#
    let listing = try await Self.listing(files)
    #expect(listing.functions.map(\.functionName) == ["shop-a", "legacy-c-prod"])
  }
}

@Suite("What is left of a broken lamctl.json")
struct PartialConfigTests {
  private static func read(_ text: String, environment: [String: String] = [:]) throws -> (
    Workspace, EnvironmentReading
  ) {
    let repository = try Repository(["lamctl.json": text])
    defer { withExtendedLifetime(repository) {} }
    let workspace = try Workspace.read(root: repository.path, environment: environment)
    return (workspace, try workspace.readEnvironment(named: "prod"))
  }

  @Test(
    "alias, region and account are read although something else is wrong",
    arguments: [
      #"{"keepVersion": 3, "environments": {"prod": {"alias": "live", "region": "eu-west-1", "account": "123456789012"}}}"#,
      #"{"environments": {"prod": {"alias": "live", "region": "eu-west-1", "account": "123456789012", "rollout": {"bake": "10"}}}}"#,
      #"{"environments": {"prod": {"alias": "live", "region": "eu-west-1", "account": "123456789012", "bucket": "${env:NOT_SET}"}}}"#,
      "{\n\"keepVersions\": 3 // three\n,\"environments\": {\"prod\": {\"alias\": \"live\", \"region\": \"eu-west-1\", \"account\": \"123456789012\",}}}",
      "{\n\"keepVersions\": three,\n\"environments\": {\"prod\": {\"alias\": \"live\" \"region\": \"eu-west-1\", \"account\": \"123456789012\"}}}",
      "{\n<<<<<<< HEAD\n\"keepVersions\": 3,\n=======\n\"keepVersions\": 4,\n>>>>>>> theirs\n\"environments\": {\"prod\": {\"alias\": \"live\", \"region\": \"eu-west-1\", \"account\": \"123456789012\"}}}",
      #"{"environments": {"prod": {"alias": "live", "region": "eu-west-1", "account": "123456789012"}, "next": 7}}"#,
    ])
  func salvaged(text: String) throws {
    let (workspace, reading) = try Self.read(text)
    #expect(!(workspace.faults + reading.faults).isEmpty)
    #expect(reading.environment.alias == "live")
    #expect(reading.environment.region == "eu-west-1")
    #expect(reading.environment.account == "123456789012")
    #expect(
      reading.unknown.isDisjoint(with: ["alias", "region", "account", "endpoint"]), "\(reading.unknown)")
    #expect(workspace.unknown.isDisjoint(with: ["name", "project", "functions"]))
  }

  @Test(
    "what is not known is never taken for what nobody wrote",
    arguments: [
      (#"{"environments": {"prod": {"alais": "live"}}}"#, "alias"),
      (#"{"environments": {"prod": {"alias": 7}}}"#, "alias"),
      (#"{"environments": {"prod": {"alias": "${env:NOT_SET}"}}}"#, "alias"),
      (#"{"environments": {"prod": {"regoin": "eu-west-1"}}}"#, "region"),
      (#"{"environments": {"prod": {"account": "12"}}}"#, "account"),
      (#"{"environments": {"prod": {"endpoint": "sandbx"}}}"#, "endpoint"),
      (#"{"enviroments": {"prod": {"alias": "live"}}}"#, "alias"),
      (#"{"environments": {"prod": 7}}"#, "alias"),
      ("{\"environments\": {\"prod\": {\n\"alias\": live,\n\"region\": \"eu-west-1\"}}}", "alias"),
    ])
  func unknown(text: String, key: String) throws {
    let (workspace, reading) = try Self.read(text)
    #expect(!(workspace.faults + reading.faults).isEmpty)
    #expect(reading.unknown.contains(key), "\(reading.unknown)")
  }

  @Test(
    "the template of names too",
    arguments: [
      #"{"nmae": "{function}-x"}"#, #"{"name": 7}"#, #"{"projct": "shop"}"#,
      "{\n\"name\": {function},\n\"keepVersions\": 3}",
    ])
  func unknownNames(text: String) throws {
    let repository = try Repository(["lamctl.json": text])
    do {
      let workspace = try Workspace.read(root: repository.path, environment: [:])
      #expect(!workspace.unknown.isDisjoint(with: ["name", "project"]), "\(workspace.unknown)")
    } catch {
      // Lines that open and close something are not guessed at.
      #expect(text.contains("{function},"))
    }
  }

  @Test(
    "a text whose brackets do not match is not guessed at",
    arguments: [
      #"{"environments": {"prod": {"alias": "live", "staging": {"alias": "s"}}"#, #"{"a": [}"#, "",
      "<<<<<<< HEAD",
      #"{"environments": {"prod": {"alias": "live"}}}}"#,
    ])
  func unreadable(text: String) throws {
    let repository = try Repository(["lamctl.json": text])
    #expect(throws: PackagerError.self) { try Workspace.read(root: repository.path, environment: [:]) }
  }

  @Test("a text with one slip, whichever and wherever, says what it meant", arguments: 0..<3, 0..<4)
  func repair(slip: Int, at: Int) throws {
    let keys = ["project", "keepVersions", "defaultEnvironment", "lamctl"]
    let values = ["\"shop\"", "3", "\"prod\"", "\">=0.1\""]
    var lines: [String] = []
    for (index, (key, value)) in zip(keys, values).enumerated() {
      let isLast = index == keys.count - 1
      var line = "\"\(key)\": \(value)\(isLast ? "" : ",")"
      if index == at {
        switch slip {
        case 0: line = isLast ? line + "," : String(line.dropLast())
        case 1: line += " // note"
        default: lines.append("======= \(key)")
        }
      }
      lines.append(line)
    }
    var repair = JSONRepair(Array("{\n\(lines.joined(separator: "\n"))\n}".utf8))
    let node = repair.node()
    let expected = try JSON(
      parsing: "{" + zip(keys, values).map { "\"\($0)\": \($1)" }.joined(separator: ",") + "}")
    #expect(node?.json == expected)
  }
}

@Suite("All faults of a run")
struct AllFaultsTests {
  @Test("faults of several files, handlers and values are told together, each once")
  func together() async throws {
    let repository = try Repository([
      "lamctl.json": #"{"functions": ["fn/*", "gone/*"], "environments": {"prod": {}}}"#,
      "fn/a/handler.py": pythonHandler, "fn/a/function.json": #"{"memorySize": 1, "timeot": 3}"#,
      "fn/b/handler.py": pythonHandler, "fn/b/function.json": "{",
      "fn/c/handler.py": pythonHandler, "fn/c/function.json": #"{"handler": "handler.nothing"}"#,
      "fn/d/handler.py": pythonHandler,
      "fn/d/function.json": #"{"description": "${env:NOT_SET}", "role": "${account} ${ssm:/role}"}"#,
    ])
    let workspace = try repository.open()
    defer { withExtendedLifetime(repository) {} }
    do {
      _ = try await workspace.functions(
        in: try workspace.environment(named: "prod"),
        values: InterpolationValues(
          region: nil,
          account: {
            Issue.record("AWS was asked although the files are wrong")
            return ""
          },
          parameters: { _ in
            Issue.record("AWS was asked although the files are wrong")
            return [:]
          }))
      Issue.record("nothing was wrong")
    } catch let error as PackagerError {
      let places = error.all.map { String($0.description.prefix { $0 != " " }) }
      #expect(
        places == [
          "fn/a/function.json:1:16:", "fn/a/function.json:1:19:", "fn/b/function.json:1:2:",
          "lamctl.json:1:24:",
          "fn/c/function.json:1:13:", "fn/d/function.json:1:17:",
        ])
    }
  }

  @Test("AWS is asked for nothing while a variable is missing")
  func missingVariable() async throws {
    let repository = try Repository([
      "a/handler.py": pythonHandler,
      "a/function.json": #"{"description": "${env:NOT_SET}", "role": "${account}${ssm:/role}"}"#,
    ])
    let text = await message { _ = try await repository.functions(parameters: [:]) }
    #expect(text.hasPrefix("a/function.json:1:17: the environment variable NOT_SET is not set"), "\(text)")
  }

  @Test("a wrong lamctl.json does not hide what is wrong in other files")
  func root() throws {
    let repository = try Repository([
      "lamctl.json": #"{"keepVersions": 0, "projct": "x"}"#, "a/function.json": #"{"handlr": "x.y"}"#,
      "b/function.json": "{,}",
    ])
    let text = message { _ = try repository.open() }
    #expect(
      text.split(separator: "\n").map { $0.prefix { $0 != " " } } == [
        "lamctl.json:1:18:", "lamctl.json:1:21:", "a/function.json:1:2:", "b/function.json:1:2:",
      ])
  }
}
