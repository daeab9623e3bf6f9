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
}
