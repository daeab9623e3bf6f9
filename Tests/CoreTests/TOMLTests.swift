import Core
import Testing

@Suite("TOML")
struct TOMLTests {
  @Test(
    "values are what the specification says",
    arguments: [
      ("", "{}"),
      ("a = 1 # c\n\"b c\" = 'd\\e'\r\nf.g . \"h\" = true\n", #"{"a":1,"b c":"d\\e","f":{"g":{"h":true}}}"#),
      ("a = [1, [\"x\",\n # c\n 'y',], {b = 2, c.d = 3}]", #"{"a":[1,["x","y"],{"b":2,"c":{"d":3}}]}"#),
      ("[a.b]\nc = 1\n[a]\nd = 2\n[a.b.e]\n", #"{"a":{"b":{"c":1,"e":{}},"d":2}}"#),
      (
        "[[p]]\nn = 'x'\n[p.q]\nr = 1\n[[p.s]]\n[[p.s]]\nt = 2\n[[p]]\nn = 'y'",
        #"{"p":[{"n":"x","q":{"r":1},"s":[{},{"t":2}]},{"n":"y"}]}"#
      ),
      (
        "a = +1_000\nb = 0xfF\nc = 0o17\nd = 0b101\ne = -0.5e+1_0\nf = -inf",
        #"{"a":1000,"b":255,"c":15,"d":5,"e":-0.5e+10,"f":"-inf"}"#
      ),
      (
        "a = 1979-05-27T07:32:00.5-07:00\nb = 1979-05-27 07:32:00Z\nc = 1979-05-27\nd = 07:32:00",
        #"{"a":"1979-05-27T07:32:00.5-07:00","b":"1979-05-27 07:32:00Z","c":"1979-05-27","d":"07:32:00"}"#
      ),
      ("a = \"\"\"\nx\n\"\"y \\\n   z\"\"\"\"\"", "{\"a\":\"x\\n\\\"\\\"y z\\\"\\\"\"}"),
      ("a = '''\nx\\\ny'''\nb = \"\\t\\u00e9\\U0001F600\"", "{\"a\":\"x\\\\\\ny\",\"b\":\"\\té😀\"}"),
    ])
  func values(text: String, json: String) throws {
    #expect(try JSONNode(toml: Array(text.utf8)).json.text() == json)
  }

  @Test(
    "a fault is reported where it is",
    arguments: [
      ("a = 1\nb\n", 2, 2, "'=' was expected after the key"),
      ("a = \"b\nc = 1", 1, 7, "the string has no closing quote"),
      ("a = [1,\n 2", 2, 3, "',' or ']' was expected"),
      ("a = 1\n\"a\" = 2", 2, 1, "the key \"a\" stands here twice"),
      ("[a]\n[b]\n[a]", 3, 2, "the key \"a\" stands here twice"),
      ("a = 1\n[a.b]", 2, 2, "the key \"a\" stands here twice"),
      ("[a.b]\n[a]\nb.c = 1", 3, 1, "the key \"b\" stands here twice"),
      ("a = {b = 1}\n[a.c]", 2, 2, "the key \"a\" stands here twice"),
      ("a = [1]\n[[a]]", 2, 3, "the key \"a\" stands here twice"),
      ("[a", 1, 3, "']' was expected after the name of the table"),
      ("a = 1 b = 2", 1, 7, "the line must end after the value"),
      ("a = 01", 1, 5, "'01' is no value"),
      ("a = 9223372036854775808", 1, 5, "'9223372036854775808' is no value"),
      ("a = 1__0", 1, 5, "'1__0' is no value"),
      ("a = \"\\q\"", 1, 8, "the backslash begins no escape"),
      ("é = 1", 1, 1, "a key was expected"),
    ])
  func faults(text: String, line: Int, column: Int, reason: String) {
    let error = #expect(throws: JSONSyntaxError.self) { try JSONNode(toml: Array(text.utf8)) }
    #expect(error?.position.line == line)
    #expect(error?.position.column == column)
    #expect(error?.reason == reason)
  }

  @Test("every value knows its place")
  func places() throws {
    let node = try JSONNode(toml: Array("[a]\nb = [1,\n  2]\n".utf8))
    guard case .array(let elements)? = node["a"]?["b"]?.kind else {
      Issue.record("there is no list")
      return
    }
    #expect(elements.map(\.position.line) == [2, 3])
    #expect(elements.map(\.position.column) == [6, 3])
  }

  @Test("nesting has an end", arguments: ["a = ", ""])
  func depth(prefix: String) {
    let text = prefix + String(repeating: prefix.isEmpty ? "a." : "[", count: 1000)
    #expect(throws: JSONSyntaxError.self) { try JSONNode(toml: Array(text.utf8)) }
  }
}
