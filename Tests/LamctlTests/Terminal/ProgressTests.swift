import Core
import TestSupport
import Testing

@testable import lamctl

@Suite("Progress")
struct ProgressTests {
  private let written = Collected()
  private let clock = ManualClock(start: Timestamp(seconds: 1_795_240_140))

  private func progress(_ mode: lamctl.Progress.Mode) -> lamctl.Progress {
    Progress(mode: mode, output: written.output, terminal: .fixed(columns: 60), clock: clock)
  }

  @Test("without a terminal every event is a line with the time and no control characters")
  func lines() async {
    let progress = progress(.lines)
    await progress.during {
      progress.update { $0.rows = [FunctionRow(name: "orders", state: .active)] }
      progress.event("canary at \u{1B}[31m10%\u{1B}[0m\rnow", function: "orders")
    }
    progress.event("done")
    #expect(
      written.pieces == [
        "\(clock.now().iso8601) orders: canary at 10% now\n", "\(clock.now().iso8601) done\n",
      ])
  }

  @Test("a frame is one write that goes back over the last one")
  func frames() {
    let progress = progress(.live)
    progress.update { view in
      view.rows = [
        FunctionRow(name: "a", state: .done, phase: "ok"), FunctionRow(name: "b", state: .waiting),
      ]
    }
    progress.drawFrame()
    progress.event("something", function: "a")
    progress.update { $0.rows[1].state = .done }
    progress.drawFrame()
    progress.finish()
    progress.drawFrame()
    progress.event("afterwards")
    #expect(
      written.pieces == [
        "✓ a ok\u{1B}[K\n· b\u{1B}[K\n",
        "\r\u{1B}[2Aa: something\u{1B}[K\n✓ a ok\u{1B}[K\n✓ b\u{1B}[K\n\u{1B}[J",
        "\r\u{1B}[2A✓ a ok\u{1B}[K\n✓ b\u{1B}[K\n\u{1B}[J",
        "afterwards\n",
      ])
  }

  @Test("the painter draws while the work lasts, and the last picture after it, also when it fails")
  func painting() async throws {
    struct Broken: Error {}
    let progress = progress(.live)
    await #expect(throws: Broken.self) {
      try await progress.during {
        progress.update { $0.rows = [FunctionRow(name: "a", state: .waiting)] }
        let drawn = await eventually { written.text.contains("· a") }
        #expect(drawn)
        progress.update { $0.rows = [FunctionRow(name: "a", state: .failed)] }
        throw Broken()
      }
    }
    #expect(written.pieces.last?.contains("✗ a") == true)
  }

  @Test("a line that a narrower terminal has wrapped is gone back over as a whole")
  func resize() {
    let columns = Lock(60)
    var terminal = Terminal.fixed()
    terminal.size = { Terminal.Size(columns: columns.withLock { $0 }, rows: 24) }
    let progress = Progress(mode: .live, output: written.output, terminal: terminal, clock: clock)
    progress.update {
      $0.rows = [FunctionRow(name: "a-function-with-a-name", state: .done, phase: "promoted")]
    }
    progress.drawFrame()
    columns.withLock { $0 = 20 }
    progress.drawFrame()
    #expect(written.pieces.last?.hasPrefix("\r\u{1B}[2A") == true)
  }

  @Test("quiet is quiet")
  func quiet() async {
    let progress = progress(.quiet)
    await progress.during { progress.event("x") }
    #expect(written.pieces.isEmpty)
  }
}
