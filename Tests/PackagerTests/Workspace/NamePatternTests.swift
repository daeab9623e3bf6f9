import Core
import Packager
import Testing

@Suite("Names that could be a function's") struct NamePatternTests {
  private func pattern(_ json: String) throws -> NamePattern? {
    let repository = try Repository(["lamctl.json": json])
    let workspace = try repository.open()
    return withExtendedLifetime(repository.folder) {
      (try? workspace.environment(named: "prod")).flatMap { NamePattern(workspace, environment: $0) }
    }
  }

  @Test("they have the beginning and the end that the template gives")
  func matches() throws {
    let plain = try #require(try pattern(#"{"project": "shop", "environments": {"prod": {}}}"#))
    #expect(plain.matches("shop-orders") && !plain.matches("shop-") && !plain.matches("shopping"))
    let both = try #require(
      try pattern(
        #"{"project": "shop", "name": "{environment}-{function}-v2", "environments": {"prod": {}}}"#))
    #expect(both.matches("prod-orders-v2") && !both.matches("staging-orders-v2") && !both.matches("prod-v2"))
  }

  @Test(
    "where names have nothing in common, none could be",
    arguments: [
      #"{"environments": {"prod": {}}}"#, #"{"name": "{function}", "environments": {"prod": {}}}"#,
      #"{"project": "p", "name": "${env:HOME}-{function}", "environments": {"prod": {}}}"#,
    ])
  func none(json: String) throws {
    #expect(try pattern(json) == nil)
  }
}
