public import AWSClient
public import Core

/// What calls one function, by whatever name: what adoption moves and what `doctor` warns of.
public struct HangingEdges: Sendable {
  /// A target of a rule.
  public struct Target: Hashable, Sendable {
    /// The rule's name.
    public let rule: String
    /// Its bus.
    public let bus: String
    /// The target, in the members of PutTargets.
    public let members: JSONObject
    /// Whether another target of the rule is the alias.
    public let callsAliasToo: Bool
  }

  /// A subscription of a topic.
  public struct Subscription: Hashable, Sendable {
    /// The topic's ARN.
    public let topic: String
    /// The subscription's own ARN.
    public let arn: String
    /// The ARN that is called.
    public let endpoint: String
    /// Those of its attributes that Subscribe takes.
    public let attributes: [String: String]
  }

  /// An integration of an HTTP API.
  public struct Integration: Hashable, Sendable {
    /// The API's id.
    public let api: String
    /// Its name.
    public let apiName: String
    /// The integration, in the members of GetIntegrations.
    public let members: JSONObject
    /// The keys of the routes that lead to it.
    public let routes: [String]
    /// The stages that show changes only once they are deployed.
    public let manualStages: [String]
  }

  /// An API that is not looked into.
  public struct OtherAPI: Hashable, Sendable {
    /// What it is.
    public enum Kind: Hashable, Sendable {
      /// An API of web sockets.
      case socket
      /// A REST API, or one that is gone.
      case rest
      /// One of another account or region.
      case elsewhere(account: String, region: String)
    }

    /// Its id.
    public let id: String
    /// What it is.
    public let kind: Kind
  }

  /// An entry in the notifications of a bucket.
  struct Entry: Hashable, Sendable {
    let bucket: String
    let element: NotificationDocument.Element
  }

  /// The function, and the alias in question.
  public let scope: EdgeScope
  /// When it was read, by the services' clock.
  public let read: Timestamp
  /// The statements of the bare function's policy.
  public internal(set) var statements: [PolicyStatement] = []
  /// Those of the alias's policy.
  public internal(set) var aliasStatements: [PolicyStatement] = []
  /// What becomes of events of the bare function; nil where nothing is set.
  public internal(set) var eventInvoke: JSONObject?
  /// The same of the alias.
  public internal(set) var aliasEventInvoke: JSONObject?
  /// The URL of the bare function.
  public internal(set) var url: JSONObject?
  /// The URL of the alias.
  public internal(set) var aliasURL: JSONObject?
  /// How many instances are kept ready for its versions and aliases, by their ARNs.
  public internal(set) var provisioned: [String: Int] = [:]
  /// Its event source mappings, by whatever name.
  public internal(set) var mappings: [JSONObject] = []
  /// The targets of rules that are the bare function.
  public internal(set) var targets: [Target] = []
  /// The schedules that call it, by whatever name, in the members of GetSchedule.
  public internal(set) var schedules: [JSONObject] = []
  /// The subscriptions of topics that its statements name.
  public internal(set) var subscriptions: [Subscription] = []
  /// The integrations of HTTP APIs that its statements name.
  public internal(set) var integrations: [Integration] = []
  /// The entries of buckets that its statements name.
  var entries: [Entry] = []
  /// Buckets that have entries of lamctl's and of others.
  public internal(set) var sharedBuckets: [String] = []
  /// APIs that statements name and that are not looked into.
  public internal(set) var otherAPIs: [OtherAPI] = []
  /// The sources that statements name and that were looked at, or are gone: what calls from there is in the lists here.
  var seen: Set<String> = []
  /// The CloudFormation stacks of what is here, by what: `function`, or an edge's ``HangingKey``.
  public internal(set) var stacks: [String: String] = [:]
  /// The mappings that bear a mark of lamctl's, by their ids; read with the stacks.
  var marked: Set<String> = []
  /// What could not be read.
  public internal(set) var unread: [EdgeError] = []

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
