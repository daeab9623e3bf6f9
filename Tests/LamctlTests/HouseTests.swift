import Core
import Testing

/// The rules of the house that a reader of one file cannot see.
@Suite("The house")
struct HouseTests {
  private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  /// What each module may import: nothing that stands above it.
  private static let allowed: [String: Set<String>] = [
    "Core": ["Glibc", "CSystem", "CCrypto"],
    "AWSClient": ["Glibc", "Core", "CCurl"],
    "Packager": ["Glibc", "Core", "CZlib"],
    "Release": ["Glibc", "Core", "AWSClient"],
    "Sandbox": ["Glibc", "Core", "CZlib"],
    "lamctl": ["Glibc", "Core", "AWSClient", "Packager", "Release", "Sandbox"],
  ]

  @Test(
    "imports run downwards only, and Foundation, which would triple the binary, stays out",
    arguments: allowed.keys.sorted())
  func imports(module: String) throws {
    let files = try Self.files(below: "\(Self.root)/Sources/\(module)").filter { $0.hasSuffix(".swift") }
    try #require(!files.isEmpty)
    for file in files {
      let text = String(decoding: try Files.read(file), as: UTF8.self)
      for line in text.split(separator: "\n").prefix(while: Self.isHead) where !line.hasPrefix("//") {
        let name = line.split(separator: " ").last.map(String.init) ?? ""
        #expect(Self.allowed[module]?.contains(name) == true, "\(file): \(line)")
      }
    }
  }

  /// Whether a line stands before a file's first declaration.
  private static func isHead(_ line: Substring) -> Bool {
    line.hasPrefix("//") || line.split(separator: " ").prefix(2).contains("import")
  }

  @Test("the sandbox shares nothing with the client that talks to it")
  func twoHands() {
    #expect(Self.allowed["Sandbox"]?.contains("AWSClient") == false)
    #expect(Self.allowed["AWSClient"]?.contains("Sandbox") == false)
  }

  private static func files(below folder: String) throws -> [String] {
    try Files.names(in: folder).flatMap { name -> [String] in
      let path = "\(folder)/\(name)"
      return Files.isFolder(path) ? try files(below: path) : [path]
    }
  }
}
