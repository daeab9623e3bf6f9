import Testing

@testable import lamctl

@Suite("What --only selects")
struct SelectionTests {
  private static let names = ["basket", "ordering", "product", "admin-users"]

  private static func select(_ patterns: String...) throws -> [String] {
    try Selection(patterns).select(names) { $0 }
  }

  @Test("names and patterns select, and those with ! keep out")
  func selects() throws {
    #expect(try Self.select() == Self.names)
    #expect(try Self.select("basket", "ord*") == ["basket", "ordering"])
    #expect(try Self.select("!admin-*", "!basket") == ["ordering", "product"])
    #expect(try Self.select("!nothing-*") == Self.names)
    #expect(try Selection(["!nothing-*", "!admin-*"]).idle(among: Self.names) == ["nothing-*"])
  }

  @Test("a name to keep out that only a broken file has is no fault, and on the way back none is")
  func keptOut() throws {
    let selection = try Selection(["!orders"])
    #expect(try selection.select(Self.names, besides: ["orders"]) { $0 } == Self.names)
    #expect(try selection.select(Self.names, isWayBack: true) { $0 } == Self.names)
  }

  @Test(
    "what would release more than was meant is refused",
    arguments: [
      (["!basket["], "--only '!basket[' is no pattern", "write a name, or one with *"),
      (["basket["], "--only 'basket[' is no pattern", "write a name"),
      (["!"], "--only '!' is no pattern", "write a name"),
      (["!bakset"], "--only '!bakset' keeps no function out", "did you mean 'basket'?"),
      (["baskt"], "--only baskt selects no function", "did you mean 'basket'?"),
      (["basket", "!basket"], "--only basket !basket selects no function", "did you mean 'basket'?"),
    ])
  func refused(patterns: [String], message: String, fix: String) {
    let failure = #expect(throws: Failure.self) { try Selection(patterns).select(Self.names) { $0 } }
    #expect(failure?.exitCode == .usage && failure?.message == message)
    #expect(failure?.fix?.hasPrefix(fix) == true)
  }
}
