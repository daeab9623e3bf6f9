import Core
import LambdaSettings
import Testing

@Suite("Patterns of AWS's models")
struct TextPatternTests {
  @Test(
    "a text fits as a whole or not at all",
    arguments: [
      ("[a-z]+", "abc", true), ("[a-z]+", "abC", false), ("[a-z]+", "", false), ("(a|b)*c", "ababc", true),
      ("a{2,3}", "a", false), ("a{2,3}", "aaa", true), ("a{2,3}", "aaaa", false), ("a{2,}", "aaaaa", true),
      (#"\d{12}"#, "123456789012", true), (#"\d{12}"#, "12345678901", false), (#"[^\s]+"#, "a b", false),
      ("[a-zA-Z0-9-_]+", "a-_9", true), (#"[\.\-_/#A-Za-z0-9]+"#, "/aws/x-y_z.#", true), ("(x)|()", "", true),
      ("a$|^b", "a", true), ("a$|^b", "b", true), ("a$|^b", "ab", false), ("a?b", "b", true),
      (".*", "", true),
      (#"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"#, "é 7=ü", true), (#"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"#, "a#", false),
      ("(?:ab)+", "abab", true), ("x*y*", "xxyy", true), ("(a*)*b", "aaab", true),
    ] as [(String, String, Bool)])
  func fits(pattern: String, text: String, expected: Bool) throws {
    #expect(try #require(TextPattern(pattern)).matches(text) == expected)
  }

  @Test(
    "what cannot be read is no pattern",
    arguments: ["(", "a)", "[a", "a{", "a{3,2}", "*", #"\q"#, "(?!a)", "a{9999}", "(((a{999}){999}){999})"])
  func unreadable(pattern: String) {
    #expect(TextPattern(pattern) == nil)
  }

  @Test("a pattern that has others run for ever is walked once")
  func linear() throws {
    let pattern = try #require(TextPattern("(a|a|aa)*(a*)*b"))
    #expect(!pattern.matches(String(repeating: "a", count: 10_000)))
  }
}
