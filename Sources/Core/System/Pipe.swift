internal import CSystem
import Glibc

/// A pipe whose ends are closed with it, unless they are handed on.
final class Pipe {
  let readEnd: Int32
  private(set) var writeEnd: Int32
  private var owned = true

  init() throws(SystemError) {
    var ends: [Int32] = [0, 0]
    guard pipe2(&ends, O_CLOEXEC) == 0 else { throw .current("open", "a pipe") }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    guard owned else { return }
    close(readEnd)
    if writeEnd >= 0 { close(writeEnd) }
  }

  func closeWriteEnd() {
    close(writeEnd)
    writeEnd = -1
  }

  /// Hands both ends to somebody who closes them.
  func leaveOpen() { owned = false }
}
