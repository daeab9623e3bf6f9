import Core
import Glibc
import TestSupport
import Testing

@testable import lamctl

/// The real program, held fast in a write to a pipe that is full and that nobody reads.
private struct Stuck {
  let child: ChildProcess
  private let folder: TemporaryFolder

  /// - Parameter prelude: shell commands that run before the program takes the shell's place.
  init(prelude: String = ":") async throws {
    folder = try TemporaryFolder()
    let binary = try #require(try BuiltBinary.path())
    let script = """
      mkfifo pipe && exec 3<>pipe && head -c 65536 /dev/zero >&3; \(prelude); exec '\(binary)' version >&3
      """
    child = try ChildProcess.start(
      .init(
        arguments: ["sh", "-c", script], environment: .exactly(["PATH": "/usr/bin:/bin"]),
        folder: folder.path,
        timeout: .minutes(1))
    ) { _, _ in }
    let processID = child.processID
    let isReady = await eventually {
      let status =
        (try? Files.read("/proc/\(processID)/status")).map { String(decoding: $0, as: UTF8.self) } ?? ""
      let blocked = status.split(separator: "\n").first { $0.hasPrefix("SigBlk:") }?.split(separator: "\t")
        .last
      let terminate: UInt64 = 1 << 14
      return status.hasPrefix("Name:\tlamctl\n")
        && (blocked.flatMap { UInt64($0, radix: 16) } ?? 0) & terminate != 0
    }
    try #require(isReady, "the program did not get as far as waiting for signals")
  }

  func send(_ signal: Int32) { Glibc.kill(child.processID, signal) }
}

@Suite("Signals that the program gets")
struct SignalDeliveryTests {
  @Test(
    "Ctrl-C, a cancelled job and a closed terminal have exit codes of their own",
    arguments: [
      (SIGINT, ExitCode.interrupted), (SIGTERM, .terminated), (SIGHUP, .hungUp),
    ])
  func exitCode(signal: Int32, code: ExitCode) async throws {
    let stuck = try await Stuck()
    stuck.send(signal)
    #expect(await stuck.child.exit() == .code(code.rawValue))
  }

  @Test("a signal that the parent had set to be ignored stays ignored")
  func ignored() async throws {
    let stuck = try await Stuck(prelude: "trap '' INT HUP")
    stuck.send(SIGHUP)
    stuck.send(SIGINT)
    stuck.send(SIGTERM)
    #expect(await stuck.child.exit() == .code(ExitCode.terminated.rawValue))
  }
}
