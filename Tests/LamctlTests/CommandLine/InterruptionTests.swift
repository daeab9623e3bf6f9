import Core
import TestSupport
import Testing

@testable import lamctl

@Suite("Signals")
struct InterruptionTests {
  private let exits = Exits()

  private final class Exits: Sendable {
    private let codes = Lock<[ExitCode]>([])
    var all: [ExitCode] { codes.withLock { $0 } }
    func append(_ code: ExitCode) { codes.withLock { $0.append(code) } }
  }

  private func interruption() -> Interruption {
    Interruption { [exits] in exits.append($0) }
  }

  @Test(
    "when nobody listens the first signal ends the process",
    arguments: [
      (Interruption.Signal.interrupt, ExitCode.interrupted), (.terminate, .terminated), (.hangUp, .hungUp),
    ])
  func unheard(signal: Interruption.Signal, code: ExitCode) {
    interruption().receive(signal)
    #expect(exits.all == [code])
    #expect(code.rawValue == 128 + signal.rawValue)
  }

  @Test("a listener gets the first signal; the second ends the process")
  func twice() async {
    let interruption = interruption()
    var signals = interruption.signals().makeAsyncIterator()
    interruption.receive(.terminate)
    #expect(exits.all.isEmpty)
    #expect(await signals.next() == .terminate)
    #expect(interruption.received == .terminate)
    interruption.receive(.interrupt)
    #expect(exits.all == [.interrupted])
  }

  @Test("a signal that came before the second listener reaches it too")
  func late() async {
    let interruption = interruption()
    let first = interruption.signals()
    interruption.receive(.interrupt)
    var second = interruption.signals().makeAsyncIterator()
    #expect(await second.next() == .interrupt)
    withExtendedLifetime(first) {}
  }

  @Test("one that stopped listening leaves the first signal to end the process")
  func stopped() async {
    let interruption = interruption()
    let listener = Task { for await _ in interruption.signals() {} }
    listener.cancel()
    await listener.value
    interruption.receive(.interrupt)
    #expect(exits.all == [.interrupted])
  }

  @Test("whoever guards traffic is told of every signal, and the end is its own to make")
  func guarded() async {
    let interruption = interruption()
    let endings = interruption.endings()
    var notices = interruption.guardingTraffic().makeAsyncIterator()
    for signal: Interruption.Signal in [.terminate, .hangUp, .interrupt, .interrupt] {
      interruption.receive(signal)
    }
    #expect(await notices.next() == .stop(.terminate))
    #expect(await notices.next() == .goOn(.hangUp, interruptsLeft: 2))
    #expect(await notices.next() == .goOn(.interrupt, interruptsLeft: 1))
    #expect(await notices.next() == .end(.interrupt))
    #expect(exits.all.isEmpty)
    interruption.receive(.terminate)
    #expect(exits.all == [.terminated])
    withExtendedLifetime(endings) {}
  }

  @Test("while a question waits for an answer a signal ends the run, although it guards traffic")
  func asking() async {
    let interruption = interruption()
    var notices = interruption.guardingTraffic().makeAsyncIterator()
    interruption.asking { interruption.receive(.interrupt) }
    #expect(await notices.next() == .end(.interrupt))
    #expect(exits.all.isEmpty)
  }

  @Test("a command that moves no traffic ends with one document and the signal's code")
  func document() async throws {
    let world = World()
    var context = world.context(["probe", "--json"])
    context.table = CommandTable(commands: [Probe.self])
    context.interruption = interruption()
    let run = Task { [context] in await Lamctl.run(in: context) }
    #expect(await eventually(within: .minutes(2)) { world.err.text.contains("at work") })
    context.interruption.receive(.terminate)
    #expect(await run.value == .terminated)
    let document = try JSON(parsing: world.out.text)
    #expect(document["schema"] == "lamctl.probe/1")
    #expect(document["exitCode"] == 143)
    #expect(document["error"]?["message"] == "ended by SIGTERM")
  }

  /// A command that reads for ever, and prints when nobody waits for it any more.
  private struct Probe: RunnableCommand {
    var globals = GlobalOptions()
    static let name = "probe"
    static let summary = "Read for ever"
    static let parameters: [Parameter<Probe>] = []
    static func operations(_: PolicyNeeds) -> [Operation] { [] }

    func run(in context: Context) async throws -> ExitCode {
      context.errors.write("at work\n")
      try await SystemClock().sleep(for: .minutes(5))
      return .done
    }
  }

  @Test("a second document is dropped")
  func oneDocument() {
    let world = World()
    let context = world.context([])
    context.printDocument(["a": 1])
    context.printDocument(["b": 2])
    #expect(world.out.pieces.count == 1)
  }
}
