internal import Core

/// What is printed, and the lines that Lambda adds.
extension RuntimeEnvironment {
  func log(_ line: String) { log([line]) }

  func log(_ lines: [String]) {
    guard !lines.isEmpty else { return }
    logs.append(lines, group: target.logGroup, stream: logStream, at: clock.now())
  }

  /// A line of the process's output.
  func add(line: String) {
    if line.hasPrefix(Bootstraps.marker) {
      let id = String(line.dropFirst(Bootstraps.marker.count))
      let lines = state.update { state -> [String] in
        state.marked = id
        guard let deferred = state.deferred, deferred.id == id else { return [] }
        state.deferred = nil
        return deferred.lines
      }
      return log(lines)
    }
    state.update { state in
      if state.printed.count < 500 { state.printed.append(line) }
    }
    log(line)
  }

  /// Writes END and REPORT behind the invocation's output, and puts all of it into `outcome` if wanted.
  func finish(_ invocation: Invocation, _ outcome: inout InvocationOutcome, wantsLog: Bool) {
    let duration = outcome.duration.formatted(digits: 2)
    let billed = Int(outcome.duration.rounded(.up))
    let initialization = state.read { state -> String in
      defer { state.isWarm = true }
      guard !state.isWarm, let ready = state.ready else { return "" }
      return "\tInit Duration: \(((ready - startedAt) * 1_000).formatted(digits: 2)) ms"
    }
    let lines = [
      "END RequestId: \(invocation.id)",
      "REPORT RequestId: \(invocation.id)\tDuration: \(duration) ms\tBilled Duration: \(billed) ms\t"
        + "Memory Size: \(target.memory) MB\tMax Memory Used: \(peakMemory()) MB\(initialization)",
    ]
    if wantsLog { awaitOutput(invocation) }
    let (isComplete, printed) = state.update { state in
      let isComplete = !marksOutput || state.marked == invocation.id || state.ended != nil
      if !isComplete { state.deferred = (invocation.id, lines) }
      return (isComplete, state.printed)
    }
    if isComplete { log(lines) }
    if wantsLog {
      let start = "START RequestId: \(invocation.id) Version: \(target.version)"
      outcome.log = ([start] + printed + lines).joined(separator: "\n") + "\n"
    }
  }

  /// The output comes through a pipe and may be a little behind the answer.
  private func awaitOutput(_ invocation: Invocation) {
    let patience = marksOutput ? 0.5 : 0.02
    _ = state.wait(until: Monotonic.now() + patience) { state in
      state.marked == invocation.id || state.ended != nil ? true : nil
    }
  }

  /// The process's largest resident size in MB.
  private func peakMemory() -> Int {
    guard let child = state.read({ $0.child }),
      let status = try? Files.read("/proc/\(child.processID)/status")
    else { return 0 }
    for line in status.split(separator: UInt8(ascii: "\n")) where line.starts(with: "VmHWM:".utf8) {
      let digits = line.filter { (48...57).contains($0) }
      return (Int(String(decoding: digits, as: UTF8.self)) ?? 0) / 1_024
    }
    return 0
  }
}
