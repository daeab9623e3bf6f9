internal import Core

/// The shape that patterns of events have, whatever their operators: objects, and lists of what a field may be.
///
/// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
enum EventPatternForm {
  /// What is wrong with a pattern, to stand behind its name; nil where nothing is.
  ///
  /// - Parameter mayBeEmpty: whether a pattern that says nothing is one.
  static func fault(in pattern: JSON, mayBeEmpty: Bool) -> String? {
    guard let object = pattern.object else {
      return ": is no object: write for example { \"source\": [\"shop\"] }"
    }
    guard mayBeEmpty || !object.isEmpty else { return ": is empty, and AWS takes no empty pattern" }
    return fault(in: object)
  }

  private static func fault(in object: JSONObject) -> String? {
    for (key, value) in object.members {
      let name = key.escaped
      if key == "$or" {
        guard let choices = value.array, choices.count > 1, choices.allSatisfy({ $0.object != nil }) else {
          return ".$or: must be a list of two objects or more"
        }
        for choice in choices {
          if let choice = choice.object, let fault = fault(in: choice) { return ".$or\(fault)" }
        }
      } else if let inner = value.object {
        guard !inner.isEmpty else { return ".\(name): is empty, and AWS takes no empty object" }
        if let fault = fault(in: inner) { return ".\(name)\(fault)" }
      } else if let values = value.array {
        guard !values.isEmpty else { return ".\(name): is empty, and nothing would match" }
        guard values.allSatisfy({ $0.array == nil }) else { return ".\(name): a list must not hold lists" }
      } else {
        return ".\(name): must be a list of values, such as [\(value.text())]"
      }
    }
    return nil
  }
}
