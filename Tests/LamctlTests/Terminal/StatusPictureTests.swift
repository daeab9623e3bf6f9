import Core
import Testing

@testable import lamctl

@Suite("The picture of status --watch")
struct StatusPictureTests {
  @Test("on a terminal each look takes the place of the last one")
  func live() {
    var picture = StatusPicture(isLive: true)
    #expect(picture.next("a\nb\nc\n", state: ["x"]) == "a\nb\nc\n")
    #expect(picture.next("a\nb\n", state: ["x"]) == "\u{1B}[3A\r\u{1B}[Ja\nb\n")
    #expect(picture.next("d\n", state: ["y"]) == "\u{1B}[2A\r\u{1B}[Jd\n")
  }

  @Test("elsewhere a look is told only where something has changed, without control characters")
  func changes() {
    var picture = StatusPicture(isLive: false)
    #expect(picture.next("at 1\na\n", state: ["x"]) == "at 1\na\n")
    #expect(picture.next("at 2\na\n", state: ["x"]) == "")
    #expect(picture.next("at 3\nb\n", state: ["y"]) == "at 3\nb\n")
    #expect(picture.next("at 4\na\n", state: ["x"]) == "at 4\na\n")
  }
}
