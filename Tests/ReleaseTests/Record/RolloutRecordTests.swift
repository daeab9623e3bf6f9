import Core
import Release
import Testing

@Suite("The record in the alias's Description")
struct RolloutRecordTests {
  private func record() throws -> RolloutRecord {
    let release = try #require(ReleaseID(parsing: "20261121T054900Z-3f2a1c9"))
    var record = RolloutRecord(release: release, state: .canary)
    record.step = 2
    record.steps = 4
    record.stable = "41"
    record.canary = "42"
    record.previous = "41"
    record.history = [
      WeightChange(minute: 0, weight: try Weight(parsing: "1%")),
      WeightChange(minute: 7, weight: try Weight(parsing: "10%")),
    ]
    record.started = Timestamp(seconds: 1_764_000_000)
    record.leaseEnd = Timestamp(seconds: 1_764_000_300)
    record.owner = RecordOwner("gh-118822")
    record.functions = 20
    return record
  }

  @Test("is one readable line")
  func line() throws {
    let encoded = try record().encoded()
    #expect(
      encoded.text.hasPrefix(
        "lamctl/1 r=20261121T054900Z-3f2a1c9 st=canary k=2/4 s=41 c=42 p=41 h=0:1,7:10 "
          + "t=1764000000 l=1764000300 o=gh-118822 g=20 x="))
    #expect(encoded.keepsUserText && encoded.keepsHistory)
  }

  @Test("keeps the user's text behind it")
  func userText() throws {
    let text = "Orders of the shop ; owned by team Ä"
    let encoded = try record().encoded(userText: text)
    #expect(encoded.keepsUserText)
    #expect(RolloutRecord.decode(encoded.text) == .record(try record(), userText: text))
  }

  @Test("comes back as it was, for any record a run can write, and never exceeds 256 characters")
  func roundTrip() throws {
    var generator = SeededGenerator(state: 2026)
    var whole = 0
    for _ in 0..<5_000 {
      let record = RolloutRecord.random(using: &generator)
      let userText = String(
        (0..<Int.random(in: 0...120, using: &generator)).compactMap { _ in
          "ab é😀;".randomElement(using: &generator)
        })
      let encoded = record.encoded(userText: userText)
      #expect(encoded.text.utf16.count <= 256)
      guard case .record(let decoded, let kept) = RolloutRecord.decode(encoded.text) else {
        Issue.record("unreadable: \(encoded.text)")
        continue
      }
      if encoded.keepsUserText { #expect(kept == userText) } else { #expect(userText.hasPrefix(kept)) }
      if encoded.keepsHistory { #expect(decoded.history == record.history) }
      let owner = record.owner ?? RecordOwner("nobody")
      #expect(decoded.owner == record.owner || decoded.owner?.short == owner.short)
      var same = decoded
      same.owner = record.owner
      same.history = record.history
      #expect(same == record)
      #expect(decoded.encoded(userText: kept).text == encoded.text)
      if decoded == record, encoded.keepsUserText { whole += 1 }
    }
    #expect(whole > 1_000)
  }

  @Test("gives way in a fixed order: owner, old weight changes down to four, the user's text")
  func shortening() throws {
    var record = try record()
    record.owner = RecordOwner("github:some-organisation/some-repository/118822/1")
    record.history = try (1...19).map {
      WeightChange(minute: $0 * 6, weight: try #require(Weight(fraction: Double($0) * 0.05)))
    }
    #expect(record.encoded().keepsHistory, "a linear plan of 5 % fits as it is")
    record.history = try (1...40).map {
      WeightChange(minute: $0 * 60, weight: try #require(Weight(fraction: Double($0) * 0.025)))
    }
    guard case .record(let alone, _) = RolloutRecord.decode(record.encoded().text) else {
      Issue.record("unreadable")
      return
    }
    #expect(alone.owner != record.owner)
    let owner = try #require(record.owner)
    #expect(alone.owner?.short == owner.short)
    #expect(alone.history.count < 40 && alone.history.last == record.history.last)
    #expect(alone.history.first?.minute == 60)
    let long = String(repeating: "x", count: 200)
    let crowded = record.encoded(userText: long)
    guard case .record(let cut, let kept) = RolloutRecord.decode(crowded.text) else {
      Issue.record("unreadable")
      return
    }
    #expect(cut.history.count == 4)
    #expect(!crowded.keepsUserText && long.hasPrefix(kept) && crowded.text.utf16.count == 256)
  }

  @Test(
    "is told apart from the user's own text, damage and later formats",
    arguments: [
      ("", "none"), ("Orders API", "none"), ("lamctl is great", "none"), ("lamctl/1x", "none"),
      ("lamctl/2 z=1", "newer"), ("lamctl/12", "newer"), ("lamctl/1", "damaged"),
      ("lamctl/1 r=20261121T054900Z-3f2a1c9 st=idle g=1 x=000000", "damaged"),
      ("lamctl/1 alias u=1795741200 o=ann", "marked"), ("lamctl/1 alias m=prod w=canary", "marked"),
      ("lamctl/1 alias u=1795741200", "damaged"), ("lamctl/1 alias m=prod w=other", "damaged"),
      ("lamctl/1 alias u=1795741200 o=ann q=1", "damaged"),
    ])
  func foreign(text: String, kind: String) {
    switch RolloutRecord.decode(text) {
    case .none(let userText): #expect(kind == "none" && userText == text)
    case .record: Issue.record("\(text) is no record")
    case .damaged(let kept): #expect(kind == "damaged" && kept == text)
    case .newer(let kept): #expect(kind == "newer" && kept == text)
    case .marked(let mark): #expect(kind == "marked" && mark.description == text)
    }
  }

  @Test("any change of a single character in it is noticed")
  func checksum() throws {
    let text = try record().encoded().text
    for index in text.indices where index > text.index(text.startIndex, offsetBy: 7) {
      var changed = text
      changed.replaceSubrange(index...index, with: text[index] == "7" ? "8" : "7")
      if case .record = RolloutRecord.decode(changed) { Issue.record("not noticed: \(changed)") }
    }
  }

  @Test("what a later version added under a right checksum is left to that version")
  func unknownField() throws {
    let text = try record().encoded().text
    let body = text.prefix(upTo: try #require(text.firstRange(of: " x=")).lowerBound) + " q=7"
    let line = "\(body) x=\(SHA256.digest(of: String(body)).hex.prefix(6))"
    #expect(RolloutRecord.decode(line) == .newer(line))
  }

  @Test("gives back the minutes of each step without those of the changes")
  func steps() throws {
    var record = try record()
    record.started = Timestamp(seconds: 1_764_000_045)
    let start = Timestamp(seconds: 1_764_000_000)
    let steps = record.recordedSteps
    #expect(steps.map(\.weight) == (try ["1%", "10%"].map { try Weight(parsing: $0) }))
    #expect(steps.map(\.firstMinute) == [start + .minutes(1), start + .minutes(8)])
    #expect(steps.map(\.endMinute) == [start + .minutes(7), nil])
    #expect(record.weight == (try Weight(parsing: "10%")))
    let change = WeightChange(at: Timestamp(seconds: 1_764_000_460), since: start, weight: .all)
    #expect(change.minute == 7)
  }

  @Test(
    "a version that is no number is not obeyed, although the checksum is right",
    arguments: ["s=$LATEST", "p=$LATEST", "c=x", "s=-1", "s=0", "bad=1,$LATEST", "s=99999999999999999999"])
  func forged(field: String) throws {
    let body = "lamctl/1 r=20261121T054900Z-3f2a1c9 st=idle \(field) g=1"
    let text = "\(body) x=\(SHA256.digest(of: body).hex.prefix(6))"
    #expect(RolloutRecord.decode(text) == .damaged(text))
  }

  @Test("a lease that ends later than any run writes it is none: nobody waits until the year 5138")
  func absurdLease() throws {
    var record = try record()
    let now = Timestamp(seconds: 1_764_000_000)
    record.leaseEnd = Timestamp(seconds: 99_999_999_999)
    #expect(record.isLeaseOver(at: now))
    record.leaseEnd = now + .minutes(5)
    #expect(!record.isLeaseOver(at: now))
    #expect(!record.isLeaseOver(at: now - .minutes(4)), "clocks may differ by some minutes")
    guard case .record(let read, _) = RolloutRecord.decode(record.encoded().text) else {
      Issue.record("the record cannot be read")
      return
    }
    #expect(read.leaseEnd == record.leaseEnd)
  }

  @Test("the lease ends at its second")
  func lease() throws {
    let record = try record()
    #expect(!record.isLeaseOver(at: Timestamp(seconds: 1_764_000_299)))
    #expect(record.isLeaseOver(at: Timestamp(seconds: 1_764_000_300)))
    #expect(RolloutRecord(release: record.release, state: .idle).isLeaseOver(at: Timestamp(seconds: 0)))
  }
}

@Suite("The owner in a record")
struct RecordOwnerTests {
  @Test("two runs of one pipeline stay apart however long its name")
  func apart() {
    let base = "github:an-organisation/a-repository/actions/runs/1188"
    let a = RecordOwner(base + "1")
    let b = RecordOwner(base + "2")
    #expect(a.short != b.short)
    #expect(a.description.count == 24)
    #expect(RecordOwner(a.description) == a)
  }

  @Test("has no blank, no separator and is never empty", arguments: ["", "a b", "x ; y", "größe", "\n"])
  func token(name: String) {
    let text = RecordOwner(name).description
    #expect(!text.isEmpty && !text.contains { $0 == " " || $0 == ";" || !$0.isASCII || $0.isNewline })
  }
}
