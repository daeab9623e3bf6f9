import AWSClient
import Core
import TestSupport
import Testing

@testable import Triggers

@Suite("The journal of an adoption")
struct MoveJournalTests {
  private static let reads = ["Get", "List", "Describe"]

  private static func journal(_ moves: [Move]) -> MoveJournal {
    MoveJournal(
      environment: "prod", alias: "prod", account: World.account, region: "eu-west-1", release: "r1",
      started: Timestamp(seconds: 1_900_000_000.5), moves: moves)
  }

  @Test("it is read back as it was written, and its name tells when")
  func roundTrip() async throws {
    var journal = Self.journal(await World.hanging().plan().moves)
    journal.course = .back
    journal.entries[0].state = .begun
    journal.entries[0].order = 1
    journal.entries[1].state = .left
    journal.entries[1].reason = "because"
    #expect(try MoveJournal(parsing: journal.bytes) == journal)
    #expect(journal.fileName == "adopt-20300317T174640Z.json")
    #expect(MoveJournal.isName(journal.fileName) && !MoveJournal.isName("adopt-.json"))
  }

  @Test(
    "a file that is none is refused with what is wrong",
    arguments: [
      ("", "no JSON"), ("[1]", "no journal"), (#"{"schema":"lamctl.adopt/2","moves":[]}"#, "no journal"),
      (#"{"schema":"lamctl.adopt/1","moves":[]}"#, "missing"),
      (
        #"{"schema":"lamctl.adopt/1","moves":[{}],"environment":"e","alias":"a","account":"1","region":"r","#
          + #""release":"x","started":"2026-11-27T09:15:00Z","course":"forward"}"#, "moves[0]"
      ),
      (
        #"{"schema":"lamctl.adopt/1","moves":[],"environment":"e","alias":"a","account":"1","region":"r","#
          + #""release":"x","started":"2026-11-27T09:15:00Z","course":"up"}"#, "course"
      ),
    ])
  func broken(_ text: String, _ words: String) throws {
    let fault = #expect(throws: MoveJournalFault.self) { try MoveJournal(parsing: Array(text.utf8)) }
    #expect(fault?.description.contains(words) == true, "\(fault?.description ?? "")")
  }

  @Test("before each write the move is on the disk as begun")
  func writtenFirst() async throws {
    let calls = try await {
      let world = World.hanging()
      try await world.adopt(MemoryJournals(world))
      return world.calls
    }()
    for (index, name) in calls.enumerated() where !Self.reads.contains(where: name.hasPrefix) {
      let world = World.hanging()
      let journals = MemoryJournals(world)
      world.restart(mishaps: [index: .death])
      _ = try? await world.adopt(journals)
      let entries = try #require(try journals.last()).entries
      #expect(entries.count { $0.state == .begun } >= 1, "call \(index), \(name)")
      #expect(entries.filter { $0.state.mayStand }.allSatisfy { $0.order != nil })
    }
  }

  @Test("where it cannot be saved nothing is written")
  func full() async throws {
    let world = World.hanging()
    let before = world.settled
    let journals = MemoryJournals(world)
    journals.fill()
    await #expect(throws: SystemError.self) { try await world.adopt(journals) }
    #expect(world.settled == before)
  }

  @Test("it is whole when every group of moves is done, or nothing of it stands")
  func whole() async {
    var journal = Self.journal(await World.hanging().plan().moves)
    #expect(journal.isWhole)
    let stream = journal.entries.indices.filter { journal.entries[$0].move.group == "mapping s" }
    #expect(stream.count == 3)
    journal.entries[stream[0]].state = .done
    #expect(!journal.isWhole)
    for index in stream { journal.entries[index].state = .done }
    #expect(journal.isWhole)
    journal.entries[stream[2]].state = .begun
    #expect(!journal.isWhole)
  }
}
