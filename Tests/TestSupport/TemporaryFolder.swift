internal import Core

/// A folder that is gone when the test is.
package final class TemporaryFolder: Sendable {
  /// Absolute path without a trailing slash.
  package let path: String

  /// Makes an empty folder.
  package init() throws {
    path = try Files.makeTemporaryFolder(prefix: "lamctl-test")
  }

  deinit {
    try? Files.remove(path)
  }

  /// Writes `text` to `name` below the folder, with the folders on the way, and returns the absolute path.
  @discardableResult
  package func write(_ name: String, _ text: String, mode: UInt32 = 0o644) throws -> String {
    let file = "\(path)/\(name)"
    if let slash = file.lastIndex(of: "/") { try Files.createFolder(String(file[..<slash])) }
    try Files.writeAtomically(Array(text.utf8), to: file, mode: mode)
    return file
  }

  /// The text of `name` below the folder.
  package func read(_ name: String) throws -> String {
    String(decoding: try Files.read("\(path)/\(name)"), as: UTF8.self)
  }
}
