import Core
import Testing

@testable import lamctl

@Suite("Questions")
struct QuestionTests {
  @Test(
    "only a clear yes of somebody at a terminal is one",
    arguments: [
      ("y", true, true), ("YES", true, true), ("", true, false), ("n", true, false),
      ("yes please", true, false),
      (nil, true, false), ("y", false, false),
    ] as [(String?, Bool, Bool)])
  func answers(answer: String?, isLive: Bool, isYes: Bool) {
    let world = World()
    var context = world.context([])
    context.errorTerminal = .fixed(isLive: isLive)
    context.answer = { answer }
    #expect(context.asks("Go back?") == isYes)
    #expect(world.err.text.contains("Go back? [y/N] ") == isLive)
  }
}
