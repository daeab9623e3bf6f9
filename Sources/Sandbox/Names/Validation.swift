internal import Core

/// Collects what is wrong with a request's members, and words it as AWS's front end does.
struct Validation {
  private var faults: [String] = []

  /// How much has been found so far.
  var count: Int { faults.count }

  /// - Throws: 400 with every fault, when there is one.
  func check() throws(ServiceError) {
    guard !faults.isEmpty else { return }
    throw ServiceError(
      400, "ValidationException",
      "\(faults.count) validation error\(faults.count == 1 ? "" : "s") detected: "
        + faults.joined(separator: "; "))
  }

  /// Notes that `value` at `path` breaks `constraint`.
  mutating func fail(_ value: String, at path: String, _ constraint: String) {
    faults.append("Value '\(value)' at '\(path)' failed to satisfy constraint: \(constraint)")
  }

  /// A member must be there.
  mutating func required(_ value: JSON?, _ path: String) {
    if value == nil || value == .null {
      faults.append("Value null at '\(path)' failed to satisfy constraint: Member must not be null")
    }
  }

  /// Text between two lengths.
  mutating func length(_ value: JSON?, _ path: String, _ range: ClosedRange<Int>) {
    guard let text = value?.string else { return }
    if text.unicodeScalars.count > range.upperBound {
      fail(text, at: path, "Member must have length less than or equal to \(range.upperBound)")
    } else if text.unicodeScalars.count < range.lowerBound {
      fail(text, at: path, "Member must have length greater than or equal to \(range.lowerBound)")
    }
  }

  /// A number between two bounds.
  mutating func range(_ value: JSON?, _ path: String, _ range: ClosedRange<Int>) {
    guard let number = value?.int else { return }
    if number > range.upperBound {
      fail(String(number), at: path, "Member must have value less than or equal to \(range.upperBound)")
    } else if number < range.lowerBound {
      fail(String(number), at: path, "Member must have value greater than or equal to \(range.lowerBound)")
    }
  }

  /// One of some words.
  mutating func word(_ value: JSON?, _ path: String, _ words: [String]) {
    guard let text = value?.string, !words.contains(text) else { return }
    fail(text, at: path, "Member must satisfy enum value set: [\(words.joined(separator: ", "))]")
  }

  /// `$LATEST`, a number, or an alias's name.
  mutating func qualifier(_ text: String, _ path: String = "qualifier") {
    guard
      text == VersionRecord.latest
        || (!text.isEmpty && text.utf8.allSatisfy(FunctionReference.isNameCharacter))
    else {
      return fail(
        text, at: path,
        "Member must satisfy regular expression pattern: \\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+")
    }
    length(.string(text), path, 1...128)
  }

  /// `$LATEST` or a number.
  mutating func version(_ value: JSON?, _ path: String) {
    guard let text = value?.string, text != VersionRecord.latest else { return }
    if text.isEmpty || !text.utf8.allSatisfy({ (48...57).contains($0) }) {
      fail(
        text, at: path, "Member must satisfy regular expression pattern: (\\$LATEST(\\.PUBLISHED)?|[0-9]+)")
    }
  }

  /// An alias's name: not a number.
  mutating func aliasName(_ value: JSON?, _ path: String = "name") {
    guard let text = value?.string else { return }
    length(value, path, 1...128)
    let isNumber = text.utf8.allSatisfy { (48...57).contains($0) }
    if isNumber || !text.utf8.allSatisfy(FunctionReference.isNameCharacter) {
      fail(text, at: path, "Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)")
    }
  }
}
