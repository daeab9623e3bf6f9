/// A place for files by name that several machines work with: a folder or a bucket.
///
/// Names are made by lamctl, of fixed words and hexadecimal digits, never by what is in the place. What comes out of it
/// is foreign: whoever reads it holds it against a digest, and says how much of it there may be.
package protocol ArtifactStore: Sendable {
  /// As users write it: `dist`, `s3://bucket/prefix`.
  var place: String { get }

  /// The bytes of a file; nil where there is none.
  ///
  /// - Throws: ``PackagerError/store(place:reason:isPermission:)``, also when there are more than `limit`.
  func read(_ name: String, limit: Int) async throws(PackagerError) -> [UInt8]?

  /// Copies a file to the new file at the absolute `path`; false where there is none.
  ///
  /// - Throws: as ``read(_:limit:)``.
  func fetch(_ name: String, to path: String, limit: Int) async throws(PackagerError) -> Bool

  /// Whether the zip is there under a name that follows from its content, as far as the place can tell without giving it.
  ///
  /// - Throws: ``PackagerError/store(place:reason:isPermission:)``.
  func holds(_ name: String, sha256: String, size: Int) async throws(PackagerError) -> Bool

  /// Puts bytes under a name, instead of what may be there.
  ///
  /// - Throws: ``PackagerError/store(place:reason:isPermission:)``.
  func write(_ bytes: [UInt8], to name: String) async throws(PackagerError)

  /// Puts bytes under a name unless something is there; false when there was.
  ///
  /// - Throws: ``PackagerError/store(place:reason:isPermission:)``.
  func create(_ bytes: [UInt8], at name: String) async throws(PackagerError) -> Bool

  /// Puts a zip under a name that follows from its content, unless it is there.
  ///
  /// - Parameter replaces: whether what is there is not to be believed.
  /// - Throws: ``PackagerError/store(place:reason:isPermission:)``.
  func add(_ zip: ZipFile, as name: String, replaces: Bool) async throws(PackagerError)
}

extension ArtifactStore {
  /// Puts a zip under a name that follows from its content, unless it is there.
  ///
  /// - Throws: ``PackagerError/store(place:reason:isPermission:)``.
  package func add(_ zip: ZipFile, as name: String) async throws(PackagerError) {
    try await add(zip, as: name, replaces: false)
  }
}
