internal import Core
internal import LambdaSettings

/// The keys of one kind of JSON object: parser, "did you mean" and JSON Schema all read this.
struct ConfigTable: Sendable {
  /// What the object is, for errors and as its name in the schema: `rollout`.
  let title: String
  let keys: [ConfigKey]

  subscript(name: String) -> ConfigKey? { keys.first { $0.name == name } }
}

/// One key: its name, what it takes, what it does.
struct ConfigKey: Sendable {
  let name: String
  let type: ConfigType
  let doc: String
  /// The name in the Lambda API for a setting that is handed on to it.
  let api: String?
  let isRequired: Bool
  /// The sibling, and its value, without which the key means nothing.
  let condition: (key: String, value: String)?

  init(
    _ name: String, _ type: ConfigType, _ doc: String, api: String? = nil, isRequired: Bool = false,
    condition: (key: String, value: String)? = nil
  ) {
    self.name = name
    self.type = type
    self.doc = doc
    self.api = api
    self.isRequired = isRequired
    self.condition = condition
  }

  /// A member of a setting's object.
  init(_ member: SettingMember) {
    self.init(
      member.key, ConfigType(member.shape, title: member.key), member.doc, api: member.member,
      isRequired: member.isRequired,
      condition: member.condition.map { ($0.member.prefix(1).lowercased() + $0.member.dropFirst(), $0.value) }
    )
  }
}

