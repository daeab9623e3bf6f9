internal import Core

/// The members of an object in a request; those that are null count as absent.
struct ScheduleMembers: Sendable {
  private let object: JSONObject

  init(_ object: JSONObject) {
    self.object = JSONObject(object.members.filter { $0.value != .null }.map { ($0.key, $0.value) })
  }

  subscript(key: String) -> JSON? { object[key] }

  var keys: [String] { object.keys }

  /// - Throws: 400 when it is there and no text.
  func text(_ key: String) throws(ServiceError) -> String? {
    guard let value = object[key] else { return nil }
    guard let text = value.string else {
      throw Self.misfit("\(value.typeWord) can not be converted to a String")
    }
    return text
  }

  /// - Throws: 400 when it is there and no whole number.
  func whole(_ key: String) throws(ServiceError) -> Int? {
    guard let value = object[key] else { return nil }
    guard let number = value.int else {
      throw Self.misfit("\(value.typeWord) can not be converted to an Integer")
    }
    return number
  }

  /// - Throws: 400 when it is there and no object.
  func members(_ key: String) throws(ServiceError) -> ScheduleMembers? {
    guard let value = object[key] else { return nil }
    guard let inner = value.object else {
      throw Self.misfit("\(value.typeWord) found where a structure was expected.")
    }
    return ScheduleMembers(inner)
  }

  private static func misfit(_ message: String) -> ServiceError {
    ServiceError(400, "SerializationException", message)
  }
}

extension Validation {
  /// The name of a schedule or of a group.
  mutating func scheduleName(_ text: String, _ path: String) {
    length(.string(text), path, 1...64)
    if !text.utf8.allSatisfy({ FunctionReference.isNameCharacter($0) || $0 == UInt8(ascii: ".") }) {
      fail(text, at: path, "Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$")
    }
  }

  /// What makes a repeated request the same one.
  mutating func clientToken(_ text: String, _ path: String) {
    length(.string(text), path, 1...64)
    if !text.utf8.allSatisfy(FunctionReference.isNameCharacter) {
      fail(text, at: path, "Member must satisfy regular expression pattern: ^[a-zA-Z0-9-_]+$")
    }
  }

  /// The ARN of an IAM role.
  mutating func roleARN(_ text: String, _ path: String) {
    length(.string(text), path, 1...1_600)
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let isRole =
      parts.count == 6 && parts[0] == "arn" && (parts[1] == "aws" || parts[1].hasPrefix("aws-"))
      && parts[2] == "iam" && parts[3].isEmpty
      && parts[4].utf8.count == 12 && parts[4].utf8.allSatisfy { (48...57).contains($0) }
      && parts[5].hasPrefix("role/") && parts[5].utf8.count > 5
      && parts[5].utf8.allSatisfy {
        FunctionReference.isNameCharacter($0) || "+=,.@/".utf8.contains($0)
      }
    if !isRole {
      fail(
        text, at: path,
        "Member must satisfy regular expression pattern: ^arn:aws(-[a-z]+)?:iam::\\d{12}:role\\/[\\w+=,.@\\/-]+$"
      )
    }
  }
}
