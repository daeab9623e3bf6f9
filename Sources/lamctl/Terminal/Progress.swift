internal import Core

/// Progress on stderr: redrawn in place on a terminal, else a line per event.
///
/// The one that reports changes says what the picture is and what has happened; which of the two is shown is
/// decided here.
final class Progress: Sendable {
  /// How progress is shown.
  enum Mode: Equatable, Sendable {
    /// A picture that is redrawn, with events scrolling away above it.
    case live
    /// `2026-11-21T05:49:00Z orders: canary at 10%`, without control characters.
    case lines
    /// Nothing.
    case quiet
  }

  private struct State {
    var view = LiveView()
    var pending: [String] = []
    /// Cells of each line of the picture that is on the screen.
    var drawn: [Int] = []
    var frame = 0
    var isFinished = false
  }

  let mode: Mode
  private let output: Output
  private let terminal: Terminal
  private let clock: any WallClock
  private let speller: @Sendable (String) -> String
  private let state = Lock(State())

  /// - Parameters:
  ///   - clock: stamps the lines; a rehearsal's own time.
  ///   - speller: what a sentence goes through, so that the commands in it can be typed.
  init(
    mode: Mode, output: Output, terminal: Terminal, clock: any WallClock,
    speller: @escaping @Sendable (String) -> String = { $0 }
  ) {
    self.speller = speller
    self.mode = mode
    self.output = output
    self.terminal = terminal
    self.clock = clock
  }

  /// Changes the picture; shown with the next frame.
  func update(_ change: (inout LiveView) -> Void) {
    state.withLock { change(&$0.view) }
  }

  /// Tells of something that happened; `function` is its logical name.
  func event(_ text: String, function: String? = nil) {
    let text = PlainText.line((function.map { $0 + ": " } ?? "") + speller(text))
    switch mode {
    case .quiet: return
    case .lines: state.withLock { _ in output.write("\(clock.now().iso8601) \(text)\n") }
    case .live:
      // The last cell stays free: what erases the rest of a line that is full would erase that.
      let lines = Paragraph.lines(text, columns: max(10, terminal.size().columns - 1))
      state.withLock { state in
        if state.isFinished {
          output.write(lines.map { $0 + "\n" }.joined())
        } else {
          state.pending += lines
        }
      }
    }
  }

  /// Tells of something that nobody may miss, also where there is no progress to see.
  func notice(_ text: String) {
    guard mode != .quiet else {
      let line = "lamctl: \(PlainText.line(speller(text)))\n"
      return output.write(
        Paragraph.wrapped(line, columns: terminal.isLive ? terminal.size().columns : nil))
    }
    event(text)
    // At once, also where nobody draws.
    drawFrame()
  }

  /// Draws ten pictures a second of real time until the task is cancelled, then the last one.
  func paint() async {
    guard mode == .live else { return }
    let pace = SystemClock()
    repeat { drawFrame() } while (try? await pace.sleep(for: .seconds(0.1))) != nil
    finish()
  }

  /// Runs `work` with pictures drawn beside it, and leaves the last one on the screen.
  func during<Success: Sendable, E: Error>(
    _ work: () async throws(E) -> Success
  ) async throws(E) -> Success {
    let painter = Task { await paint() }
    do throws(E) {
      let result = try await work()
      painter.cancel()
      await painter.value
      return result
    } catch {
      painter.cancel()
      await painter.value
      throw error
    }
  }

  /// Draws the picture as it is now, with the events since the last one above it, in a single write.
  func drawFrame() {
    state.withLock { state in
      guard mode == .live, !state.isFinished else { return }
      output.write(frame(&state))
    }
  }

  /// Draws the last picture; events after it are plain lines.
  func finish() {
    state.withLock { state in
      guard mode == .live, !state.isFinished else { return }
      output.write(frame(&state))
      state.isFinished = true
    }
  }

  private func frame(_ state: inout State) -> String {
    let size = terminal.size()
    let lines = state.view.lines(
      size: size, style: terminal.style, frame: state.frame, now: clock.now())
    // A line that was drawn on a wider screen is wrapped now.
    let above = state.drawn.reduce(0) { $0 + max(1, ($1 + size.columns - 1) / max(1, size.columns)) }
    var text = above > 0 ? "\r\u{1B}[\(above)A" : ""
    // Each line is followed by "erase to its end", the last by "erase what is below": no flicker, nothing left over.
    for line in state.pending + lines { text += line + "\u{1B}[K\n" }
    if above > 0 { text += "\u{1B}[J" }
    state.pending = []
    state.drawn = lines.map { Cells.width(PlainText.line($0)) }
    state.frame += 1
    return text
  }
}
