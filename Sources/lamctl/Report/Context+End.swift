internal import Core
internal import Glibc

extension Context {
  /// Writes the last event, where events are wanted, and tells what of result and events has not arrived: a step that reads
  /// a document must not go on with half of it. Traffic that was moved stays where it is, and so does the code that says so.
  ///
  /// - Returns: what the process ends with.
  func end(_ code: ExitCode, failure: Failure? = nil) -> ExitCode {
    var code = code
    var ending = ending.withLock { $0 }
    if let failure { ending.error = failure.json }
    if output !== errors, let failure = loss(of: "the result is", output.loss, &code) {
      if code == .failed, ending.error == .null { ending.error = failure.json }
    }
    events?.end(code, ending)
    _ = loss(of: "the events are", events?.loss, &code)
    return code
  }

  /// Tells that something has not arrived whole.
  private func loss(of what: String, _ loss: SystemError?, _ code: inout ExitCode) -> Failure? {
    guard let loss else { return nil }
    let isFull = [ENOSPC, EDQUOT, EFBIG].contains(loss.code)
    let failure = Failure(
      .failed, "\(what) cut off: \(loss)",
      fix: interruption.guardsTraffic
        ? "lamctl status shows what serves" : isFull ? "make room there, and run it again" : nil)
    tell(failure, verbose: false)
    if !interruption.guardsTraffic, [.done, .changes].contains(code) { code = .failed }
    return failure
  }
}
