import Core
import TestSupport
import Testing

@testable import lamctl

@Suite("init")
struct InitTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try Files.createFolder(folder.path + "/.git")
    try folder.write("fn/a/handler.py", "def lambda_handler(event, context):\n    return {}\n")
  }

  /// Runs `lamctl init` in the folder.
  ///
  /// - Parameter answer: what somebody at the terminal types; nil where nobody sits at one.
  private func run(
    _ arguments: String..., answer: String? = nil
  ) async -> (code: ExitCode, output: String, errors: String) {
    let world = World()
    var context = world.context(["init"] + arguments)
    context.folder = folder.path
    context.errorTerminal = .fixed(isLive: answer != nil)
    context.answer = { answer }
    let code = await Lamctl.run(in: context)
    return (code, world.out.text, world.err.text)
  }

  private var hasFile: Bool { Files.exists(folder.path + "/lamctl.json") }

  @Test("shows the files and writes none with --dry-run")
  func dryRun() async {
    let shown = await run("--dry-run")
    #expect(shown.code == .done, "\(shown.errors)")
    #expect(shown.output.contains("lamctl.json:\n{"))
    #expect(shown.output.contains("\"fn/a\""))
    #expect(!hasFile)
  }

  @Test("writes when somebody says yes, and nothing over what is there")
  func writes() async throws {
    #expect(await run(answer: "n").code == .failed)
    #expect(await run().code == .usage, "nobody can be asked")
    #expect(!hasFile)
    let written = await run(answer: "y")
    #expect(written.code == .done, "\(written.errors)")
    #expect(written.output == "Wrote lamctl.json\n")
    let text = try Files.read(folder.path + "/lamctl.json")
    #expect(try JSON(parsing: text)["environments"]?["prod"]?.object?.isEmpty == true)
    let again = await run("--yes")
    #expect(again.code == .config)
    #expect(again.errors.contains("lamctl.json is there already"))
    #expect(again.errors.contains("fix: compare with lamctl init --dry-run, or move"))
    #expect(try Files.read(folder.path + "/lamctl.json") == text)
  }

  @Test("carries a template over and lists what it cannot, in JSON too")
  func template() async throws {
    try folder.write(
      "template.yaml",
      "Resources:\n  A:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: fn/a\n      FunctionName: shop-a\n      Handler: handler.lambda_handler\n      Role: !GetAtt R.Arn\n"
    )
    let done = await run("--from", "template.yaml", "--yes", "--json", "--environment-name", "live")
    #expect(done.code == .done, "\(done.errors)")
    let document = try JSON(parsing: done.output)
    #expect(document["written"]?.bool == true)
    #expect(document["files"]?["fn/a/function.json"]?["functionName"]?.string == "shop-a")
    #expect(document["files"]?["lamctl.json"]?["environments"]?.object?.keys == ["live"])
    #expect(document["notCarriedOver"]?.array?.count == 1)
    #expect(Files.exists(folder.path + "/fn/a/function.json"))
    let again = await run("--from", "template.yaml", "--yes", "--environment-name", "live")
    #expect(
      again.errors.contains(
        "compare with lamctl init --from template.yaml --environment-name live --dry-run, or move"),
      "\(again.errors)")
  }

  @Test("refuses a source outside of the repository, and says what it saw where there is no function")
  func refused() async throws {
    #expect(await run("--from", "/etc/hostname", "--yes").code == .usage)
    let empty = try TemporaryFolder()
    try Files.createFolder(empty.path + "/.git")
    try empty.write("go.mod", "module a\n")
    let world = World()
    var context = world.context(["init", "--yes"])
    context.folder = empty.path
    #expect(await Lamctl.run(in: context) == .config)
    #expect(world.err.text.contains("go.mod"))
  }
}
