import Core

extension FuzzTarget {
  /// The readers of Core.
  static let coreTargets: [FuzzTarget] = [
    FuzzTarget(
      "json",
      seeds: [
        #"{"a":[1,-2.5e3,true,false,null,"\u00e9\ud83d\ude00\n"],"b":{"c":{}}}"#, "[]", "\u{FEFF}{\"k\": 0}",
        #"{"Date":253402300799,"n":9007199254740993,"huge":1e999,"tiny":1e-999}"#,
      ],
      words: ["{", "}", "[", "]", "\"", "\\u", "\\ud800", ":", ",", "1e999", "-0", "null", "true", "0x"]
    ) { bytes in
      guard let json = try? JSON(parsing: bytes) else { return }
      for value in [json] + (json.array ?? []) + (json.object?.members.map(\.value) ?? []) {
        _ = (value.int, value.double, value.bool, value.string)
      }
      let written = json.text(.compact)
      guard (try? JSON(parsing: written)) == json else {
        preconditionFailure("\(written) reads back otherwise")
      }
    },
    FuzzTarget(
      "jsonc", seeds: ["{// a\n\"b\": [1, /* c */ 2,],}", "/**/ 1 //"],
      words: ["//", "/*", "*/", ",", "}", "]", "\n", "\""]
    ) { bytes in
      if let node = try? JSONNode(parsing: bytes, comments: true) { _ = node.json.text() }
    },
    FuzzTarget(
      "toml",
      seeds: [
        "[[package]]\nname = \"a\"\ndependencies = [\n \"b 1.0\",\n]\n[package.'x'.y]\nz.w = {a.b = 1979-05-27 07:32:00Z, c = '''\nd'''}\n",
        "a = \"\"\"\nb \\\n c\"\"\"\nd = 0x_f\ne = [1.5e3, inf, true, 1_000]\n",
      ],
      words: [
        "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "\"\"\"", "'''", "#", "\n", "a.", "[a]\n", "[[a]]\n",
        "\\",
      ]
    ) { bytes in
      if let node = try? JSONNode(toml: bytes) { _ = node.json.text() }
    },
    FuzzTarget(
      "yaml",
      seeds: [
        "%YAML 1.2\n---\na: &x\n  - b: !Sub '${C}'\n    d: [e, {f: \"g\\n\"}]\n  - |+\n    h\n\n  - >-\n   i\n   j\nk:\n  <<: *x\n...\n",
        "? a\n: b\nc:\n- d e\n  f # g\n- 'h''i'\n- !If [j, !Ref k, ~]\n---\n- - 1\n  - 2.50\n",
        "a: &a [b]\nc: &c {d: *a, <<: {e: 1}}\nf: [*a, *c, *c]\n",
      ],
      words: [
        ": ", "- ", "? ", "\n", "\n  ", "[", "]", "{", "}", ", ", "|\n", ">\n", "&a ", "*a", "!T ", "#", "'",
        "\"",
        "<<: ", "---\n", "...\n", "\t", "%", "\\", "[*a,*a]", "a: ", "- &a [*a, *a]\n",
      ]
    ) { bytes in
      for node in (try? JSONNode.documents(yaml: bytes)) ?? [] { _ = node.json.text() }
    },
    FuzzTarget(
      "units", seeds: ["10%", "0.5%", "90s", "1h30m", "1%:5m,10%:10m,pause,50%:10m", "2d", "100%"],
      words: ["%", ":", ",", "pause", "d", "h", "m", "s", ".", "99999999999999999999", "1e400", "٣"]
    ) { bytes in
      let text = text(bytes)
      if let span = try? TimeSpan(parsing: text) {
        guard (try? TimeSpan(parsing: span.description)) != nil else {
          preconditionFailure("\(span) cannot be read back")
        }
      }
      _ = try? Weight(parsing: text)
      if let plan = try? StepPlan(parsing: text) { _ = plan.description }
    },
    FuzzTarget(
      "dates",
      seeds: [
        "2026-11-21T05:49:00Z", "20261121T054900Z", "2026-11-21T05:49:00.123+02:00",
        "Sat, 21 Nov 2026 05:49:00 GMT", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
      ],
      words: ["GMT", "Nov", "T", "Z", "+0000", "-23:59", ".", "9223372036854775807", "1e400", "Feb", "31"]
    ) { bytes in
      let text = text(bytes)
      for moment in [Timestamp(iso8601: text), Timestamp(httpDate: text)].compactMap({ $0 }) {
        guard Timestamp(iso8601: moment.iso8601) != nil, Timestamp(httpDate: moment.httpDate) != nil else {
          preconditionFailure("\(moment.iso8601) cannot be read back")
        }
        _ = moment.basic
      }
    },
    FuzzTarget("encodings", seeds: ["aGVsbG8=", "68656c6c6f", "=", "+/+/"], words: ["=", "==", "0x", "/"]) {
      bytes in
      let text = text(bytes)
      if let decoded = Base64.decode(text) { _ = Base64.encode(decoded) }
      if let decoded = Hex.decode(text) { _ = Hex.encode(decoded) }
    },
  ]
}
