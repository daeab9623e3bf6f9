import Core
import Glibc
import TestSupport
import Testing

@testable import lamctl

@Suite("Completions and the manual page")
struct CompletionTests {
  private static let commands = CommandOutline.all(Lamctl.table)

  /// What the shells offer for a line, whose last word is the one to complete. `lamctl` itself is a stand-in that
  /// knows two environments and two functions.
  private static let cases: [(line: [String], offers: [String])] = [
    (["dep"], ["deploy"]), (["com"], ["completions"]), (["deploy", "--canar"], ["--canary"]),
    (["deploy", "--on-interrupt", "ro"], ["rollback"]), (["why", "pr"], ["prod"]),
    (["why", "prod", "ord"], ["orders"]), (["deploy", "--only", "or"], ["orders"]),
    (["logs", "--since", "5m", "prod", "re"], ["refunds"]), (["completions", "f"], ["fish"]),
    (["help", "stat"], ["status"]), (["status", "prod", "--watc"], ["--watch"]),
    (["--no-color", "rollb"], ["rollback"]),
  ]

  private static let standIn =
    "#!/bin/sh\ncase \"$3\" in environments) echo prod; echo staging;; functions) echo orders; echo refunds;; commands) echo status; echo tick;; esac\n"

  private func run(_ program: [String], _ script: String, _ shell: CompletionScript.Shell) async throws
    -> String
  {
    let folder = try TemporaryFolder()
    try folder.write("bin/lamctl", Self.standIn)
    chmod(folder.path + "/bin/lamctl", 0o755)
    try folder.write("completion", CompletionScript.text(for: shell, commands: Self.commands))
    try folder.write("try", script)
    let lines = Lock<[String]>([])
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    let exit = try await ChildProcess.run(
      .init(
        arguments: program + ["try"],
        environment: .exactly([
          "PATH": "\(folder.path)/bin:\(path)", "HOME": folder.path, "LANG": "C.UTF-8", "TERM": "xterm",
        ]), folder: folder.path)
    ) { _, line in lines.withLock { $0.append(line) } }
    let text = lines.withLock { $0.joined(separator: "\n") }
    #expect(exit == .code(0), "\(text)")
    return text
  }

  private static func isThere(_ program: String) -> Bool {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    return path.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
  }

  @Test("bash offers what the declarations say")
  func bash() async throws {
    let tries = Self.cases.map { line, _ in
      let words = (["lamctl"] + line).map(CompletionScript.quoted).joined(separator: " ")
      return
        "COMP_WORDS=(\(words)); COMP_CWORD=\(line.count); COMPREPLY=(); _lamctl; echo \"${COMPREPLY[*]}\""
    }
    let text = try await run(
      ["bash", "--norc"], (["set -u; source ./completion"] + tries).joined(separator: "\n") + "\n", .bash)
    let offers = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(offers == Self.cases.map { $0.offers.joined(separator: " ") })
  }

  @Test("fish offers what the declarations say", .enabled(if: isThere("fish"), "no fish on this machine"))
  func fish() async throws {
    let tries = Self.cases.map { line, _ in
      "echo (complete -C \(CompletionScript.quoted("lamctl " + line.joined(separator: " "))) | string split -f1 \\t | string match -v -- '*=')"
    }
    let text = try await run(
      ["fish", "--no-config"], (["source ./completion"] + tries).joined(separator: "\n") + "\n", .fish)
    let offers = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(offers == Self.cases.map { $0.offers.joined(separator: " ") })
  }

  @Test("zsh offers what the declarations say", .enabled(if: isThere("zsh"), "no zsh on this machine"))
  func zsh() async throws {
    // A shell in a terminal of its own completes the line; what it then holds is what was offered.
    var script = """
      zmodload zsh/zpty
      zpty -b shell 'PS1= zsh -f -i'
      zpty -w shell 'autoload -U compinit; compinit -u -D; source ./completion; unsetopt beep; PS1=; RPS1='
      zpty -w shell 'show() { print -r -- "<$BUFFER>"; BUFFER=; zle .accept-line }; zle -N show; bindkey "^X" show'
      zpty -w shell 'print -r -- re""ady'
      text=
      while [[ $text != *ready* ]]; do zpty -r -m shell text '*ready*'; done

      """
    for (line, _) in Self.cases {
      let typed = CompletionScript.quoted("lamctl " + line.joined(separator: " "))
      script += """
        zpty -w -n shell \(typed)$'\\t\\C-x'
        zpty -r -m shell text '*<*>*'
        text=${text##*<}; print -r -- "${text%%>*}"

        """
    }
    let text = try await run(["timeout", "60", "zsh", "-f"], script, .zsh)
    let offers = text.split(separator: "\n").map { $0.replacing("\r", with: "") }
    let expected = Self.cases.map { (["lamctl"] + $0.line.dropLast() + $0.offers).joined(separator: " ") }
    // zsh adds what an option's value stands after.
    let plain = offers.map { $0.replacing("=", with: "").split(separator: " ").joined(separator: " ") }
    #expect(plain == expected)
  }

  @Test("the manual page names every command, option and exit code, and shows no text as a request")
  func manual() throws {
    let page = ManualPage.text(Self.commands)
    for command in Self.commands {
      #expect(page.contains(".SS \"lamctl \(ManualPage.escaped(command.name))"), "\(command.name)")
      for parameter in command.parameters {
        #expect(
          page.contains(ManualPage.escaped(parameter.spelling)), "\(command.name) \(parameter.spelling)")
      }
    }
    for code in ExitCode.allCases { #expect(page.contains("\n.B \(code.rawValue)\n")) }
    let requests: Set<String> = [
      ".\\\"", ".TH", ".SH", ".SS", ".TP", ".PP", ".RS", ".RE", ".nf", ".fi", ".B", ".I",
    ]
    for line in page.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
      #expect(requests.contains(String(line.prefix { $0 != " " })), "\(line)")
    }
  }

  @Test("what roff would understand is shown as it is")
  func escaping() {
    #expect(ManualPage.escaped(".so /etc/passwd") == "\\&.so /etc/passwd")
    #expect(ManualPage.escaped("'quote") == "\\&'quote")
    #expect(ManualPage.escaped("a\\fBb\n.TH") == "a\\efBb .TH")
    #expect(ManualPage.escaped("--canary") == "\\-\\-canary")
  }
}
