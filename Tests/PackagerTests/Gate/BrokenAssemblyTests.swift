import Testing

@testable import Packager

@Suite("The metadata of .NET assemblies, broken")
struct BrokenAssemblyTests {
  /// With narrow and with wide columns.
  static let files: [AssemblyFile] = [false, true].map { isWide in
    AssemblyFile(
      types: [
        AssemblyFile.DeclaredType(space: "Shop", name: "Outer", methods: [".ctor", "Run"]),
        AssemblyFile.DeclaredType(space: "", name: "Inner", methods: ["Run"]),
      ], forwards: true, isWide: isWide)
  }

  /// Asks all that the gate asks.
  private func ask(_ bytes: [UInt8]) -> Bool {
    guard let assembly = DotNetAssembly(bytes) else { return false }
    _ = assembly.typeNames
    _ = assembly.type(named: "Shop.Outer")
    _ = assembly.type(named: "Shop.Outer+Inner")
    _ = assembly.forwards
    return true
  }

  @Test("any byte may be another: the answer is one, or none", arguments: files)
  func flips(_ file: AssemblyFile) {
    let whole = file.bytes
    #expect(ask(whole))
    var refused = 0
    for place in whole.indices {
      for change: UInt8 in [0x01, 0x7F, 0x80, 0xFF] {
        var bytes = whole
        bytes[place] ^= change
        if !ask(bytes) { refused += 1 }
      }
    }
    #expect(refused > 0)
  }

  @Test(
    "cut off anywhere, and with four bytes of nothing anywhere, it ends in an answer or none",
    arguments: files)
  func cuts(_ file: AssemblyFile) {
    let whole = file.bytes
    for place in whole.indices {
      #expect(!ask(Array(whole.prefix(place))), "cut at \(place)")
      for filler: UInt8 in [0, 0xFF] {
        var bytes = whole
        let end = min(place + 4, whole.count)
        bytes.replaceSubrange(place..<end, with: [UInt8](repeating: filler, count: end - place))
        _ = ask(bytes)
        bytes.removeSubrange(place..<end)
        _ = ask(bytes)
      }
    }
  }
}
