package import Core

/// Values of settings, in the form of requests: how a function has them, and when two are the same.
package enum SettingValue {
  /// A setting of a function as a request would state it; nil where the answer does not show it.
  ///
  /// - Parameter present: what GetFunctionConfiguration answers.
  package static func shown(_ setting: LambdaSetting, in present: JSONObject) -> JSON? {
    var value: JSON? = .object(present)
    for name in setting.place { value = value?[name] }
    guard let value, value != .null else { return nil }
    return requested(value, setting.shape)
  }

  /// What Lambda shows, without what it adds.
  private static func requested(_ value: JSON, _ shape: SettingShape) -> JSON {
    switch (shape, value) {
    case (.optional(let inner), _): return requested(value, inner)
    case (.object(let members), .object(let object)):
      var own = JSONObject()
      for member in members {
        guard let value = object[member.member], value != .null else { continue }
        own[member.member] = requested(value, member.shape)
      }
      return .object(own)
    case (.list(let element, _), .array(let elements)):
      return .array(
        elements.map { value in
          // Layers are requested by their ARNs and shown as objects.
          if case .text = element, let arn = value["Arn"] { return arn }
          return requested(value, element)
        })
    default: return value
    }
  }

  /// What a value comes to: standards filled in, and nil for nothing. Equal for two values exactly where Lambda makes the
  /// same of them.
  static func effective(_ value: JSON?, _ shape: SettingShape, standard: JSON?) -> JSON? {
    let value = value == .null ? nil : value
    switch shape {
    case .optional(let inner): return effective(value, inner, standard: standard)
    case .object(let members):
      var object = JSONObject()
      for member in members {
        object[member.member] = effective(
          value?[member.member], member.shape, standard: standard?[member.member])
      }
      return object.isEmpty ? nil : .object(object)
    case .list(let element, _):
      let elements = (value?.array ?? []).map { effective($0, element, standard: nil) ?? .null }
      guard !elements.isEmpty else { return standard }
      return .array(isOrdered(element) ? elements : elements.sorted { $0.text() < $1.text() })
    case .map:
      guard let object = value?.object, !object.isEmpty else { return standard }
      return .object(object)
    case .number:
      return value?.double.map(JSON.double) ?? value ?? standard
    case .text: return value == "" ? standard : value ?? standard
    case .choice, .boolean, .integer: return value ?? standard
    }
  }

  /// Whether the order of a list's elements means anything. Subnets and security groups are sets.
  private static func isOrdered(_ element: SettingShape) -> Bool {
    guard case .text(let rule) = element else { return true }
    return rule.pattern?.source != SettingText.subnet.pattern?.source
      && rule.pattern?.source != SettingText.securityGroup.pattern?.source
  }

  /// What a function called `name` has where nobody has set `setting`.
  static func standard(_ setting: LambdaSetting, functionName name: String) -> JSON? {
    guard setting.member == "LoggingConfig", var members = setting.standard?.object else {
      return setting.standard
    }
    members["LogGroup"] = members["LogGroup"]?.string.map {
      .string($0.replacing("{functionName}", with: name))
    }
    return .object(members)
  }

  /// What a request says to bring a value back to nothing.
  static func reset(_ shape: SettingShape, standard: JSON?) -> JSON {
    switch shape {
    case .object(let members):
      .object(
        JSONObject(
          members.compactMap { member in
            let standard = standard?[member.member]
            switch member.shape {
            case .choice, .boolean, .integer, .number:
              return standard.map { (member.member, $0) }
            case .text, .list, .map, .object, .optional:
              // What Lambda takes no object without cannot be emptied.
              guard !member.isRequired || standard != nil else { return nil }
              return (member.member, reset(member.shape, standard: standard))
            }
          }))
    case .list: standard ?? []
    case .map: [:]
    case .text: standard ?? ""
    case .choice, .boolean, .integer, .number, .optional: standard ?? .null
    }
  }
}
