import Core
import TestSupport
import Testing

@testable import Packager

/// What must not happen is a trap: a result and an error are both fine.
@Suite("Parsers of repositories, fed with broken input")
struct MutationTests {
  @Test("configuration files and templates")
  func configuration() {
    let seed =
      #"{"project": "p", "functions": ["a/*"], "shared": {"l": {"into": "x"}}, "environments": {"e": {"rollout": {"steps": "10%:5m"}}}, "defaults": {"timeout": 3, "environment": {"variables": {"A": "${env:B:-c}${ssm:/d}"}}}}"#
    let words = [
      "{", "}", "[", "\"", ":", ",", "1e999", "null", "\\u0000", "${", "$${", "}", "..", "/", "\u{301}",
    ]
    for input in Mutations(of: [Array(seed.utf8)], words: words) {
      let value = ConfigFile.parse(input, name: "lamctl.json", table: .root).value
      var faults: [PackagerError] = []
      _ = WorkspaceConfig(value, file: "lamctl.json", rootName: "r", faults: &faults)
      _ = try? Interpolator.references(in: value)
    }
    for input in Mutations(of: [Array("a${env:N:-d}$${x}${ssm:/p}${account}".utf8)], words: words) {
      _ = try? Template(.empty(file: "f"), String(decoding: input, as: UTF8.self))
    }
  }

  @Test("patterns and ignore files")
  func patterns() throws {
    let seeds = ["**/a*[!b-c]?\\d/**", "!/x/[[:digit:]]*\n*.log\n/out/\n#c\nd\\ \n", "[a-", "**"].map {
      Array($0.utf8)
    }
    let words = ["*", "**", "/", "[", "]", "[:alpha:]", "\\", "!", "\n", "?", "-"]
    for input in Mutations(of: seeds, words: words) {
      _ = Glob(input)?.matches("a/bb/c.log")
      let rules = try? IgnoreRules(text: input, file: ".gitignore", base: .inside("a"), isGit: true)
      _ = rules?.match("a/b/c", isFolder: false)
      _ = rules?.match("a", isFolder: true)
    }
  }

  @Test("sources")
  func sources() {
    let python =
      "import a.b as c\nfrom . import (d,\n e)\nif x: import y; z = f(1)\n@deco\ndef handler(event, context=None, *, k): pass\nx = y = Mangum(app)\n"
    for input in Mutations(
      of: [Array(python.utf8)], words: ["\"\"\"", "(", ")", ";", ":", "=", "\\\n", "#", "'", "if:"])
    {
      _ = PythonHandlers.symbols(in: PythonModule(source: input), isConventional: true)
    }
    let script =
      "export const handler: Handler<E> = async (event, {a}) => { return `x${y + `${z}`}`; };\nexports['a'] = b; module.exports = {c, d: e, ...f};\nexport {g as h} from './i'; const r = /[/]/g; require('j')"
    for input in Mutations(
      of: [Array(script.utf8)], words: ["`", "${", "}", "{", "(", "/", "=>", "export", "'", "*/"])
    {
      _ = NodeHandlers.symbols(in: ScriptModule(source: input), isConventional: true)
    }
    for input in Mutations(
      of: [Array("-r a.txt\nb==1 ; c \\\n --hash=x\n# d\n".utf8)], words: ["\\\n", "#", "-r", " "])
    {
      _ = (Requirements.references(input), Requirements.names(input), Requirements.hasHashes(input))
    }
  }

  @Test("programs and git's index")
  func binaries() {
    var elf = [UInt8](repeating: 0, count: 512)
    elf.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1])
    (elf[16], elf[18], elf[40], elf[58], elf[60]) = (3, 62, 64, 64, 4)
    for section in 0..<4 {
      elf.replaceSubrange(64 + section * 64 + 4..<64 + section * 64 + 8, with: [0xFE, 0xFF, 0xFF, 0x6F])
    }
    for input in Mutations(of: [elf]) { _ = ELFFile(input) }
    for version in [2, 3, 4] as [UInt8] {
      let entry = [UInt8](repeating: 1, count: 60) + [0, 1] + Array("a\0\0\0\0\0\0\0\0\0".utf8)
      let index =
        Array("DIRC".utf8) + [0, 0, 0, version, 0, 0, 0, 2] + entry + entry + [UInt8](repeating: 0, count: 20)
      for input in Mutations(of: [index], words: ["link", "\0\0\0\u{1}", "DIRC"]) {
        let found = try? GitIndex(input, hashLength: 20)
        _ = (found?.contains("a".utf8), found?.hasFiles(below: "a".utf8))
      }
    }
  }
}
