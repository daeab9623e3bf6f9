import Core
import Testing

@Suite("YAML")
struct YAMLTests {
  @Test(
    "collections in blocks and in brackets are the same",
    arguments: [
      ("", "null"),
      (
        "a: 1\nb:\n  - x\n  - y: 2\n    z: 3\n  -\n    - w\nc:\n",
        #"{"a":1,"b":["x",{"y":2,"z":3},["w"]],"c":null}"#
      ),
      ("a:\n- 1\n- b: 2\nc: 3", #"{"a":[1,{"b":2}],"c":3}"#),
      ("- - a\n  - b\n- c", #"[["a","b"],"c"]"#),
      ("a: [1, 'b', {c: d, \"e\":f}, [],\n  g]\n", #"{"a":[1,"b",{"c":"d","e":"f"},[],"g"]}"#),
      ("[a: 1, b]", #"[{"a":1},"b"]"#),
      ("{a, b: , c: {}}", #"{"a":null,"b":null,"c":{}}"#),
      ("? long key\n: 1\n\"b\" : 2\n404: x\n", #"{"long key":1,"b":2,"404":"x"}"#),
      ("%YAML 1.2\n---\n# c\na: b # d\n...\n", #"{"a":"b"}"#),
      ("a:\r\n  b: c\r\n  d: e\r\n", #"{"a":{"b":"c","d":"e"}}"#),
      (
        "\"@scope/a@npm:^1, @scope/a@npm:^2\":\n  version: 1.2.3\n",
        #"{"@scope/a@npm:^1, @scope/a@npm:^2":{"version":"1.2.3"}}"#
      ),
      (
        "/a@1.0.0(b@2):\n  resolution: {integrity: sha512-x==}\n",
        #"{"/a@1.0.0(b@2)":{"resolution":{"integrity":"sha512-x=="}}}"#
      ),
    ])
  func collections(text: String, json: String) throws {
    #expect(try JSONNode(yaml: Array(text.utf8)).json.text() == json)
  }

  @Test(
    "scalars are read by the core schema, in their digits",
    arguments: [
      ("[~, null, true, False, yes, 10, -1.50, 1e3]", "[null,null,true,false,\"yes\",10,-1.50,1e3]"),
      (
        "[0123, 1.2.3, 0x1F, 1_000, 2024-01-01, 12:30]",
        #"["0123","1.2.3","0x1F","1_000","2024-01-01","12:30"]"#
      ),
      ("a: b c\n  d\n\n  e # f\ng: http://x#y:z", #"{"a":"b c d\ne","g":"http://x#y:z"}"#),
      (
        "a: 'it''s\n  so'\nb: \"x\\n\\\n  y \\u00e9 \\x41\\ud83d\\ude00\n\n  z\"",
        #"{"a":"it's so","b":"x\ny é A😀\nz"}"#
      ),
      (
        "a: |\n  x\n   y\n\n  z\n\nb: >-\n  p\n  q\n\n  r\n    s\n  t\n\n",
        #"{"a":"x\n y\n\nz\n","b":"p q\nr\n  s\nt"}"#
      ),
      ("a: |+\n  x\n\nb: |2-\n    y\n   z\n", #"{"a":"x\n\n","b":"  y\n z"}"#),
      ("- >\n\n x\n y\n- |\n", #"["\nx y\n",""]"#),
      ("a: -b\nc: ?d\ne: :f\n", #"{"a":"-b","c":"?d","e":":f"}"#),
    ])
  func scalars(text: String, json: String) throws {
    #expect(try JSONNode(yaml: Array(text.utf8)).json.text() == json)
  }

  @Test(
    "tags of the application become objects of one member",
    arguments: [
      ("a: !Sub '${B}'\nb: !GetAtt X.Arn", ##"{"a":{"!Sub":"${B}"},"b":{"!GetAtt":"X.Arn"}}"##),
      (
        "a: !If [C, !Ref B, !Ref 'AWS::NoValue']",
        ##"{"a":{"!If":["C",{"!Ref":"B"},{"!Ref":"AWS::NoValue"}]}}"##
      ),
      ("a: !Join\n  - ','\n  - [b]\nc: !Sub\n  x: 1", ##"{"a":{"!Join":[",",["b"]]},"c":{"!Sub":{"x":1}}}"##),
      ("a: !!str 1\nb: !!int 2\nc: ! 3\nd: !X", ##"{"a":"1","b":2,"c":"3","d":{"!X":null}}"##),
      ("- !Sub |\n  a\n- !Ref b", ##"[{"!Sub":"a\n"},{"!Ref":"b"}]"##),
    ])
  func tags(text: String, json: String) throws {
    #expect(try JSONNode(yaml: Array(text.utf8)).json.text() == json)
  }

  @Test(
    "aliases repeat what has a name, and << merges it",
    arguments: [
      ("a: &x {b: 1}\nc: *x\nd: [*x]", #"{"a":{"b":1},"c":{"b":1},"d":[{"b":1}]}"#),
      ("a: &x\n  b: 1\n  c: 2\nd:\n  <<: *x\n  c: 3", #"{"a":{"b":1,"c":2},"d":{"c":3,"b":1}}"#),
      ("- &x\n  b: 1\n- &y {c: 2}\n- <<: [*x, *y]\n", #"[{"b":1},{"c":2},{"b":1,"c":2}]"#),
    ])
  func aliases(text: String, json: String) throws {
    #expect(try JSONNode(yaml: Array(text.utf8)).json.text() == json)
  }

  @Test(
    "a fault is reported where it is",
    arguments: [
      ("a: b: c", 1, 5, "a text with ': ' in it needs quotes"),
      ("a: b\n  c: d", 2, 4, "a key with ':' cannot stand here: a text with ': ' in it needs quotes"),
      ("a:\n  - b\n c: d", 3, 2, "'c' is indented like nothing above, or follows what has ended"),
      ("a:\n\tb: c", 2, 2, "tabs cannot indent"),
      ("a: 'b\n", 1, 4, "the text has no closing quote"),
      ("a: [b,\n", 2, 1, "the text ends inside brackets"),
      ("a: [b\nc: d", 2, 5, "',' or ']' was expected"),
      ("a: 1\nb: 2\na: 3", 3, 1, "the key \"a\" stands here twice"),
      ("a: *b", 1, 4, "no anchor 'b' stands above"),
      ("a: @b", 1, 4, "a text that begins with '@' needs quotes"),
      ("a: 1\nb\n", 2, 2, "':' was expected after the key 'b'"),
      ("a: 1\n---\nb: 2", 3, 1, "a second document begins, and one was expected"),
      ("a: \"\\q\"", 1, 7, "the backslash begins no escape"),
    ])
  func faults(text: String, line: Int, column: Int, reason: String) {
    let error = #expect(throws: JSONSyntaxError.self) { try JSONNode(yaml: Array(text.utf8)) }
    #expect(error?.position.line == line)
    #expect(error?.position.column == column)
    #expect(error?.reason == reason)
  }

  @Test("several documents are read one by one, each with anchors of its own")
  func documents() throws {
    let texts = try JSONNode.documents(yaml: Array("---\na: &x 1\n---\nb\n---\n".utf8)).map { $0.json.text() }
    #expect(texts == [#"{"a":1}"#, #""b""#, "null"])
    #expect(throws: JSONSyntaxError.self) { try JSONNode.documents(yaml: Array("&x a\n---\n*x".utf8)) }
  }

  @Test("aliases that multiply one another come to an end")
  func expansion() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let alias = "*a\(level - 1)"
      text += "a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ", "))]\n"
    }
    let error = #expect(throws: JSONSyntaxError.self) { try JSONNode(yaml: Array(text.utf8)) }
    #expect(error?.reason == "the text holds more than 1000000 values, those of aliases counted")
  }

  @Test("nesting has an end, through aliases too", arguments: ["[", "- ", "a:\n", "? "])
  func depth(piece: String) {
    var text = String(repeating: piece, count: 1000)
    if piece.hasSuffix("\n") {
      text = (0..<1000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    }
    #expect(throws: JSONSyntaxError.self) { try JSONNode(yaml: Array(text.utf8)) }
    let chain = (1...20).map { "a\($0): &a\($0) [[[[[[[[*a\($0 - 1)]]]]]]]]\n" }.joined()
    #expect(throws: JSONSyntaxError.self) { try JSONNode(yaml: Array(("a0: &a0 1\n" + chain).utf8)) }
  }
}
