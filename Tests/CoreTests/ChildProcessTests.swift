import Core
import Glibc
import TestSupport
import Testing

@Suite("Child processes")
struct ChildProcessTests {
  private let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "WORD": "given"]

  private func shell(_ script: String, timeout: TimeSpan? = nil, grace: TimeSpan = .seconds(0.2))
    -> ChildProcess.Specification
  {
    ChildProcess.Specification(
      arguments: ["sh", "-c", script], environment: .exactly(environment), timeout: timeout, grace: grace)
  }

  private func run(_ specification: ChildProcess.Specification) async throws -> (ChildProcess.Exit, [String])
  {
    let lines = Lock<[String]>([])
    let exit = try await ChildProcess.run(specification) { stream, line in
      lines.withLock { $0.append("\(stream == .output ? "out" : "err") \(line)") }
    }
    return (exit, lines.withLock { $0 })
  }

  @Test("lines of both streams arrive, an unfinished last one too")
  func lines() async throws {
    let (exit, lines) = try await run(shell("echo one; echo two >&2; printf three"))
    #expect(exit == .code(0))
    #expect(Set(lines) == ["out one", "err two", "out three"])
  }

  @Test("the environment is exactly the one given")
  func environmentIsExact() async throws {
    let (_, lines) = try await run(
      ChildProcess.Specification(arguments: ["env"], environment: .exactly(environment)))
    #expect(Set(lines) == ["out PATH=\(environment["PATH"] ?? "")", "out WORD=given"])
  }

  @Test("exit codes and signals are told apart")
  func exits() async throws {
    #expect(try await run(shell("exit 3")).0 == .code(3))
    #expect(try await run(shell("kill -9 $$")).0 == .signal(SIGKILL))
  }

  @Test("a program past its time is ended with its whole group")
  func timeout() async throws {
    let (exit, lines) = try await run(shell("sleep 600 & echo $!; wait", timeout: .seconds(0.3)))
    #expect(exit == .timedOut)
    let grandchild = try #require(lines.first?.split(separator: " ").last.flatMap { pid_t($0) })
    #expect(await eventually { Glibc.kill(grandchild, 0) != 0 || isZombie(grandchild) })
  }

  @Test("a program that ignores SIGTERM is killed")
  func stubborn() async throws {
    let child = try ChildProcess.start(shell("trap '' TERM; echo ready; while :; do sleep 0.05; done")) {
      _, _ in
    }
    child.terminate()
    let exit = await child.exit()
    #expect(exit == .signal(SIGKILL) || exit == .signal(SIGTERM))
    child.terminate()
  }

  @Test("asked to end at the very moment of its end, a program takes nobody with it")
  func asked() async throws {
    // A write to a pipe that nobody reads any more would end this process.
    for _ in 0..<100 {
      let child = try ChildProcess.start(
        ChildProcess.Specification(arguments: ["true"], environment: .exactly(environment))
      ) { _, _ in }
      async let exit = child.exit()
      for _ in 0..<2_000 { child.terminate() }
      #expect([.code(0), .signal(SIGTERM)].contains(await exit))
    }
  }

  @Test("cancelling the task ends the program")
  func cancel() async throws {
    let task = Task { try await run(shell("sleep 600")).0 }
    task.cancel()
    #expect(try await task.value == .signal(SIGTERM))
  }

  @Test("a grandchild that keeps the pipes does not keep the tool")
  func orphan() async throws {
    let (exit, _) = try await run(shell("(trap '' HUP TERM; sleep 600) & exit 0"))
    #expect(exit == .code(0))
  }

  @Test("a missing program and a missing folder are different errors")
  func missing() {
    let program = ChildProcess.Specification(
      arguments: ["no-such-program"], environment: .exactly(environment))
    let one = #expect(throws: SystemError.self) { _ = try ChildProcess.start(program) { _, _ in } }
    #expect(one?.description == "cannot run no-such-program: No such file or directory")
    let folder = ChildProcess.Specification(
      arguments: ["true"], environment: .exactly(environment), folder: "/no/such")
    let two = #expect(throws: SystemError.self) { _ = try ChildProcess.start(folder) { _, _ in } }
    #expect(two?.description == "cannot run a program in /no/such: No such file or directory")
  }

  private func isZombie(_ process: pid_t) -> Bool {
    guard let status = try? Files.read("/proc/\(process)/stat") else { return true }
    return String(decoding: status, as: UTF8.self).contains(") Z ")
  }
}
