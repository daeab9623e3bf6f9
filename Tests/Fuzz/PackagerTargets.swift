import Core

@testable import Packager

extension FuzzTarget {
  /// The readers of what is in a repository.
  static let packagerTargets: [FuzzTarget] = [
    FuzzTarget(
      "configuration",
      seeds: [
        #"{"project": "p", "functions": ["a/*"], "shared": {"l": {"into": "x"}}, "environments": {"e": {"rollout": {"steps": "10%:5m"}}}, "defaults": {"timeout": 3, "environment": {"variables": {"AA": "${env:B:-c}${ssm:/d}"}}}}"#
      ],
      words: [
        "${", "}", "$${", "${ssm:/a}", "${env:", ":-", "null", "1e999", "\"steps\":", "\"traffic\":", "..",
        "\u{301}",
      ]
    ) { bytes in
      let value = ConfigFile.parse(bytes, name: "lamctl.json", table: .root).value
      var faults: [PackagerError] = []
      _ = WorkspaceConfig(value, file: "lamctl.json", rootName: "r", faults: &faults)
      _ = try? RolloutConfig(value["rollout"] ?? .empty(file: "lamctl.json"))
      _ = try? Interpolator.references(in: value)
      _ = ConfigFile.parse(bytes, name: "function.json", table: .defaults)
    },
    FuzzTarget(
      "remotes",
      seeds: [
        "[remote \"origin\"]\n\turl = https://u:p@github.com/a/b.git\n", "git@gitlab.example.com:a/b/c.git",
        "ssh://git@host:22/a/b",
      ], words: ["://", "@", ":", "/", ".git", "[remote \"origin\"]", "url = ", "..", "\n"]
    ) { bytes in
      _ = GitRemote(config: text(bytes))
      _ = GitRemote(url: text(bytes))
    },
    FuzzTarget(
      "zip directories",
      seeds: [
        "PK\u{5}\u{6}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}"
      ],
      words: ["PK\u{1}\u{2}", "PK\u{5}\u{6}", "\u{0}\u{0}", "a.py", "\u{7F}\u{7F}"]
    ) { bytes in
      guard let found = ZipNames(tail: bytes, of: bytes.count) else { return }
      _ = found.names(Array(bytes[found.place]))
    },
    FuzzTarget(
      "templates", seeds: ["${env:A:-b}/${ssm:/x}/${account}-$${no}", "a", "${function}"],
      words: ["${", "}", "$${", "$", "env:", "ssm:", ":-", "${env:A}", "\u{0}"]
    ) { bytes in
      var value = ConfigValue.empty(file: "f")
      value.kind = .scalar(.string(text(bytes)))
      _ = try? Interpolator.references(in: value)
      var secrets: Set<[String]> = []
      let interpolator = Interpolator(environment: ["A": "${env:A}"])
      _ = try? interpolator.resolve(value, secrets: &secrets)
    },
    FuzzTarget(
      "globs", seeds: ["**/a*[!b-c]?\\d/**", "[a-", "**", "a/*/b/**/*.c"],
      words: ["*", "**", "/", "[", "]", "[:alpha:]", "\\", "!", "?", "-", "a*"]
    ) { bytes in
      let glob = Glob(bytes)
      _ = glob?.matches("a/bb/c.log")
      _ = glob?.matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
    },
    FuzzTarget(
      "ignore-rules", seeds: ["!/x/[[:digit:]]*\n*.log\n/out/\n#c\nd\\ \n", "**\n"],
      words: ["*", "**", "/", "[", "]", "\\", "!", "\n", "\r\n", "#", "?", " "]
    ) { bytes in
      let rules = try? IgnoreRules(text: bytes, file: ".gitignore", base: .inside("a"), isGit: true)
      _ = rules?.match("a/b/c", isFolder: false)
      _ = rules?.match("a", isFolder: true)
    },
    FuzzTarget(
      "python",
      seeds: [
        "import a.b as c\nfrom . import (d,\n e)\nif x: import y; z = f(1)\n@deco\ndef handler(event, context=None, *, k): pass\nx = y = Mangum(app)\n"
      ],
      words: ["\"\"\"", "(", ")", ";", ":", "=", "\\\n", "#", "'", "if:", "import ", "\t"]
    ) { bytes in
      _ = PythonHandlers.symbols(in: PythonModule(source: bytes))
    },
    FuzzTarget(
      "requirements", seeds: ["-r a.txt\nb==1 ; c \\\n --hash=x\n# d\n"],
      words: ["\\\n", "#", "-r", " ", "--hash=", "=="]
    ) { bytes in
      _ = (Requirements.references(bytes), Requirements.names(bytes))
    },
    FuzzTarget(
      "scripts",
      seeds: [
        "export const handler: Handler<E> = async (event, {a}) => { return `x${y + `${z}`}`; };\nexports['a'] = b; module.exports = {c, d: e, ...f};\nexport {g as h} from './i'; const r = /[/]/g; require('j')"
      ],
      words: ["`", "${", "}", "{", "(", "/", "=>", "export", "'", "*/", "/*", "//"]
    ) { bytes in
      _ = NodeHandlers.symbols(in: ScriptModule(source: bytes))
    },
    FuzzTarget("programs", bytes: [program], words: ["\u{7F}ELF", "\0\0\0\0"]) { bytes in _ = ELFFile(bytes)
    },
    FuzzTarget(
      "git-index", bytes: [2, 3, 4].map(index), words: ["link", "\0\0\0\u{1}", "DIRC"]
    ) { bytes in
      let found = try? GitIndex(bytes, hashLength: 20)
      _ = (found?.contains("a".utf8), found?.hasFiles(below: "a".utf8))
    },
  ]

  /// A program of four sections; what it needs of libraries is among them.
  private static var program: [UInt8] {
    var elf = [UInt8](repeating: 0, count: 512)
    elf.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1])
    (elf[16], elf[18], elf[40], elf[58], elf[60]) = (3, 62, 64, 64, 4)
    for section in 0..<4 {
      elf.replaceSubrange(64 + section * 64 + 4..<64 + section * 64 + 8, with: [0xFE, 0xFF, 0xFF, 0x6F])
    }
    return elf
  }

  /// An index of two entries.
  private static func index(version: UInt8) -> [UInt8] {
    let entry = [UInt8](repeating: 1, count: 60) + [0, 1] + Array("a\0\0\0\0\0\0\0\0\0".utf8)
    return Array("DIRC".utf8) + [0, 0, 0, version, 0, 0, 0, 2] + entry + entry
      + [UInt8](repeating: 0, count: 20)
  }
}
