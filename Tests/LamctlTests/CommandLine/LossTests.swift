import Core
import Glibc
import TestSupport
import Testing

@testable import lamctl

@Suite("Results that do not arrive")
struct LossTests {
  private static func full(_ name: String) throws -> Output {
    let descriptor = open("/dev/full", O_WRONLY | O_CLOEXEC)
    try #require(descriptor >= 0)
    return Output(descriptor: descriptor, name: name)
  }

  @Test(
    "a document that is cut off is a failure that is told",
    arguments: [["version", "--json"], ["help"], ["--version"], ["schema"], ["--help", "--json"]])
  func full(arguments: [String]) async throws {
    let world = World()
    var context = world.context(arguments)
    context.output = try Self.full("standard output")
    #expect(await Lamctl.run(in: context) == .failed)
    #expect(
      world.err.text.hasPrefix(
        "lamctl: the result is cut off: cannot write to standard output: No space left on device\n  fix: "),
      "\(world.err.text)")
  }

  @Test("what was wrong already keeps its code")
  func failed() async throws {
    let world = World()
    var context = world.context(["nonsense", "--json"])
    context.output = try Self.full("standard output")
    #expect(await Lamctl.run(in: context) == .usage)
    #expect(world.err.text.contains("the result is cut off"))
  }

  @Test("a reader that has seen enough is no failure")
  func enough() async throws {
    let world = World()
    var context = world.context(["schema"])
    context.output = Output { (_) throws(SystemError) in
      throw SystemError(operation: "write to", subject: "standard output", code: EPIPE)
    }
    #expect(context.output.isTaken)
    #expect(await Lamctl.run(in: context) == .done)
    #expect(world.err.text.isEmpty && !context.output.isTaken)
  }

  @Test("traffic that was moved is where the code says, and the loss is told beside it")
  func traffic() throws {
    let world = World()
    var context = world.context([])
    context.output = try Self.full("standard output")
    context.output.write("promoted")
    _ = context.interruption.guardingTraffic()
    #expect(context.end(.done) == .done)
    #expect(world.err.text.contains("the result is cut off"))
    #expect(world.err.text.contains("lamctl status"))
  }

  @Test("events that are cut off are a failure, and the last of a file tells of a result that is")
  func events() throws {
    let world = World()
    var context = world.context([])
    context.events = EventStream(output: try Self.full("events.ndjson")) { Timestamp(seconds: 0) }
    #expect(context.end(.done) == .failed)
    #expect(world.err.text.contains("the events are cut off: cannot write to events.ndjson: "))
    let written = Collected()
    context.events = EventStream(output: written.output) { Timestamp(seconds: 0) }
    context.output = try Self.full("standard output")
    context.output.write("x")
    #expect(context.end(.done) == .failed)
    #expect(written.text.contains("\"exitCode\":1") && written.text.contains("is cut off"), "\(written.text)")
  }

  @Test(
    "events that have nowhere to go end the run before it has begun", arguments: [[], ["--json"]])
  func nowhere(more: [String]) async throws {
    let world = World()
    #expect(await Lamctl.run(in: world.context(["schema", "--events", "/nosuch/x"] + more)) == .failed)
    #expect(
      world.err.text.hasPrefix("lamctl: cannot append to /nosuch/x: No such file or directory\n  fix: "))
    if more.isEmpty {
      #expect(world.out.text.isEmpty)
    } else {
      #expect(try JSON(parsing: world.out.text)["exitCode"]?.int == 1)
    }
  }
}
