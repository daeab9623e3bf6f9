internal import Core

/// One file of a sandbox's state.
struct StateFile: Sendable {
  let folder: StateFolder
  let name: String

  /// For messages.
  var path: String { folder.path(of: name) }

  /// The bytes; nil when there is no file.
  func read() throws(SystemError) -> [UInt8]? { try folder.read(name, limit: 256 << 20) }

  /// The members of the JSON object in the file; none when there is no file.
  ///
  /// - Throws: ``SystemError`` when it holds anything else.
  func members() throws(SystemError) -> [(key: String, value: JSON)] {
    guard let bytes = try read() else { return [] }
    guard let object = (try? JSON(parsing: bytes))?.object else { throw incomprehensible }
    return object.members
  }

  func write(_ text: String) throws(SystemError) { try folder.write(Array(text.utf8), to: name) }

  /// Writes the members in the order of their names.
  func write(_ members: [(String, JSON)]) throws(SystemError) {
    try write(JSON.object(JSONObject(members)).text(sortedKeys: true))
  }

  var incomprehensible: SystemError {
    SystemError(operation: "understand", subject: path, code: 22, note: "it is not what a sandbox writes")
  }
}