/// What a value must be.
indirect enum ConfigType: Sendable {
  case string
  case text(TextRule)
  /// Text that goes to Lambda by a rule of its own.
  case setting(SettingText)
  case choice([String])
  case boolean
  case integer(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  case list(ConfigType)
  /// A list of so many elements.
  case counted(ConfigType, ClosedRange<Int>)
  /// Names that are data and values of one type.
  case map(ConfigType)
  /// Names and texts that go to Lambda.
  case texts(SettingMap)
  /// The same, or null for none.
  case optional(ConfigType)
  case object(ConfigTable)
  /// A plain value, or an object that says more.
  case either(ConfigType, ConfigTable)
  case any

  /// The type in words, with its article.
  var words: String {
    switch self {
    case .string, .text, .setting: "a string"
    case .choice(let words): "one of " + words.map { "\"\($0)\"" }.joined(separator: ", ")
    case .boolean: "true or false"
    case .integer: "a whole number"
    case .number: "a number"
    case .list, .counted: "an array"
    case .map, .texts, .object: "an object"
    case .optional(let type): "\(type.words) or null"
    case .either(let plain, _): "\(plain.words) or an object"
    case .any: "a value"
    }
  }
}

extension ConfigType {
  /// The same without Lambda's own rules: what kind of value it is.
  var plain: ConfigType {
    switch self {
    case .setting: .string
    case .counted(let element, _): .list(element)
    case .texts: .map(.string)
    case .optional(let inner), .either(let inner, _): inner.plain
    case .string, .text, .choice, .boolean, .integer, .number, .list, .map, .object, .any: self
    }
  }

  /// What a setting of Lambda takes.
  ///
  /// - Parameter title: the name of its object in the schema.
  init(_ shape: SettingShape, title: String) {
    switch shape {
    case .text(let rule): self = .setting(rule)
    case .choice(let words): self = .choice(words)
    case .boolean: self = .boolean
    case .integer(let range): self = .integer(range)
    case .number(let range): self = .number(range)
    case .list(let element, let count): self = .counted(ConfigType(element, title: title), count)
    case .map(let rule): self = .texts(rule)
    case .object(let members):
      self = .object(ConfigTable(title: title, keys: members.map(ConfigKey.init)))
    case .optional(let inner): self = .optional(ConfigType(inner, title: title))
    }
  }
}

/// Text with a form of its own.
enum TextRule: Sendable {
  case alias
  case time
  case steps
  case percentage
  case rate
  case account
  case endpoint
  case requirement
  case role
  case bucketPlace
  /// The ARN of something; with a service, of something of that one's.
  case arn(service: String?)
  case principal
  case schedule
  case layer
  case imageRepository

  /// Why `text` does not have the form; nil when it does.
  func fault(in text: String) -> String? {
    switch self {
    case .alias:
      let isNumber = text.utf8.allSatisfy { (48...57).contains($0) }
      return !isNumber && TextRule.aliasPattern?.matches(text) == true && text.utf8.count <= 128
        ? nil
        : "'\(text.prefix(130))' cannot be the name of an alias: 1 to 128 letters, digits, - and _, and not digits alone"
    case .time:
      do throws(UnitError) {
        _ = try TimeSpan(parsing: text)
        return nil
      } catch { return error.description }
    case .steps:
      do throws(UnitError) {
        _ = try StepPlan(parsing: text)
        return nil
      } catch { return error.description }
    case .percentage:
      return Percentage.fraction(of: text) == nil
        ? "'\(text)' is not a share: write a percentage above 0 % and up to 100 %, such as 5% or 0.5%" : nil
    case .rate:
      return EventRate(parsing: text) == nil
        ? "'\(text)' is not a rate: write for example 20/s, 5/m or 100/h" : nil
    case .account:
      return text.utf8.count == 12 && text.utf8.allSatisfy { (48...57).contains($0) }
        ? nil : "'\(text)' is not an account: write its 12 digits in quotes"
    case .endpoint:
      return EndpointSetting(parsing: text) == nil
        ? "'\(text)' is not an endpoint: write \"sandbox\" or a URL such as http://127.0.0.1:9400" : nil
    case .requirement:
      return VersionRequirement(parsing: text) == nil
        ? "'\(text)' is not a version requirement: write for example >=0.1 or =0.3.2" : nil
    case .bucketPlace:
      return BucketPlace(parsing: text) == nil
        ? "'\(text)' is no place in a bucket: write s3://BUCKET or s3://BUCKET/PREFIX" : nil
    case .layer:
      let shown = String(text.prefix(80)).escaped
      guard text.hasPrefix("arn:") else {
        return text.hasPrefix("/") || text.contains(":")
          ? "'\(shown)' is neither the ARN of a layer version nor a folder of the repository" : nil
      }
      return Self.layerARN?.fault(in: text).map { "an element of \"layers\" \($0), not '\(shown)'" }
    case .imageRepository:
      // The name of a function is filled in later.
      return !text.contains("{") && ImageRepository(parsing: text) == nil
        ? "'\(String(text.prefix(120)).escaped)' is no repository that Lambda takes images from: write "
          + "123456789012.dkr.ecr.eu-west-1.amazonaws.com/NAME" : nil
    case .arn(let service):
      let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
      let isARN =
        parts.count == 6 && parts[0] == "arn" && !parts[1].isEmpty && !parts[2].isEmpty && !parts[5].isEmpty
      guard !isARN || service.map({ parts[2] != $0 }) ?? false else { return nil }
      let kind = service.map { "no ARN of \($0)" } ?? "no ARN"
      let shown = String(text.prefix(80)).escaped
      return "'\(shown)' is \(kind): write arn:aws:\(service ?? "sqs"):eu-west-1:123456789012:NAME"
        + (service == nil ? ", or what its service calls it" : "")
    case .principal: return PrincipalForm.fault(in: text)
    case .schedule: return ScheduleForm.fault(in: text)
    case .role:
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      let isRole =
        parts.count == 6 && parts[0] == "arn" && parts[2] == "iam" && parts[4].utf8.count == 12
        && parts[5].hasPrefix("role/") && parts[5].count > 5
      return isRole ? nil : "'\(text)' is no role: write its ARN, arn:aws:iam::123456789012:role/NAME"
    }
  }

  /// Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html
  private static let aliasPattern = TextPattern("[a-zA-Z0-9_-]+")

  private static let layerARN: SettingText? = {
    guard case .list(.text(let rule), _)? = SettingCatalogue["Layers"]?.shape else { return nil }
    return rule
  }()

  /// The form as a regular expression for the schema.
  var pattern: String {
    switch self {
    case .alias: #"^(?![0-9]+$)[a-zA-Z0-9_-]{1,128}$|\$\{"#
    case .time: #"^([0-9.]+[smhd])+$|\$\{"#
    case .steps: #"^\s*(pause|[0-9.]+%?(:[0-9.smhd]+)?)(\s*,\s*(pause|[0-9.]+%?(:[0-9.smhd]+)?))*\s*$"#
    case .percentage: #"^[0-9.]+%$"#
    case .rate: #"^[0-9.]+/[smh]$"#
    case .account: #"^[0-9]{12}$|\$\{"#
    case .endpoint: #"^(sandbox|https?://.+)$|\$\{"#
    case .layer:
      #"^[^:]+$|^arn:[a-zA-Z-]+:lambda:[a-z0-9-]*:([0-9]{12})?:(aws)?layer:[a-zA-Z0-9_-]+(:[0-9]+)?$|\$\{"#
    case .imageRepository:
      #"^([0-9]{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.[a-z.]+|(localhost|127\.0\.0\.1):[0-9]+)/[a-z0-9._/-]+$|[{]"#
    case .role: #"^arn:[a-z-]+:iam::[0-9]{12}:role/.+$|\$\{"#
    case .arn(let service): "^arn:[a-z-]+:\(service ?? "[a-z0-9-]+"):[^:]*:[^:]*:.+$|\\$\\{"
    case .principal: #"^(\*|[0-9]{12}|arn:.+|[a-z0-9.-]+\.[a-z]+)$|\$\{"#
    case .schedule: #"^(at|rate|cron)\(.+\)$|\$\{"#
    case .bucketPlace: #"^s3://[a-z0-9.-]{3,63}(/[A-Za-z0-9._!*'()-]+)*/?$"#
    case .requirement: #"^(>=|=)?\s*[0-9]+(\.[0-9]+){0,2}$"#
    }
  }
}
