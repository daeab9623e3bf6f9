import Core
import Glibc
import TestSupport
import Testing

@testable import Packager
@testable import lamctl

/// What the pages say of the code, held against it.
@Suite("Documents")
struct DocumentTests {
  private static let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")

  /// Paths from the root of all pages.
  static let pages =
    ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]
    + files(below: "docs").filter {
      $0.hasSuffix(".md")
    }

  @Test("every command line is one that lamctl takes", arguments: pages)
  func commands(page: String) throws {
    for command in try Self.document(page).commandLines {
      let place = Comment(rawValue: "\(page):\(command.line): lamctl \(command.words.joined(separator: " "))")
      // What a variable holds is not known: it may be a version, and a version is an environment's name as well.
      let words = command.words.map { $0.contains("$") ? $0.prefix { $0 != "$" } + "41" : $0 }
      do {
        _ = try Lamctl.table.request(words, environment: [:])
      } catch {
        Issue.record("\(place): \(error)")
      }
    }
  }

  @Test("every link inside the repository leads somewhere", arguments: pages)
  func links(page: String) throws {
    let document = try Self.document(page)
    let folder = page.lastIndex(of: "/").map { String(page[..<$0]) } ?? ""
    for link in document.links where !link.text.contains("://") {
      let halves = link.text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let target = halves[0].isEmpty ? page : Self.resolved(String(halves[0]), in: folder)
      #expect(Files.exists("\(Self.root)/\(target)"), "\(page):\(link.line): \(link.text)")
      guard halves.count == 2, target.hasSuffix(".md"), let other = try? Self.document(target) else {
        continue
      }
      #expect(other.anchors.contains(String(halves[1])), "\(page):\(link.line): \(link.text)")
    }
  }

  @Test("every file of the repository that is named exists", arguments: pages)
  func names(page: String) throws {
    let tops = ["Sources/", "Tests/", "docs/", "scripts/", "Examples/", ".ci/", ".github/"]
    for span in try Self.document(page).spans {
      let name = String(span.text.prefix { $0 != " " })
      guard !name.contains("<"), !name.contains("*") else { continue }
      if tops.contains(where: name.hasPrefix) {
        #expect(Files.exists("\(Self.root)/\(name)"), "\(page):\(span.line): \(name)")
      } else if name.hasSuffix(".swift"), !name.contains("/") {
        #expect(Self.sources.contains(name), "\(page):\(span.line): \(name)")
      }
    }
  }

  @Test(
    "every piece of JSON is a configuration that is accepted, or a document of another kind", arguments: pages
  )
  func json(page: String) throws {
    for block in try Self.document(page).blocks where block.language == "json" {
      let text = block.text.hasPrefix("{") ? block.text : "{\(block.text)}"
      let place = "\(page):\(block.line)"
      let json = try JSON(parsing: Array(text.utf8))
      if json["schema"] != nil || json["Statement"] != nil { continue }
      let faults = [ConfigTable.root, .functionFile].map {
        ConfigFile.parse(Array(text.utf8), name: place, table: $0).faults
      }
      let least = faults.min { $0.count < $1.count } ?? []
      for fault in least { Issue.record("\(fault)") }
    }
  }

  @Test("the page of exit codes has a row for each")
  func exitCodes() throws {
    let text = String(decoding: try Files.read("\(Self.root)/docs/exit-codes.md"), as: UTF8.self)
    let rows = text.split(separator: "\n").compactMap { line -> Int32? in
      guard line.hasPrefix("| ") else { return nil }
      return Int32(line.dropFirst(2).prefix { $0.isNumber })
    }
    let codes = (Int32(0)...255).filter { ExitCode(rawValue: $0) != nil }
    #expect(Set(rows) == Set(codes))
  }

  @Test("docs/architecture.md shows the floors as they are")
  func floors() throws {
    try hold("docs/architecture.md", between: "floors", to: Self.tableOfFloors)
  }

  @Test("docs/ci/README.md names what each command calls and each part of the configuration needs, all of it")
  func permissions() throws {
    try hold("docs/ci/README.md", between: "permissions", to: PermissionPage.markdown)
    let all = Lamctl.table.commands.flatMap { $0.operations(.all) }.map(\.action)
    #expect(Set(all).subtracting(PermissionPage.actions) == [])
  }

  /// Holds what stands between two marks of a page to what it is made from.
  private func hold(_ name: String, between mark: String, to wanted: String) throws {
    let page = "\(Self.root)/\(name)"
    let text = String(decoding: try Files.read(page), as: UTF8.self)
    let start = try #require(text.firstRange(of: "<!-- \(mark) -->\n")).upperBound
    let end = try #require(text.firstRange(of: "<!-- end of \(mark) -->")).lowerBound
    if getenv("LAMCTL_UPDATE_GOLDEN").map({ String(cString: $0) }) == "1" {
      try Files.writeAtomically(Array((text[..<start] + wanted + text[end...]).utf8), to: page)
    } else {
      #expect(
        text[start..<end] == wanted,
        "\(name) is behind: LAMCTL_UPDATE_GOLDEN=1 scripts/test Lamctl Documents writes its \(mark) anew")
    }
  }

  @Test(
    "commands are found in blocks of shells and pipelines and in the text, and output is none",
    arguments: [
      ("```sh\nA=1 lamctl plan prod --json | jq . > plan.json  # lamctl nothing\n```", ["plan prod --json"]),
      ("```sh\nif lamctl tick prod; then lamctl status \\\n  prod; fi\n```", ["tick prod", "status prod"]),
      (
        "```yaml\n- run: lamctl deploy prod\n# lamctl x\nsteps { sh 'exec lamctl abort prod' }\n```",
        ["deploy prod", "abort prod"]
      ),
      ("```text\nlamctl nothing\n```", []),
      (
        "Say:\n\n    lamctl rollback prod\n    Rolled back.\n\nor `lamctl list` and `lamctl help COMMAND`.",
        ["rollback prod", "list"]
      ),
      ("```sh\nlamctl list --only 'a* b'\n```", ["list --only a* b"]),
    ])
  func reading(text: String, wanted: [String]) {
    let found = Document(path: "a.md", text: text).commandLines.map { $0.words.joined(separator: " ") }
    #expect(found == wanted)
  }

  @Test("links, names and headings are found outside of code")
  func markdown() {
    let document = Document(
      path: "a.md", text: "# One `two`, three!\n[a](b.md#c) and `d.swift`\n```sh\n# [e](f)\n```\n![g](h.svg)")
    #expect(document.links.map(\.text) == ["b.md#c", "h.svg"])
    #expect(document.links.map(\.line) == [2, 6])
    #expect(document.spans.map(\.text) == ["two", "d.swift"])
    #expect(document.anchors == ["one-two-three"])
  }

  private static let sources = Set(
    (files(below: "Sources") + files(below: "Tests")).compactMap {
      $0.split(separator: "/").last.map(String.init)
    })

  private static var tableOfFloors: String {
    var text = ""
    for module in [
      "lamctl", "Release", "Triggers", "Packager", "AWSClient", "LambdaSettings", "Sandbox", "Core",
    ] {
      let floors = Floors.ofModules[module] ?? []
      text += "\n`Sources/\(module)`:\n\n```text\n"
      for (index, folders) in floors.enumerated() {
        let number = String(floors.count - index)
        text += "\(number.count < 2 ? " " : "")\(number)  \(folders.joined(separator: "  "))\n"
      }
      text += "```\n"
    }
    return text + "\n"
  }

  private static func document(_ page: String) throws -> Document {
    Document(path: page, text: String(decoding: try Files.read("\(root)/\(page)"), as: UTF8.self))
  }

  /// A relative path, seen from `folder`.
  private static func resolved(_ path: String, in folder: String) -> String {
    var parts = folder.split(separator: "/")
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { parts = Array(parts.dropLast()) } else { parts.append(part) }
    }
    return parts.joined(separator: "/")
  }

  /// Paths from the root of all files below a folder.
  private static func files(below folder: String) -> [String] {
    ((try? Files.names(in: "\(root)/\(folder)")) ?? []).flatMap { name -> [String] in
      let path = "\(folder)/\(name)"
      return Files.isFolder("\(root)/\(path)") ? files(below: path) : [path]
    }
  }
}
