import Core
import Glibc
import Testing

@testable import Release
@testable import lamctl

@Suite("The reference of documents and events")
struct DocumentCatalogueTests {
  @Test("docs/json.md is what the catalogue says")
  func page() throws {
    let path = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/") + "/docs/json.md"
    let text = DocumentCatalogue.markdown
    if getenv("LAMCTL_UPDATE_GOLDEN").map({ String(cString: $0) }) == "1" {
      try Files.writeAtomically(Array(text.utf8), to: path)
    }
    #expect(try String(decoding: Files.read(path), as: UTF8.self) == text, "differs from docs/json.md")
  }

  @Test("every command has its document in the catalogue", arguments: Lamctl.table.commands.map { $0.name })
  func complete(command: String) {
    #expect(DocumentCatalogue.documents.contains { $0.command == command })
  }

  @Test("the state of a function has the words of the record")
  func states() throws {
    let fields = try #require(DocumentCatalogue.documents.first { $0.command == "status" }?.fields)
    let meaning = try #require(fields.first { $0.path == "functions[].state" }?.meaning)
    let states: [RolloutState] = [
      .idle, .canary, .hold(.pause), .bake, .commit, .triggers, .rolledBack(.errors),
    ]
    for state in states { #expect(meaning.contains("`\(state.word)`")) }
  }

  @Test("what prune tells of a function is in the catalogue")
  func prune() {
    let entry = PruneOutcome.entry(
      PruneResult(name: FunctionName(function: "a", functionName: "shop-a"), kept: []))
    #expect(DocumentCatalogue.unknown(in: ["schema": "lamctl.prune/1", "functions": [entry]]) == [])
  }

  @Test("events have the fields that the catalogue names")
  func events() throws {
    let moment = Timestamp(seconds: 0)
    let samples: [ReleaseEvent] = [
      .phase("a", .building), .phase("a", .uploading(bytes: 3)), .built("a", package: "p"),
      .identical("a", version: "1"), .published("a", version: "1", wasThere: false),
      .candidate("a", from: "1", to: "2", codeSHA256: nil), .serves("a", ["1": 1]),
      .leaseWatched("a", owner: "o", until: moment), .resumed("a", step: 1, of: 2, weight: 0.1),
      .shifted("a", version: "2", weight: 0.1, step: 1, of: 2, until: moment),
      .baking("a", version: "2", until: moment), .promoted("a", version: "2"),
      .rolledBack("a", from: "2", to: "1"), .held("a", reason: "r"), .verified("a"), .ended("a", .promoted),
      .abandoned("a"), .concluded(.promoted), .interrupted, .warning(nil, "w"), .note(nil, "n"),
    ]
    let written = Collected()
    let stream = EventStream(output: written.output) { moment }
    let log = EventLog(stream)
    for sample in samples { log.write(sample, at: moment) }
    stream.end(.done, CommandEnding())
    stream.end(.failed, CommandEnding())
    log.write(.interrupted, at: moment)
    let lines = written.text.split(separator: "\n")
    #expect(lines.count == samples.count + 1, "one end, and nothing after it")
    for line in lines {
      let event = try JSON(parsing: String(line))
      let name = try #require(event["event"]?.string)
      let known = try #require(DocumentCatalogue.events.first { $0.event == name }, "\(name)")
      for key in event.object?.keys ?? [] where !["time", "event", "function"].contains(key) {
        #expect(known.fields.contains("`\(key)`"), "\(name).\(key)")
      }
    }
  }
}
