import Core
import Testing

@Suite("JSON")
struct JSONTests {
  @Test(
    "what is written is read back",
    arguments: [
      #"{"a":1,"b":[true,false,null],"c":{"d":"e"}}"#, "[]", "{}", "-0.5e+10", #""\u0001\"\\""#, #""é😀""#,
    ])
  func roundTrip(text: String) throws {
    #expect(try JSON(parsing: text).text() == text)
  }

  @Test("escapes are decoded, surrogate pairs too")
  func escapes() throws {
    #expect(try JSON(parsing: #""\n\t\/é\ud83d\ude00""#) == "\n\t/é😀")
  }

  @Test(
    "a fault is reported where it is",
    arguments: [
      ("{", 1, 2, "a key in quotes or '}' was expected"),
      ("{\n  \"a\": tru\n}", 2, 8, "'t' begins no value"),
      (#"{"a": 1,}"#, 1, 9, "JSON has no comma after the last value"),
      ("[1,\n]", 2, 1, "JSON has no comma after the last value"),
      ("{\"a\": 1, // why\n\"b\": 2}", 1, 10, "JSON has no comments"),
      ("[1 /* one */, 2]", 1, 4, "JSON has no comments"),
      ("{} // the end", 1, 4, "JSON has no comments"),
      (#"{"a": 1 "b": 2}"#, 1, 9, "',' or '}' was expected"),
      (#"{"é": x}"#, 1, 7, "'x' begins no value"),
      ("[1] 2", 1, 5, "nothing may follow the value"),
      ("[01]", 1, 4, "a number may not begin with 0"),
      ("// no\n{}", 1, 1, "JSON has no comments"),
      ("\"a\nb\"", 1, 3, "a line break or control character must be escaped inside a string"),
      (#""\ud800""#, 1, 8, "half of a surrogate pair"),
      ("", 1, 1, "the text ends where a value was expected"),
    ])
  func faults(text: String, line: Int, column: Int, reason: String) {
    let error = #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
    #expect(error?.position.line == line)
    #expect(error?.position.column == column)
    #expect(error?.reason == reason)
  }

  @Test("a repeated key is a fault for people and the last value for machines")
  func repeatedKeys() throws {
    let text = Array("{\n \"a\": 1, \"a\": 2}".utf8)
    #expect(try JSON(parsing: text)["a"]?.int == 2)
    let error = #expect(throws: JSONSyntaxError.self) { try JSONNode(parsing: text) }
    #expect(error?.description == "line 2, column 10: the key \"a\" stands here twice")
  }

  @Test("nesting has an end")
  func depth() {
    let text = String(repeating: "[", count: 1000)
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
  }

  @Test("bytes that are not UTF-8 are refused")
  func encoding() {
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: [0x22, 0xFF, 0x22]) }
  }

  @Test("objects merge member by member, lists are replaced")
  func merging() throws {
    let base = try #require(try JSON(parsing: #"{"a":{"x":1,"y":2},"l":[1,2],"k":1}"#).object)
    let top = try #require(try JSON(parsing: #"{"a":{"y":3},"l":[3]}"#).object)
    #expect(JSON.object(base.merging(top)).text() == #"{"a":{"x":1,"y":3},"l":[3],"k":1}"#)
  }

  @Test("the order of members does not count for equality, and can be fixed in text")
  func order() throws {
    let one = try JSON(parsing: #"{"b":1,"a":{"d":1,"c":2}}"#)
    let two = try JSON(parsing: #"{"a":{"c":2,"d":1},"b":1}"#)
    #expect(one == two)
    #expect(one.hashValue == two.hashValue)
    #expect(one.text(sortedKeys: true) == two.text())
  }

  @Test("the pretty form has two spaces a level")
  func pretty() {
    let json: JSON = ["a": [1, 2], "b": [:]]
    #expect(json.text(.pretty) == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}")
  }
}
