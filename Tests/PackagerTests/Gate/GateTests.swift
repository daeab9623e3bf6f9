import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

@Suite("gate")
struct GateTests {
  /// A 64-bit little-endian ELF file with one version need.
  static func elf(machine: UInt16, glibc: String? = nil, type: UInt16 = 3) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 64 + 3 * 64 + 64)
    func put(_ value: some FixedWidthInteger, at offset: Int) {
      withUnsafeBytes(of: value.littleEndian) {
        for (index, byte) in $0.enumerated() { bytes[offset + index] = byte }
      }
    }
    bytes.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1])
    put(type, at: 16)
    put(machine, at: 18)
    put(UInt64(0x1000), at: 24)
    put(UInt64(64), at: 40)
    put(UInt16(64), at: 58)
    put(UInt16(3), at: 60)
    guard let glibc else { return bytes }
    let needs = 64 + 64
    let strings = 256
    put(UInt32(0x6FFF_FFFE), at: needs + 4)
    put(UInt64(280), at: needs + 24)
    put(UInt32(2), at: needs + 40)
    put(UInt64(strings), at: 64 + 2 * 64 + 24)
    put(UInt32(16), at: 280 + 8)
    put(UInt32(1), at: 280 + 16 + 8)
    bytes.replaceSubrange((strings + 1)..<(strings + 1 + glibc.utf8.count), with: Array(glibc.utf8))
    return bytes
  }

  private func faults(
    _ config: String, _ files: [String: [UInt8]], hasBucket: Bool = true, zipSize: Int = 1
  ) async throws -> [String] {
    let repository = try Repository([
      "fn/function.json": #"{"output": "out", "build": ["true"], \#(config)}"#, "fn/x": "",
    ])
    let definition = try #require(try await repository.functions().first)
    let out = try TemporaryFolder()
    for (name, bytes) in files {
      try out.write(name, "")
      try Files.writeAtomically(bytes, to: "\(out.path)/\(name)")
    }
    defer { withExtendedLifetime(out) {} }
    return Gate.faults(
      definition, tree: try PackageTree(folder: out.path), zipSize: zipSize, hasBucket: hasBucket
    )
    .map { "\($0)" }
  }

  @Test(
    "the handler's file and symbol must be in the package",
    arguments: [
      (#""runtime": "python3.13", "handler": "app.run""#, ["app.py": "def run(e, c): pass"], []),
      (
        #""runtime": "python3.13", "handler": "app.run""#, ["app.py": "def rum(e, c): pass"],
        ["app.py has no 'run'; did you mean 'rum'?; the handler is 'app.run'"]
      ),
      (
        #""runtime": "python3.13", "handler": "app.run""#, ["x.py": ""],
        ["app.py is not in the package; the handler 'app.run' needs it"]
      ),
      (#""runtime": "nodejs22.x", "handler": "src/i.h""#, ["src/i.mjs": "export const h = 1"], []),
      (
        #""runtime": "nodejs22.x", "handler": "i.h""#, ["i.ts": "export const h = 1"],
        ["i.js is not in the package; the handler 'i.h' needs it"]
      ),
      (
        #""runtime": "python3.13", "handler": "wrap.run", "layers": ["arn:aws:lambda:eu-west-1:123456789012:layer:a:1"]"#,
        ["x.py": ""], []
      ),
      (#""runtime": "provided.al2023", "handler": "bootstrap""#, ["bootstrap": "#!/bin/sh"], []),
      (
        #""runtime": "provided.al2023", "handler": "bootstrap""#, ["bootstrap": "MZ"],
        ["bootstrap is neither a program for Linux nor a script; it must be an ELF file or begin with #!"]
      ),
      (
        #""runtime": "provided.al2023", "handler": "bootstrap""#, ["boot": ""],
        ["bootstrap is missing; provided.al2023 starts a program of this name"]
      ),
    ])
  func handlers(_ config: String, _ files: [String: String], _ expected: [String]) async throws {
    #expect(try await faults(config, files.mapValues { Array($0.utf8) }) == expected)
  }

  @Test("native code must fit the processor and the runtime's GLIBC")
  func native() async throws {
    let bootstrap = #""runtime": "provided.al2023", "handler": "bootstrap", "architectures": ["arm64"]"#
    #expect(try await faults(bootstrap, ["bootstrap": Self.elf(machine: 183)]) == [])
    #expect(
      try await faults(bootstrap, ["bootstrap": Self.elf(machine: 62)])
        == ["bootstrap is built for x86_64; the function runs on arm64"])
    let python = { (version: String) in #""runtime": "\#(version)", "handler": "a.b""# }
    let files = { (glibc: String) in
      ["a.py": Array("b = 1".utf8), "n/m.so": Self.elf(machine: 62, glibc: glibc)]
    }
    #expect(try await faults(python("python3.11"), files("GLIBC_2.26")) == [])
    #expect(
      try await faults(python("python3.11"), files("GLIBC_2.27")) == [
        "n/m.so needs GLIBC 2.27; python3.11 has 2.26"
      ])
    #expect(try await faults(python("python3.12"), files("GLIBC_2.34")) == [])
    #expect(
      try await faults(python("python3.12"), files("GLIBC_2.38")) == [
        "n/m.so needs GLIBC 2.38; python3.12 has 2.34"
      ])
    #expect(
      try await faults(
        python("python3.12"), ["a.py": Array("b = 1".utf8), "x.o": Self.elf(machine: 183, type: 1)]) == [])
  }

  @Test("a real library of this machine is understood")
  func real() throws {
    let bytes = try Files.read("/proc/self/exe", limit: 1 << 30)
    let file = try #require(ELFFile(bytes))
    #expect(file.isRunnable)
    #expect(["x86_64", "arm64"].contains(file.machine))
    #expect((file.glibcMinor ?? 0) >= 17)
  }

  @Test("a bootstrap that is a link must lead to what can be started")
  func bootstrapLink() async throws {
    let repository = try Repository([
      "fn/function.json":
        #"{"output": "out", "build": ["true"], "runtime": "provided.al2023", "handler": "bootstrap"}"#,
      "fn/x": "",
    ])
    let definition = try #require(try await repository.functions().first)
    let out = try TemporaryFolder()
    #expect(symlink("run.sh", out.path + "/bootstrap") == 0)
    func faults(_ script: String, mode: UInt32) throws -> [String] {
      try out.write("run.sh", script, mode: mode)
      return Gate.faults(definition, tree: try PackageTree(folder: out.path), zipSize: 1, hasBucket: true).map
      { "\($0)" }
    }
    #expect(
      try faults("#!/bin/sh\n", mode: 0o644) == [
        "bootstrap is a link to run.sh, which is not executable; Lambda starts it as a program"
      ])
    #expect(
      try faults("#!/bin/zsh\n", mode: 0o755) == [
        "bootstrap:1 is run by '/bin/zsh'; provided.al2023 has sh and bash, and no such program"
      ])
    #expect(try faults("#!/bin/sh\n", mode: 0o755) == [])
  }

  @Test("of a failed build's output those lines are told that say what is wrong")
  func tellingLines() {
    let bundler = [
      "✘ [ERROR] Could not resolve \"@lib/y\"", "", "    index.ts:1:16:", "      1 │ import {x}", "   ╵  ~~~",
      "",
      "  You can mark the path as external",
    ]
    #expect(
      PackagerError.tellingLines(of: bundler) == [
        "✘ [ERROR] Could not resolve \"@lib/y\"", "index.ts:1:16:", "1 │ import {x}", "╵ ~~~",
        "You can mark the path as external",
      ])
    #expect(PackagerError.tellingLines(of: (1...9).map { " \($0)" }) == ["5", "6", "7", "8", "9"])
  }

  @Test("sizes are held against Lambda's limits, at the limit and one above")
  func sizes() {
    #expect(Gate.sizeFaults(262_144_000, zipSize: 52_428_800, hasBucket: false).isEmpty)
    #expect(
      Gate.sizeFaults(262_144_001, zipSize: 1, hasBucket: true).map { "\($0)" } == [
        "the package is 262144001 bytes unzipped; Lambda takes 262144000"
      ])
    #expect(
      Gate.sizeFaults(1, zipSize: 52_428_801, hasBucket: false).map { "\($0)" } == [
        "the zip is 52428801 bytes; without a bucket 52428800 can go up"
      ])
    #expect(Gate.sizeFaults(1, zipSize: 52_428_801, hasBucket: true).isEmpty)
  }

  @Test(
    "a runtime's GLIBC is that of its Amazon Linux",
    arguments: [
      ("python3.11", 26), ("python3.12", 34), ("nodejs18.x", 26), ("nodejs20.x", 34), ("java17", 26),
      ("java21", 34),
      ("provided.al2", 26), ("provided.al2023", 34), ("ruby3.2", 26), ("ruby3.3", 34), ("dotnet8", 34),
      ("java8.al2", 26),
    ])
  func glibc(_ runtime: String, _ minor: Int) {
    #expect(RuntimeTable.glibcMinor(runtime) == minor)
  }
}
