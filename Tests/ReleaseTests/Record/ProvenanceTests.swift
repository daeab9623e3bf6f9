import Core
import Release
import Testing

@Suite("The origin in a version's Description")
struct ProvenanceTests {
  private let digest = String(repeating: "0123456789abcdef", count: 4)

  private func provenance(commit: String?, isDirty: Bool = false, by: String = "gh-118822") throws
    -> VersionProvenance
  {
    VersionProvenance(
      source: digest, package: String(digest.reversed()), configuration: digest, commit: commit,
      isDirty: isDirty,
      release: try #require(ReleaseID(parsing: "20261121T054900Z-3f2a1c9")), by: by)
  }

  @Test(
    "comes back as it was",
    arguments: [
      (String?.none, false), ("3f2a1c9d8e7f6a5b4c3d", false), ("3f2a1c9d8e7f6a5b4c3d", true), (nil, true),
    ])
  func roundTrip(commit: String?, isDirty: Bool) throws {
    let origin = try provenance(commit: commit, isDirty: isDirty)
    let text = origin.encoded(userText: "Orders ; of the shop")
    #expect(VersionProvenance.decode(text) == .provenance(origin, userText: "Orders ; of the shop"))
    #expect(text.contains(" g=3f2a1c9d8e7f") == (commit != nil))
  }

  @Test("never exceeds 256 characters and cuts the user's text between characters")
  func limit() throws {
    let origin = try provenance(
      commit: "3f2a1c9d8e7f6a5b", isDirty: true, by: String(repeating: "w", count: 90))
    let family = String(repeating: "👨‍👩‍👧", count: 40)
    let text = origin.encoded(userText: family)
    #expect(text.utf16.count <= 256)
    guard case .provenance(let decoded, let kept) = VersionProvenance.decode(text) else {
      Issue.record("unreadable: \(text)")
      return
    }
    #expect(decoded == origin && !kept.isEmpty && family.hasPrefix(kept))
  }

  @Test("keeps the digests of the parts, and nothing that is none")
  func parts() throws {
    var origin = try provenance(
      commit: "3f2a1c9d8e7f6a5b", isDirty: true, by: String(repeating: "w", count: 90))
    origin.parts = String(repeating: "0a1b2", count: 6)
    let text = origin.encoded(userText: "Orders")
    #expect(text.utf16.count <= 256)
    #expect(VersionProvenance.decode(text) == .provenance(origin, userText: "Orders"))
    let broken = text.replacing("d=0a1b2", with: "d=0a1b")
    guard case .provenance(let decoded, _) = VersionProvenance.decode(broken) else {
      Issue.record("unreadable: \(broken)")
      return
    }
    #expect(decoded.parts == nil)
  }

  @Test(
    "is told apart from other text",
    arguments: [
      ("", "none"), ("Orders", "none"), ("lamctl/2 s=1", "newer"),
      ("lamctl/1 s=12 p=3 c=4 r=5 by=6", "damaged"),
    ])
  func foreign(text: String, kind: String) {
    switch VersionProvenance.decode(text) {
    case .none: #expect(kind == "none")
    case .provenance: Issue.record("\(text) names no origin")
    case .damaged: #expect(kind == "damaged")
    case .newer: #expect(kind == "newer")
    }
  }
}

@Suite("Release ids")
struct ReleaseIDTests {
  private let time = Timestamp(seconds: 1_795_240_140.75)

  @Test("carry time and commit, or random digits where there is none")
  func text() {
    #expect(ReleaseID(time: time, commit: "3F2A1C9d8e", random: []).description == "20261121T054900Z-3f2a1c9")
    #expect(
      ReleaseID(time: time, commit: nil, random: [1, 2, 3, 255]).description == "20261121T054900Z-010203f")
    #expect(ReleaseID(time: time, commit: "main", random: [1]).description == "20261121T054900Z-0100000")
  }

  @Test(
    "come back from their text, and from nothing else",
    arguments: [
      "20261121T054900Z-3f2a1c9": true, "20261121T054900Z-3f2a1c": false, "20261131T054900Z-3f2a1c9": false,
      "20261121T054900Z": false, "2026-11-21T05:49:00Z-3f2a1c9": false, "20261121T054900Z-3F2A1C9": false,
      "": false,
    ])
  func parsing(text: String, isID: Bool) {
    #expect(ReleaseID(parsing: text)?.description == (isID ? text : nil))
  }

  @Test("order by time")
  func order() throws {
    let early = try #require(ReleaseID(parsing: "20261121T054900Z-fffffff"))
    let late = try #require(ReleaseID(parsing: "20261121T054901Z-0000000"))
    #expect(early < late)
  }
}
