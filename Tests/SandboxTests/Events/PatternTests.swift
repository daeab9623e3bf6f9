import Core
import Testing

@testable import Sandbox

@Suite("Patterns of events")
struct PatternTests {
  private static let event: JSON = [
    "source": "shop.basket", "detail-type": "OrderPlaced", "resources": ["arn:a", "arn:b"],
    "detail": [
      "id": "o-17", "total": .number("99.5"), "count": 3, "paid": true, "note": nil, "state": "Open",
      "items": [["sku": "a", "size": 1], ["sku": "b", "size": 9]], "tags": [],
    ],
  ]

  @Test(
    "fit or do not fit as EventBridge's pages say",
    arguments: [
      (#"{"source":["shop.basket"]}"#, true), (#"{"source":["shop"]}"#, false),
      (#"{"source":["a","shop.basket"],"detail-type":["OrderPlaced"]}"#, true),
      (#"{"source":["shop.basket"],"detail-type":["Other"]}"#, false),
      (#"{"resources":["arn:b"]}"#, true), (#"{"resources":["arn:c"]}"#, false),
      (#"{"detail":{"total":[99.50]}}"#, true), (#"{"detail":{"total":["99.5"]}}"#, false),
      (#"{"detail":{"paid":[true],"note":[null]}}"#, true), (#"{"detail":{"paid":[false]}}"#, false),
      (#"{"source":[{"prefix":"shop."}]}"#, true), (#"{"source":[{"prefix":"op"}]}"#, false),
      (#"{"detail":{"state":[{"prefix":{"equals-ignore-case":"OP"}}]}}"#, true),
      (#"{"detail":{"id":[{"suffix":"-17"}]}}"#, true), (#"{"detail":{"id":[{"suffix":"-1"}]}}"#, false),
      (#"{"detail":{"state":[{"equals-ignore-case":"oPEN"}]}}"#, true),
      (#"{"source":[{"anything-but":"shop.basket"}]}"#, false),
      (#"{"source":[{"anything-but":["a","b"]}]}"#, true),
      (#"{"detail":{"count":[{"anything-but":[3]}]}}"#, false),
      (#"{"source":[{"anything-but":{"prefix":"shop"}}]}"#, false),
      (#"{"source":[{"anything-but":{"suffix":["x","y"]}}]}"#, true),
      (#"{"source":[{"anything-but":{"wildcard":"*.basket"}}]}"#, false),
      (#"{"resources":[{"anything-but":"arn:a"}]}"#, true),
      (#"{"detail":{"missing":[{"anything-but":"a"}]}}"#, false),
      (#"{"detail":{"total":[{"numeric":[">",99,"<=",99.5]}]}}"#, true),
      (#"{"detail":{"total":[{"numeric":["=",99]}]}}"#, false),
      (#"{"detail":{"id":[{"numeric":[">",0]}]}}"#, false),
      (#"{"detail":{"id":[{"exists":true}]}}"#, true), (#"{"detail":{"id":[{"exists":false}]}}"#, false),
      (#"{"detail":{"gone":[{"exists":false}]}}"#, true), (#"{"nowhere":{"gone":[{"exists":false}]}}"#, true),
      (#"{"detail":[{"exists":true}]}"#, false), (#"{"detail":{"note":[{"exists":true}]}}"#, true),
      (#"{"source":[{"wildcard":"sh*.b*t"}]}"#, true), (#"{"source":[{"wildcard":"sh*.c*"}]}"#, false),
      (#"{"source":[{"wildcard":"shop\\*"}]}"#, false),
      (#"{"$or":[{"source":["x"]},{"detail":{"count":[3]}}]}"#, true),
      (#"{"$or":[{"source":["x"]},{"detail":{"count":[4]}}]}"#, false),
      (#"{"detail-type":["Other"],"$or":[{"source":["shop.basket"]},{"source":["y"]}]}"#, false),
      (#"{"detail":{"$or":[{"count":[{"numeric":[">",5]}]},{"paid":[true]}]}}"#, true),
      (#"{"detail":{"items":{"sku":["b"]}}}"#, true), (#"{"detail":{"items":{"sku":["c"]}}}"#, false),
      (#"{"detail":{"tags":["a"]}}"#, false),
    ])
  func table(pattern: String, fits: Bool) throws {
    #expect(try EventPattern(parsing: pattern).matches(Self.event) == fits)
  }

  @Test(
    "are refused when EventBridge would refuse them",
    arguments: [
      "", "[]", "{}", #"{"source":"a"}"#, #"{"source":[]}"#, #"{"source":{}}"#, #"{"source":[["a"]]}"#,
      #"{"source":[{"prefix":1}]}"#, #"{"source":[{"starts":"a"}]}"#, #"{"a":[{"prefix":"a","suffix":"b"}]}"#,
      #"{"a":[{"numeric":["<"]}]}"#, #"{"a":[{"numeric":["<","1"]}]}"#, #"{"a":[{"numeric":["!",1]}]}"#,
      #"{"a":[{"exists":1}]}"#, #"{"a":[{"wildcard":"a**"}]}"#, #"{"a":[{"anything-but":[]}]}"#,
      #"{"a":[{"anything-but":[true]}]}"#, #"{"$or":[{"a":["b"]}]}"#, #"{"a":[{"cidr":"10.0.0.0/8"}]}"#,
    ])
  func refused(pattern: String) {
    #expect(throws: PatternError.self) { try EventPattern(parsing: pattern) }
  }

  @Test("are not read when they are nested too deeply, or too long")
  func bounds() {
    let deep = String(repeating: #"{"a":"#, count: 40) + #"["b"]"# + String(repeating: "}", count: 40)
    #expect(throws: PatternError.self) { try EventPattern(parsing: deep) }
    #expect(throws: PatternError.self) {
      try EventPattern(parsing: #"{"a":["\#(String(repeating: "b", count: 5_000))"]}"#)
    }
  }

  @Test("a long wildcard is matched in no more than the product of the lengths")
  func longWildcard() {
    let text = String(repeating: "a", count: 20_000)
    #expect(!StarPattern.matches("*a*a*a*a*a*a*a*a*a*b", text))
    #expect(StarPattern.matches("*a*", text))
  }

  @Test(
    "parts of an event go to a target as it asks",
    arguments: [
      (["Input": #"{"a":1}"#], #"{"a":1}"#), (["InputPath": "$.detail.id"], #""o-17""#),
      (["InputPath": "$.detail.items[1].sku"], #""b""#), (["InputPath": "$.gone"], "null"),
      (
        [
          "InputTransformer": [
            "InputPathsMap": ["i": "$.detail.id", "n": "$.detail.count"],
            "InputTemplate": #"{"id":<i>,"n":<n>,"text":"order <i> of <n>"}"#,
          ]
        ],
        #"{"id":"o-17","n":3,"text":"order o-17 of 3"}"#
      ),
      (
        [
          "InputTransformer": [
            "InputPathsMap": ["x": "$.gone"],
            "InputTemplate": #"{"x":<x>,"rule":"<aws.events.rule-name>","y":"<y>"}"#,
          ]
        ],
        #"{"x":"","rule":"r","y":"<y>"}"#
      ),
    ] as [(JSONObject, String)])
  func transforms(target: JSONObject, expected: String) throws {
    let bytes = try InputTransform(target: target).apply(Self.event, reserved: ["aws.events.rule-name": "r"])
    #expect(String(decoding: bytes, as: UTF8.self) == expected)
  }

  @Test("two ways to make an input, and paths that are none, are refused")
  func wrongTransforms() {
    for target in [
      ["Input": "{}", "InputPath": "$"], ["InputPath": "detail"], ["InputPath": "$.a[x]"],
      ["InputPath": "$a"],
      ["InputPath": "$..a"], ["InputTransformer": ["InputPathsMap": [:]]],
    ] as [JSONObject] {
      #expect(throws: PatternError.self) { try InputTransform(target: target) }
    }
  }

  @Test(
    "filter policies look at attributes, or into the body",
    arguments: [
      (#"{"kind":["paid"]}"#, false, true),
      (#"{"kind":["paid"],"total":[{"numeric":[">",5]}]}"#, false, true),
      (#"{"gone":[{"exists":false}]}"#, false, true),
      (#"{"kind":[{"anything-but":["paid"]}]}"#, false, false),
      (#"{"list":["b"]}"#, false, true), (#"{"order":{"id":[7]}}"#, true, true),
      (#"{"order":{"id":[8]}}"#, true, false),
    ])
  func filterPolicies(policy: String, ofBody: Bool, wants: Bool) throws {
    let filter = try FilterPolicy(parsing: policy, ofBody: ofBody)
    let attributes: [String: JSON] = ["kind": "paid", "total": 7, "list": ["a", "b"]]
    #expect(filter.wants(body: #"{"order":{"id":7}}"#, attributes: attributes) == wants)
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }
}
