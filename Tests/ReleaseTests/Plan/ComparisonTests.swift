import AWSClient
import Core
import Testing

@testable import Release

@Suite("Settings that no digest holds")
struct ComparisonTests {
  private func input(
    _ variables: [(String, JSON)]?, mode: EnvironmentMode = .replace, role: JSON? = nil,
    compared: Set<String> = []
  ) -> FunctionInput {
    var members = JSONObject()
    if let variables { members["Environment"] = ["Variables": .object(JSONObject(variables))] }
    members["Role"] = role
    return FunctionInput(
      function: "a", functionName: "a", sourceDigest: "", configurationDigest: "",
      configuration: FunctionSettings(members, environmentMode: mode), comparedSettings: compared,
      mayCreate: false)
  }

  private func configuration(_ text: String) throws -> FunctionConfiguration {
    FunctionConfiguration(try #require(try JSON(parsing: text).object))
  }

  @Test(
    "variables are compared with what Lambda has, by name and value, as the manifest owns them",
    arguments: [
      ([("A", "1")], EnvironmentMode.replace, #"{"A":"1"}"#, []),
      ([("A", "1")], .replace, #"{"A":"2"}"#, ["Environment.A"]),
      ([("A", "1")], .replace, #"{"A":"1","B":"2"}"#, ["Environment.B"]),
      ([("A", "1"), ("B", "2")], .replace, #"{"A":"1"}"#, ["Environment.B"]),
      ([("A", "1")], .merge, #"{"A":"1","B":"2"}"#, []),
      ([("A", "1")], .merge, #"{"B":"2"}"#, ["Environment.A"]),
      ([("A", "1")], .unmanaged, #"{"A":"2"}"#, []), ([], .replace, #"{"A":"2"}"#, ["Environment.A"]),
    ] as [([(String, String)], EnvironmentMode, String, [String])])
  func variables(
    wanted: [(String, String)], mode: EnvironmentMode, present: String, expected: [String]
  ) throws {
    let there = try configuration("{\"Environment\":{\"Variables\":\(present)}}")
    let wanted = wanted.map { ($0.0, JSON.string($0.1)) }
    #expect(Comparison.settingsApart(input(wanted, mode: mode), from: there) == expected)
  }

  @Test("no variables on either side are equal, and what may not be decrypted is not guessed")
  func nothing() throws {
    #expect(Comparison.settingsApart(input([]), from: try configuration("{}")).isEmpty)
    #expect(
      Comparison.settingsApart(
        input(nil), from: try configuration(#"{"Environment":{"Variables":{"A":"1"}}}"#)
      ).isEmpty)
    let denied = try configuration(#"{"Environment":{"Error":{"ErrorCode":"AccessDeniedException"}}}"#)
    #expect(Comparison.settingsApart(input([("A", "1")]), from: denied).isEmpty)
  }

  @Test("a setting that came from a parameter is compared, and others are their digest's matter")
  func secretSettings() throws {
    let there = try configuration(#"{"Role":"arn:one"}"#)
    #expect(
      Comparison.settingsApart(input(nil, role: "arn:two", compared: ["Role"]), from: there) == ["Role"])
    #expect(Comparison.settingsApart(input(nil, role: "arn:one", compared: ["Role"]), from: there).isEmpty)
    #expect(Comparison.settingsApart(input(nil, role: "arn:two"), from: there).isEmpty)
  }
}
