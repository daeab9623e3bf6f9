import Core
import TestSupport
import Testing

@testable import Triggers

@Suite("The tag that the edges of an alias leave behind")
struct TriggerTagTests {
  @Test("what is written is read again, with and without removals")
  func roundTrip() {
    let digest = String(repeating: "a", count: 32)
    for removals in [nil, Timestamp(seconds: 1_800_000_000)] {
      let tag = TriggerTag(digest: digest, kinds: [.rule, .s3], release: "r1", removals: removals)
      #expect(TriggerTag(tag.text) == tag)
      #expect(tag.text.utf8.count <= 256)
    }
  }

  @Test(
    "what another version wrote, or nobody understands, is none: the edges are read then",
    arguments: ["", "2 d=x k= r=r", "1 d=short k= r=r", "1 d=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa k=queue r=r"])
  func unknown(text: String) {
    #expect(TriggerTag(text) == nil)
  }

  @Test("the project is told where its name fits, and an older tag without one is read")
  func project() {
    let digest = String(repeating: "a", count: 32)
    let tag = TriggerTag(digest: digest, kinds: [.s3], release: "r", project: "shop-admin")
    #expect(tag.text.contains(" p=shop-admin"))
    #expect(TriggerTag(tag.text) == tag)
    let other = TriggerTag(digest: digest, kinds: [.s3], release: "r", project: "my shop")
    #expect(other.project == nil && TriggerTag(other.text) == other)
    #expect(TriggerTag("1 d=\(digest) k=s3 r=r")?.project == nil)
  }
}
