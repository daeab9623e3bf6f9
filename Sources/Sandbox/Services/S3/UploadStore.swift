internal import Core

/// Uploads in parts that are under way, a folder each with a file for each part.
struct UploadStore: Sendable {
  let state: StateFolder

  /// Names of folders: nothing that a client says becomes one.
  private static func isID(_ id: String) -> Bool {
    id.utf8.count == 36
      && id.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) || $0 == 45 }
  }

  private static func fileName(_ number: Int) -> String { "part-\(number)" }

  /// The name of the file that says which object an upload is for.
  private static let target = "object"

  private static func target(_ bucket: String, _ key: String) -> [UInt8] { Array("\(bucket)/\(key)".utf8) }

  func begin(bucket: String, key: String) throws(SystemError) -> String {
    let id = Identifier.uuid()
    try state.folder(id).write(Self.target(bucket, key), to: Self.target)
    return id
  }

  /// The folder of an upload of this object; nil when there is none.
  private func folder(_ id: String, bucket: String, key: String) throws(SystemError) -> StateFolder? {
    guard Self.isID(id), let folder = try state.existingFolder(id) else { return nil }
    return try folder.read(Self.target) == Self.target(bucket, key) ? folder : nil
  }

  /// Keeps a part; false when there is no such upload.
  func put(_ bytes: [UInt8], number: Int, of id: String, bucket: String, key: String) throws(SystemError)
    -> Bool
  {
    guard let folder = try folder(id, bucket: bucket, key: key) else { return false }
    try folder.write(bytes, to: Self.fileName(number))
    return true
  }

  /// The parts with these numbers; nil when there is no such upload, an empty place for a part that is missing.
  func parts(_ numbers: [Int], of id: String, bucket: String, key: String) throws(SystemError) -> [[UInt8]?]?
  {
    guard let folder = try folder(id, bucket: bucket, key: key) else { return nil }
    var parts: [[UInt8]?] = []
    for number in numbers { parts.append(try folder.read(Self.fileName(number), limit: SizeLimits.body)) }
    return parts
  }

  /// Drops an upload with its parts; false when there is no such upload.
  func end(_ id: String, bucket: String, key: String) throws(SystemError) -> Bool {
    guard try folder(id, bucket: bucket, key: key) != nil else { return false }
    try state.remove(id)
    return true
  }
}
