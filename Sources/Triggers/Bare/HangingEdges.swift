package import AWSClient
package import Core

/// What calls one function, by whatever name: what adoption moves and what `doctor` warns of.
package struct HangingEdges: Sendable {
  /// A target of a rule.
  package struct Target: Hashable, Sendable {
    /// The rule's name.
    package let rule: String
    /// Its bus.
    package let bus: String
    /// The target, in the members of PutTargets.
    package let members: JSONObject
    /// Whether another target of the rule is the alias.
    package let callsAliasToo: Bool
  }

  /// A subscription of a topic.
  package struct Subscription: Hashable, Sendable {
    /// The topic's ARN.
    package let topic: String
    /// The subscription's own ARN.
    package let arn: String
    /// The ARN that is called.
    package let endpoint: String
    /// Those of its attributes that Subscribe takes.
    package let attributes: [String: String]
  }

  /// An integration of an HTTP API.
  package struct Integration: Hashable, Sendable {
    /// The API's id.
    package let api: String
    /// Its name.
    package let apiName: String
    /// The integration, in the members of GetIntegrations.
    package let members: JSONObject
    /// The keys of the routes that lead to it.
    package let routes: [String]
    /// The stages that show changes only once they are deployed.
    package let manualStages: [String]
  }

  /// An API that is not looked into.
  package struct OtherAPI: Hashable, Sendable {
    /// What it is.
    package enum Kind: Hashable, Sendable {
      /// An API of web sockets.
      case socket
      /// A REST API, or one that is gone.
      case rest
      /// One of another account or region.
      case elsewhere(account: String, region: String)
    }

    /// Its id.
    package let id: String
    /// What it is.
    package let kind: Kind
  }

  /// An entry in the notifications of a bucket.
  struct Entry: Hashable, Sendable {
    let bucket: String
    let element: NotificationDocument.Element
  }

  /// The function, and the alias in question.
  package let scope: EdgeScope
  /// When it was read, by the services' clock.
  package let read: Timestamp
  /// The statements of the bare function's policy.
  package internal(set) var statements: [PolicyStatement] = []
  /// Those of the alias's policy.
  package internal(set) var aliasStatements: [PolicyStatement] = []
  /// What becomes of events of the bare function; nil where nothing is set.
  package internal(set) var eventInvoke: JSONObject?
  /// The same of the alias.
  package internal(set) var aliasEventInvoke: JSONObject?
  /// The URL of the bare function.
  package internal(set) var url: JSONObject?
  /// The URL of the alias.
  package internal(set) var aliasURL: JSONObject?
  /// How many instances are kept ready for its versions and aliases, by their ARNs.
  package internal(set) var provisioned: [String: Int] = [:]
  /// Its event source mappings, by whatever name.
  package internal(set) var mappings: [JSONObject] = []
  /// The targets of rules that are the bare function.
  package internal(set) var targets: [Target] = []
  /// The schedules that call it, by whatever name, in the members of GetSchedule.
  package internal(set) var schedules: [JSONObject] = []
  /// The subscriptions of topics that its statements name.
  package internal(set) var subscriptions: [Subscription] = []
  /// The integrations of HTTP APIs that its statements name.
  package internal(set) var integrations: [Integration] = []
  /// The entries of buckets that its statements name.
  var entries: [Entry] = []
  /// Buckets that have entries of lamctl's and of others.
  package internal(set) var sharedBuckets: [String] = []
  /// APIs that statements name and that are not looked into.
  package internal(set) var otherAPIs: [OtherAPI] = []
  /// The sources that statements name and that were looked at, or are gone: what calls from there is in the lists here.
  var seen: Set<String> = []
  /// The CloudFormation stacks of what is here, by what: `function`, or an edge's ``HangingKey``.
  package internal(set) var stacks: [String: String] = [:]
  /// The mappings that bear a mark of lamctl's, by their ids; read with the stacks.
  var marked: Set<String> = []
  /// What could not be read.
  package internal(set) var unread: [EdgeError] = []

  init(_ scope: EdgeScope, read: Timestamp) {
    self.scope = scope
    self.read = read
  }

  /// By which name something calls the function; nil for what calls something else.
  func called(_ arn: String?) -> CalledName? { arn.flatMap { CalledName($0, in: scope) } }

  /// Whether something calls what was uploaded last.
  func isUnqualified(_ arn: String?) -> Bool { called(arn)?.isUnqualified ?? false }

  /// Whether something calls the alias.
  func isAlias(_ arn: String?) -> Bool { called(arn) == .alias(scope.alias) }
}

/// By what an edge's stack is found in ``HangingEdges/stacks``.
enum HangingKey {
  static let function = "function"
  static func mapping(_ id: String) -> String { "mapping \(id)" }
  static func rule(_ name: String, bus: String) -> String { "rule \(bus)/\(name)" }
  static func api(_ id: String) -> String { "api \(id)" }
  static func group(_ name: String) -> String { "group \(name)" }
}

extension PolicyStatement {
  /// Whether it lets somebody invoke, and does not only speak of URLs.
  var invokes: Bool {
    actions.contains { $0.contains("Invoke") || $0.hasSuffix("*") }
  }

  /// Whether it is about calls by the function's URL alone.
  var isForURL: Bool {
    functionURLAuthType != nil || isForURLAlone || actions.contains("lambda:InvokeFunctionUrl")
  }

  /// Whether it lets a service of AWS call.
  var isForService: Bool { principals.contains { $0.hasSuffix(".amazonaws.com") } }

  /// Whether it lets a service call on behalf of a resource.
  func lets(_ service: String, from source: String) -> Bool {
    guard allows, invokes, !isForURL, principals.contains(where: { $0 == service || $0 == "*" }) else {
      return false
    }
    return sourceARN.map { SourcePattern($0).matches(source) } ?? true
  }

  /// A service that may call from anywhere: whoever owns a bucket of the right name may use it.
  var lacksSource: Bool {
    allows && principals.contains { $0.hasSuffix(".amazonaws.com") || $0 == "*" } && sourceARN == nil
      && sourceAccount == nil && principalOrgID == nil && eventSourceToken == nil && !isForURL
  }
}

/// What a condition on a source says: an ARN in which `*` stands for any text and `?` for one character.
struct SourcePattern: Hashable, Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  /// Whether it names one resource.
  var isExact: Bool { !text.contains { $0 == "*" || $0 == "?" } }

  /// Whether a resource is meant; `source` may be a pattern too, which has to lie within this one as it is written.
  func matches(_ source: String) -> Bool {
    let (pattern, bytes) = (Array(text.utf8), Array(source.utf8))
    var (at, place) = (0, 0)
    // Where to go on when what follows the last star does not fit.
    var (star, retry): (Int?, Int) = (nil, 0)
    while place < bytes.count {
      if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
        (star, retry) = (at, place)
        at += 1
      } else if at < pattern.count, pattern[at] == UInt8(ascii: "?") || pattern[at] == bytes[place] {
        at += 1
        place += 1
      } else if let back = star {
        retry += 1
        (at, place) = (back + 1, retry)
      } else {
        return false
      }
    }
    return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
