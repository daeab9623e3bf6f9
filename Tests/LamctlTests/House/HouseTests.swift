import Core
import Testing

/// The rules of the house that a reader of one file cannot see.
@Suite("The house")
struct HouseTests {
  private static let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")

  /// What each module may import: nothing that stands above it.
  private static let allowed: [String: Set<String>] = [
    "Core": ["Glibc", "CSystem", "CCrypto"],
    "LambdaSettings": ["Core"],
    "AWSClient": ["Glibc", "Core", "LambdaSettings", "CCurl"],
    "Packager": ["Glibc", "Core", "LambdaSettings", "CZlib"],
    "Triggers": ["Core", "AWSClient"],
    "Release": ["Glibc", "Core", "LambdaSettings", "AWSClient", "Triggers"],
    "Sandbox": ["Glibc", "Core", "LambdaSettings", "CZlib"],
    "lamctl": ["Glibc", "Core", "LambdaSettings", "AWSClient", "Packager", "Triggers", "Release", "Sandbox"],
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

  @Test(
    "the folders of a module stand on floors, and code names types of lower floors only",
    arguments: Floors.ofModules.keys.sorted())
  func floors(module: String) throws {
    let folder = "\(Self.root)/Sources/\(module)"
    let files = try Self.files(below: folder).filter { $0.hasSuffix(".swift") }.map { path in
      SourceModule.File(
        path: String(path.dropFirst(folder.count + 1)), text: SwiftText(try Files.read(path)))
    }
    try #require(!files.isEmpty)
    let faults = SourceModule(name: module, files: files).faults(by: Floors.ofModules[module] ?? [])
    for fault in faults { Issue.record(Comment(rawValue: fault)) }
  }

  @Test(
    "an arrow that leads up, one that leads across, and a folder without a floor are told in a sentence each")
  func faults() {
    let sources = [
      ("Low/Word.swift", "struct Word { var length: Length }  // a Phrase is longer"),
      ("Beside/Length.swift", "enum Length { struct Phrase {} }"),
      ("High/Sentence.swift", "struct Sentence { let words: [Word] }\nlet text = \"a Verse \\(Word.self)\""),
      (
        "Cellar/Verse.swift",
        "/// Like a Sentence.\nclass Verse {}\nfunc sing() { print(#\"a \\(Sentence)\"#, Sentence.self) }"
      ),
    ]
    let module = SourceModule(
      name: "M", files: sources.map { SourceModule.File(path: $0.0, text: SwiftText(Array($0.1.utf8))) })
    #expect(
      module.faults(by: [["High"], ["Low", "Beside"], ["Gone"]]) == [
        "Sources/M/Cellar stands on no floor: give it one in the table of floors",
        "the table of floors has Gone, and Sources/M has no such folder",
        "Sources/M/Low/Word.swift uses Length, which is declared in Beside/Length.swift: "
          + "Beside stands beside Low, and arrows go downwards only",
      ])
    #expect(
      module.faults(by: [["High"], ["Low"], ["Beside"], ["Cellar"]]) == [
        "Sources/M/Cellar/Verse.swift uses Sentence, which is declared in High/Sentence.swift: "
          + "High stands above Cellar, and arrows go downwards only"
      ])
  }

  @Test("every declaration that other modules may use says above it what it means")
  func documented() throws {
    let files = try Self.files(below: "\(Self.root)/Sources").filter { $0.hasSuffix(".swift") }
    try #require(!files.isEmpty)
    for file in files {
      for line in try OfferedDeclarations(Files.read(file)).undocumented {
        Issue.record(
          "\(file):\(line): a declaration of this package without a comment that says what it means")
      }
    }
  }

  @Test(
    "a declaration without a word above it is found, whatever its attributes, and what is no declaration is not",
    arguments: [
      ("package struct A {}", [1]), ("/// A.\npackage struct A {}", []), ("// A.\npackage struct A {}", [2]),
      ("/// A.\n@frozen\npackage struct A {}", []), ("@frozen package struct A {}", [1]),
      ("/// A.\nstruct A {\n  package let b: Int\n}", [3]), ("/// A.\n\nfinal package class A {}", [3]),
      ("package import Core\nlet package = 1\npackage = 2\nprint(package)", []),
    ])
  func undocumented(source: String, lines: [Int]) {
    #expect(OfferedDeclarations(Array(source.utf8)).undocumented == lines)
  }

  private static func files(below folder: String) throws -> [String] {
    try Files.names(in: folder).flatMap { name -> [String] in
      let path = "\(folder)/\(name)"
      return Files.isFolder(path) ? try files(below: path) : [path]
    }
  }
}
