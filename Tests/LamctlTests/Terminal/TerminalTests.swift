import Core
import Glibc
import TestSupport
import Testing

@testable import lamctl

@Suite("What a stream can show")
struct TerminalTests {
  @Test(
    "colours follow NO_COLOR, CLICOLOR_FORCE, TERM and the stream, in this order",
    arguments: [
      (true, [:], false, true), (false, [:], false, false), (true, [:], true, false),
      (true, ["NO_COLOR": "1"], false, false), (true, ["NO_COLOR": ""], false, true),
      (false, ["CLICOLOR_FORCE": "1"], false, true), (false, ["CLICOLOR_FORCE": "0"], false, false),
      (false, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false, false),
      (false, ["CLICOLOR_FORCE": "1"], true, false), (true, ["TERM": "dumb"], false, false),
      (true, ["CLICOLOR_FORCE": "1", "TERM": "dumb"], false, true), (true, ["CLICOLOR": "0"], false, false),
    ])
  func color(isTTY: Bool, environment: [String: String], noColor: Bool, expected: Bool) {
    #expect(Terminal(isTTY: isTTY, environment: environment, noColor: noColor).usesColor == expected)
  }

  @Test(
    "lines are redrawn only on a terminal with a person before it",
    arguments: [
      (true, [:], true), (false, [:], false), (true, ["TERM": "dumb"], false), (true, ["CI": "true"], false),
      (true, ["CI": "false"], true), (true, ["CLICOLOR_FORCE": "1"], true),
      (false, ["CLICOLOR_FORCE": "1"], false),
    ])
  func live(isTTY: Bool, environment: [String: String], expected: Bool) {
    #expect(Terminal(isTTY: isTTY, environment: environment).isLive == expected)
  }

  @Test(
    "the first locale variable that is set says whether UTF-8 comes out right",
    arguments: [
      (["LANG": "en_US.UTF-8"], true), (["LANG": "C.utf8"], true), ([:], false), (["LANG": "C"], false),
      (["LC_ALL": "C", "LANG": "en_US.UTF-8"], false), (["LC_ALL": "", "LC_CTYPE": "de_DE.UTF-8"], true),
    ])
  func unicode(environment: [String: String], expected: Bool) {
    #expect(Terminal(isTTY: true, environment: environment).usesUnicode == expected)
  }

  @Test("the size comes from the terminal, else from COLUMNS, else it is 80 by 24")
  func size() throws {
    var leader: Int32 = 0
    var follower: Int32 = 0
    try #require(openpty(&leader, &follower, nil, nil, nil) == 0)
    var window = winsize(ws_row: 33, ws_col: 111, ws_xpixel: 0, ws_ypixel: 0)
    try #require(ioctl(follower, UInt(TIOCSWINSZ), &window) == 0)
    let terminal = Terminal(descriptor: follower, environment: ["COLUMNS": "50"])
    #expect(terminal.isLive)
    #expect(terminal.size() == Terminal.Size(columns: 111, rows: 33))
    close(follower)
    close(leader)

    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { ends.forEach { close($0) } }
    #expect(Terminal(descriptor: ends[1], environment: ["COLUMNS": "50"]).size().columns == 50)
    #expect(Terminal(descriptor: ends[1], environment: ["COLUMNS": "x"]).size() == .usual)
  }

  @Test("when the reader has gone away the rest is dropped, also if another one comes")
  func brokenPipe() throws {
    signal(SIGPIPE, SIG_IGN)
    let folder = try TemporaryFolder()
    let path = folder.path + "/pipe"
    try #require(mkfifo(path, 0o600) == 0)
    let first = open(path, O_RDONLY | O_NONBLOCK)
    let writer = open(path, O_WRONLY)
    let output = Output(descriptor: writer, name: "a pipe")
    output.write("a")
    var byte: UInt8 = 0
    #expect(read(first, &byte, 1) == 1 && byte == UInt8(ascii: "a"))
    close(first)
    output.write("b")
    let second = open(path, O_RDONLY | O_NONBLOCK)
    output.write("c")
    #expect(read(second, &byte, 1) == -1 && errno == EAGAIN)
    close(second)
    close(writer)
  }

  @Test("a full non-blocking pipe is waited for and loses nothing")
  func nonBlocking() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    try #require(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
    let text = String(repeating: "0123456789", count: 50_000)
    let (reader, writer) = (ends[0], ends[1])
    let done = Latch(count: 1)
    Threads.detach {
      Output(descriptor: writer, name: "a pipe").write(text)
      close(writer)
      done.countDown()
    }
    var received: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(reader, &chunk, chunk.count)
      guard count > 0 else { break }
      received += chunk[..<count]
    }
    done.wait()
    close(reader)
    #expect(received == Array(text.utf8))
  }
}
