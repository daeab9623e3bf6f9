import Core
import TestSupport
import Testing

@Suite("Bounds")
struct BoundsTests {
  @Test(
    "a double becomes the nearest whole number that there is",
    arguments: [
      (2.4, 2), (2.5, 3), (-2.5, -3), (1e300, Int.max), (-1e300, .min), (.infinity, .max), (.nan, 0),
      (0x1p63, .max), (-0x1p63, .min), (-0x1p64, .min),
    ])
  func clamped(value: Double, expected: Int) {
    #expect(Int(clamping: value) == expected)
  }

  @Test(
    "a JSON number is one that a double can hold, and whole only where that is exact",
    arguments: [
      ("1e999", nil, nil), ("-1e999", nil, nil), ("1e300", 1e300, nil), ("1e-999", 0, 0),
      ("9007199254740993", 9.007199254740992e15, nil),
      ("12", 12, 12), ("1.5", 1.5, nil),
    ] as [(String, Double?, Int?)])
  func numbers(text: String, double: Double?, int: Int?) throws {
    let number = try JSON(parsing: text)
    #expect(number.double == double)
    #expect(number.int == int)
  }

  @Test("JSON has a limit for its size, its depth and its number of values, each with a sentence")
  func limits() {
    let texts = [
      (String(repeating: "[", count: 200), "nested deeper than 128 levels"),
      ("[" + String(repeating: "0,", count: 4_000_000) + "0]", "the text holds more than 4000000 values"),
      (String(repeating: " ", count: (64 << 20) + 1), "the text has 67108865 bytes, and 64 MiB are the most"),
    ]
    for (text, reason) in texts {
      let error = #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
      #expect(error?.reason == reason)
    }
  }

  @Test("four hexadecimal digits are digits, no number with a sign")
  func escape() {
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: #""\u+123""#) }
  }

  @Test("two spellings of one letter are two names, as bytes are what is compared")
  func names() throws {
    let object = try #require(try JSON(parsing: "{\"\u{e9}\": 1, \"e\u{301}\": 2}").object)
    #expect(object.keys.count == 2)
    #expect(object["\u{e9}"] == 1 && object["e\u{301}"] == 2)
    #expect((try? JSONNode(parsing: Array("{\"\u{e9}\": 1, \"e\u{301}\": 2}".utf8))) != nil)
  }

  @Test("an object of many members is as one of few: order, change and removal", arguments: [3, 40])
  func members(count: Int) {
    var object = JSONObject((0..<count).map { ("k\($0)", .int($0)) })
    object["k1"] = "changed"
    object["k0"] = nil
    object["new"] = true
    #expect(object.keys == (1..<count).map { "k\($0)" } + ["new"])
    #expect(object["k1"] == "changed" && object["k0"] == nil && object["k\(count - 1)"] == .int(count - 1))
    #expect(object == JSONObject(object.members.reversed().map { ($0.key, $0.value) }))
  }
}
