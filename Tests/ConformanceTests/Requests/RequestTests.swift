import Core
import TestSupport
import Testing

@testable import AWSClient

/// What the client sends, held against the services' own models as botocore carries them.
@Suite("Requests against the services' models", .enabled(if: Python.isInstalled, Python.missing))
struct RequestTests {
  private let folder: TemporaryFolder
  private let cases: [RequestCase]

  init() throws {
    folder = try TemporaryFolder()
    for (name, text) in CredentialRequests.files { try folder.write(name, text) }
    let zip = try folder.write("orders.zip", "not a zip, which the client does not mind")
    let large = try folder.write("large.zip", String(repeating: "0123456789", count: 800_000))
    cases =
      LambdaRequests.all(zip: zip) + TriggerRequests.all + BusRequests.all + OtherRequests.all
      + ObjectRequests.all(file: large)
      + CredentialRequests.all(home: folder.path)
  }

  @Test("every operation that the client can call is called, and every request is as its model wants it")
  func requests() async throws {
    var recorded: [RecordedCase] = []
    for sample in cases {
      let run = try await RecordedCase(running: sample)
      #expect(!run.calls.isEmpty && run.calls.count == run.requests.count, "\(sample.name)")
      recorded.append(run)
    }
    let answer = try await Python.run(
      file: "check_requests.py",
      input: [
        "requests": .array(recorded.flatMap(\.json)),
        "words": .array(try Sources.words(in: "AWSClient").map(JSON.string)),
        "services": .array(AWSService.allCases.map { .string($0.rawValue) }),
      ])
    for problem in answer["problems"]?.array ?? [] { Issue.record("\(problem.string ?? "")") }
    let named = Set(answer["named"]?.array?.compactMap(\.string) ?? [])
    let called = Set(recorded.flatMap(\.calls).map(\.operation))
    #expect(named.subtracting(called) == [], "the client's sources name operations that no case calls")
    #expect(called.subtracting(named) == [])
    #expect(Set(recorded.flatMap(\.calls).map(\.service)) == Set(AWSService.allCases))
  }

  /// A good request, and what a copy is told that differs in one member.
  struct Flaw: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What is put in the place of which member.
    let change: (member: String, value: JSON)
    /// A part of what must be said.
    let words: String

    init(_ name: String, _ member: String, _ value: JSON, _ words: String) {
      testDescription = name
      change = (member, value)
      self.words = words
    }

    static func body(_ name: String, _ text: String, _ words: String) -> Flaw {
      Flaw(name, "body", .string(Base64.encode(Array(text.utf8))), words)
    }
  }

  private static let flaws = [
    Flaw("another method", "method", "POST", "the method is POST"),
    Flaw("another API's date", "target", "/2014-11-13/functions/f/aliases/live", "the path"),
    Flaw(
      "an unknown parameter in the query", "target", "/2015-03-31/functions/f/aliases/live?Qualifier=1",
      "no parameter of the query is called Qualifier"),
    Flaw("a bare colon in the path", "target", "/2015-03-31/functions/f:1/aliases/live", "not encoded"),
    Flaw("a name with a space", "target", "/2015-03-31/functions/a%20b/aliases/live", "does not match"),
    Flaw(
      "an unknown header", "headers",
      [
        ["Content-Type", "application/json"], ["Authorization", "/lambda/aws4_request"],
        ["x-amz-log", "Tail"],
      ],
      "no header is called x-amz-log"),
    Flaw(
      "a signature for another service", "headers",
      [["Content-Type", "application/json"], ["Authorization", "/monitoring/aws4_request"]],
      "not signed for lambda"),
    .body("an unknown member", #"{"Version": "1"}"#, "no place for Version"),
    .body("a member of the path in the body", #"{"Name": "live"}"#, "no place for Name"),
    .body("a number for a string", #"{"Description": 1}"#, "Invalid type for parameter Description"),
    .body(
      "a text beyond its limit", "{\"Description\": \"\(String(repeating: "a", count: 257))\"}",
      "257 is not within"),
    .body(
      "a weight above 1", #"{"RoutingConfig": {"AdditionalVersionWeights": {"1": 1.5}}}"#, "1.5 is not within"
    ),
    .body("a version that is none", #"{"FunctionVersion": "live"}"#, "does not match"),
  ]

  @Test("a request that is not as its model wants it is noticed", arguments: flaws)
  func flaw(_ flaw: Flaw) async throws {
    var request: JSONObject = [
      "case": "good", "service": "lambda", "operation": "UpdateAlias", "method": "PUT",
      "target": "/2015-03-31/functions/f/aliases/live", "body": .string(Base64.encode(Array("{}".utf8))),
      "headers": [["Content-Type", "application/json"], ["Authorization", "/lambda/aws4_request"]],
    ]
    let good = JSON.object(request)
    request["case"] = "flawed"
    request[flaw.change.member] = flaw.change.value
    let answer = try await Python.run(
      file: "check_requests.py",
      input: ["requests": [good, .object(request)], "words": [], "services": []])
    let problems = answer["problems"]?.array?.compactMap(\.string) ?? []
    #expect(problems.allSatisfy { $0.hasPrefix("flawed: ") }, "\(problems)")
    #expect(problems.contains { $0.contains(flaw.words) }, "\(problems)")
  }
}

/// The sources of this package.
enum Sources {
  /// The string literals of a target that are single words, each once.
  static func words(in target: String) throws -> [String] {
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    var words: Set<String> = []
    for path in try files(below: "/\(root)/Sources/\(target)") where path.hasSuffix(".swift") {
      let text = String(decoding: try Files.read(path), as: UTF8.self)
      let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
      words.formUnion(parts.filter { !$0.isEmpty && $0.allSatisfy(\.isLetter) }.map(String.init))
    }
    return words.sorted()
  }

  private static func files(below folder: String) throws -> [String] {
    try Files.names(in: folder).flatMap { name in
      let path = "\(folder)/\(name)"
      return Files.isFolder(path) ? try files(below: path) : [path]
    }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }
}
