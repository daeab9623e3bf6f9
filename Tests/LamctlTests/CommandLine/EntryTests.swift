import Core
import Testing

@testable import lamctl

@Suite("The tool as a whole")
struct EntryTests {
  @Test(
    "help is printed on stdout and is no failure",
    arguments: [
      [], ["help"], ["--help"], ["-h"], ["version", "--help"], ["version", "-h"], ["help", "version"],
      ["--region", "x", "--help"],
    ])
  func help(arguments: [String]) async {
    let world = World()
    #expect(await run(world, arguments) == .done)
    #expect(world.out.text.contains("Usage: lamctl "))
    #expect(world.out.text.contains("version"))
    #expect(world.err.text.isEmpty)
  }

  @Test(
    "the version is one line, wherever --version stands",
    arguments: [
      ["--version"], ["help", "--version"],
    ])
  func version(arguments: [String]) async {
    let world = World()
    #expect(await run(world, arguments) == .done)
    #expect(world.out.text == "lamctl \(Build.version)\n")
  }

  @Test("wrong usage names commands as they have to be typed as well, and usages as they are")
  func wrongUsageElsewhere() async {
    let world = World(environment: ["LAMCTL_SANDBOX": "1"])
    #expect(await run(world, ["logs", "--config", "c.json", "--region=r"]) == .usage)
    #expect(
      world.err.text == "lamctl: no function is named\n"
        + "  fix: 'lamctl list --config c.json' names them: lamctl logs FUNCTION --config c.json --region r --sandbox\n"
    )
    let other = World()
    #expect(await run(other, ["status", "a", "b", "--sandbox"]) == .usage)
    #expect(
      other.err.text.hasSuffix("  fix: usage: lamctl status [ENVIRONMENT] [options]\n"), "\(other.err.text)")
  }

  @Test(
    "wrong usage is exit code 64 with a line that says what, and one with the fix",
    arguments: [
      (["verson"], "lamctl: unknown command 'verson'\n  fix: did you mean 'version'?\n"),
      (["frobnicate"], "lamctl: unknown command 'frobnicate'\n  fix: 'lamctl help' lists the commands\n"),
      (["help", "hepl"], "lamctl: unknown command 'hepl'\n  fix: did you mean 'help'?\n"),
      (["version", "--jsno"], "lamctl: unknown option '--jsno' of version\n  fix: did you mean '--json'?\n"),
      (
        ["--jsno", "version"],
        "lamctl: unknown option '--jsno' before a command\n  fix: did you mean '--json'?\n"
      ),
      (
        ["--canary", "10%"],
        "lamctl: unknown option '--canary' before a command\n  fix: write the options of a command after its name\n"
      ),
      (["--json=0"], "lamctl: no command is given\n  fix: 'lamctl help' lists the commands\n"),
      (
        ["version", "x"],
        "lamctl: unexpected argument 'x' of version\n  fix: usage: lamctl version [options]\n"
      ),
      (
        ["version", "--", "--json"],
        "lamctl: unexpected argument '--json' of version\n  fix: usage: lamctl version [options]\n"
      ),
    ])
  func wrongUsage(arguments: [String], expected: String) async {
    let world = World()
    #expect(await run(world, arguments) == .usage)
    #expect(world.err.text == expected)
    #expect(world.out.text.isEmpty)
  }

  @Test(
    "with --json a failure is a document too",
    arguments: [
      (["version", "--jso", "--json"], "lamctl.version/1"), (["--json", "verson"], "lamctl.error/1"),
      (["--json"], "lamctl.error/1"),
    ])
  func failureDocument(arguments: [String], schema: String) async throws {
    let world = World()
    #expect(await run(world, arguments) == .usage)
    let document = try JSON(parsing: world.out.text)
    #expect(document["schema"]?.string == schema)
    #expect(document["exitCode"]?.int == 64)
    #expect(document["error"]?["message"]?.string?.isEmpty == false)
    #expect(document["error"]?["fix"]?.string?.isEmpty == false)
  }

  @Test("LAMCTL_JSON asks for documents as well, and --json=false overrules it")
  func variable() async throws {
    var world = World()
    world.environment = ["LAMCTL_JSON": "1"]
    #expect(await run(world, ["verson"]) == .usage)
    #expect(try JSON(parsing: world.out.text)["schema"]?.string == "lamctl.error/1")
    var plain = World()
    plain.environment = world.environment
    #expect(await run(plain, ["verson", "--json=false"]) == .usage)
    #expect(plain.out.text.isEmpty)
  }

  @Test("version tells what it was built with", arguments: [["version", "--json"], ["--json", "version"]])
  func buildFacts(arguments: [String]) async throws {
    let world = World()
    #expect(await run(world, arguments) == .done)
    let document = try JSON(parsing: world.out.text)
    #expect(document["schema"]?.string == "lamctl.version/1")
    #expect(document["version"]?.string == Build.version)
    // A checkout's files may differ from its commit; only an export of a commit is known to be of one.
    #expect(document["commit"] == .null)
    #expect(document["platform"]?.string?.hasPrefix("linux") == true)
  }

  @Test("help as JSON has the options of the command that is asked for")
  func helpDocument() async throws {
    let world = World()
    #expect(await run(world, ["help", "help", "--json"]) == .done)
    let commands = try JSON(parsing: world.out.text)["commands"]?.array ?? []
    #expect(commands.map { $0["name"]?.string } == ["help"])
    let names = commands.first?["parameters"]?.array?.compactMap { $0["name"]?.string } ?? []
    #expect(names.first == "COMMAND" && names.contains("--region"))
  }

  private func run(_ world: World, _ arguments: [String]) async -> ExitCode {
    await Lamctl.run(in: world.context(arguments))
  }
}
