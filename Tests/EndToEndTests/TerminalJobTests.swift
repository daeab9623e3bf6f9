import Core
import Glibc
import TestSupport
import Testing

@Suite("The live picture in a real terminal", .serialized)
struct TerminalJobTests {
  private static let isThere: Bool = {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    return path.split(separator: ":").contains { access("\($0)/tmux", X_OK) == 0 }
  }()

  /// A terminal of tmux with one program in it.
  private struct Pane {
    let socket: String
    let environment: [String: String]

    @discardableResult
    func tmux(_ arguments: String...) async throws -> String {
      let lines = Lock<[String]>([])
      _ = try await ChildProcess.run(
        .init(
          arguments: ["tmux", "-f", "/dev/null", "-S", socket] + arguments,
          environment: .exactly(environment),
          timeout: .seconds(20))
      ) { _, line in lines.withLock { $0.append(line) } }
      return lines.withLock { $0.joined(separator: "\n") }
    }

    /// What is on the screen.
    func screen() async throws -> String { try await tmux("capture-pane", "-p", "-t", "live") }

    /// Waits until the screen shows `text`.
    func shows(_ text: String, within span: TimeSpan = .seconds(60)) async throws -> Bool {
      let clock = SystemClock()
      let end = clock.now() + span
      while clock.now() < end {
        if try await screen().contains(text) { return true }
        try await clock.sleep(for: .seconds(0.2))
      }
      return false
    }
  }

  /// A terminal in which `lamctl` runs in the shop's folder, and stays to be looked at.
  ///
  /// - Parameter name: of its server; one that is ending takes nobody any more.
  private func pane(
    of shop: Shop, in folder: String? = nil, columns: Int = 80, called name: String = "tmux",
    running command: String
  ) async throws -> Pane {
    let binary = try #require(try BuiltBinary.path())
    let pane = Pane(
      socket: "\(shop.folder.path)/\(name)",
      environment: shop.environment.merging(["TERM": "xterm-256color"]) { $1 })
    try await pane.tmux(
      "new-session", "-d", "-s", "live", "-x", "\(columns)", "-y", "24", "-c", folder ?? shop.folder.path,
      "\(binary) \(command); exec sleep 60")
    return pane
  }

  @Test("a rollback shows what it does and where it has come to", .enabled(if: isThere, "no tmux here"))
  func rollback() async throws {
    let shop = try await Shop()
    try await shop.startSandbox()
    #expect(try await shop.run("deploy").exit == .code(0))
    try shop.edit("ordering/index.js", "UNPAID_HOURS = 48", "UNPAID_HOURS = 72")
    #expect(try await shop.run("deploy", "--all-at-once").exit == .code(0))
    let pane = try await pane(of: shop, running: "rollback prod")
    #expect(try await pane.shows("Rolled back 1 function"))
    let screen = try await pane.screen()
    #expect(screen.contains("prod: rollback"), "\(screen)")
    #expect(screen.contains("ordering: all traffic is back on version 1"), "\(screen)")
    #expect(screen.contains("✓ ordering rolled back"), "what was asked for is no failure: \(screen)")
    try await pane.tmux("kill-server")
    await shop.stopSandbox()
  }

  @Test(
    "it stays one picture on 80 and 200 columns and through a resize, and a signal leaves what it came to",
    .enabled(if: isThere, "no tmux on this machine"))
  func picture() async throws {
    let shop = try await Shop()
    try await shop.startSandbox()
    #expect(try await shop.run("deploy").exit == .code(0))
    try shop.edit("ordering/index.js", "UNPAID_HOURS = 48", "UNPAID_HOURS = 72")
    let pane = try await pane(of: shop, running: "deploy prod --canary 10%:60m")
    try #require(try await pane.shows("step 1 of 1"))
    for (columns, rows) in [(80, 24), (200, 50), (80, 24), (50, 12)] {
      try await pane.tmux("resize-window", "-t", "live", "-x", "\(columns)", "-y", "\(rows)")
      try await SystemClock().sleep(for: .seconds(1))
      let lines = try await pane.screen().split(separator: "\n").map(String.init)
      let picture = lines.filter {
        $0.contains("ordering") && $0.contains("canary") && $0.contains("10%") && !$0.contains("gets")
      }
      #expect(picture.count >= 1, "\(columns): \(lines)")
      #expect(lines.last?.contains("ordering") == true, "\(columns): \(lines)")
    }
    try await pane.tmux("send-keys", "-t", "live", "C-c")
    #expect(try await pane.shows("Rolled back 1 function"))
    try await pane.tmux("kill-server")
    await shop.stopSandbox()
  }

  @Test("init asks before it writes, and only a yes is one", .enabled(if: isThere, "no tmux here"))
  func question() async throws {
    let shop = try await Shop()
    let folder = try TemporaryFolder()
    try folder.write(
      "template.yaml",
      """
      Transform: AWS::Serverless-2016-10-31
      Resources:
        Orders:
          Type: AWS::Serverless::Function
          Properties: { FunctionName: shop-orders, CodeUri: src/orders/, Handler: app.main, Runtime: python3.12 }
      """)
    try folder.write("src/orders/app.py", "def main(event, context):\n    return 1\n")
    for (answer, end) in [("n", "nothing was written"), ("yes", "Wrote lamctl.json")] {
      let pane = try await pane(
        of: shop, in: folder.path, called: "tmux-\(answer)", running: "init --from template.yaml")
      #expect(try await pane.shows("[y/N]"))
      try await pane.tmux("send-keys", "-t", "live", answer, "Enter")
      #expect(try await pane.shows(end))
      #expect(Files.exists(folder.path + "/lamctl.json") == (answer == "yes"))
      try await pane.tmux("kill-server")
    }
  }

  @Test(
    "tables and sentences fit a terminal of 80 columns, and of 40", .enabled(if: isThere, "no tmux here"),
    arguments: [80, 40])
  func tables(columns: Int) async throws {
    let shop = try await Shop()
    try await shop.startSandbox()
    #expect(try await shop.run("deploy").exit == .code(0))
    let commands = ["status", "versions", "plan", "doctor", "list --explain"]
    for (number, command) in commands.enumerated() {
      let pane = try await pane(
        of: shop, columns: columns, called: "tmux-\(number)",
        running: "\(command) 2>errors; echo all of it")
      #expect(try await pane.shows("all of it"), "\(command)")
      // What the terminal has broken is one line of its history: joined again, it is too wide.
      let screen = try await pane.tmux("capture-pane", "-p", "-J", "-S", "-200", "-t", "live")
      let wide = screen.split(separator: "\n").filter {
        $0.count > columns && $0.contains(" ") && $0.reversed().drop { $0 == " " }.count > columns
      }
      let broken = wide.filter { $0.split(separator: " ").allSatisfy { $0.count <= columns / 2 } }
      #expect(broken.isEmpty, "\(command): \(broken)")
      try await pane.tmux("kill-server")
    }
    await shop.stopSandbox()
  }
}
