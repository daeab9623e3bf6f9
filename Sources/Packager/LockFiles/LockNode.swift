internal import Core

/// What lock files are looked through with.
extension JSONNode {
  var string: String? { if case .string(let text) = kind { text } else { nil } }

  var bool: Bool? { if case .bool(let value) = kind { value } else { nil } }

  /// Text, or a number in its digits: in YAML a version may look like one.
  var word: String? {
    switch kind {
    case .string(let text): text
    case .number(let digits): digits
    case .null, .bool, .array, .object: nil
    }
  }

  /// The members of an object; none where this is no object.
  var members: [Member] { if case .object(let members) = kind { members } else { [] } }

  /// The elements of a list; none where this is no list.
  var elements: [JSONNode] { if case .array(let elements) = kind { elements } else { [] } }

  func fault(_ reason: String) -> JSONSyntaxError { JSONSyntaxError(position: position, reason: reason) }

  /// Throws unless `place`, which stands here, can be a path.
  func check(place: String) throws(JSONSyntaxError) {
    guard place.utf8.count <= LockGraph.longestPlace else {
      throw fault("a path here has \(place.utf8.count) bytes, and \(LockGraph.longestPlace) are the most")
    }
  }

  /// The member `key`.
  ///
  /// - Throws: ``JSONSyntaxError`` when there is none.
  func required(_ key: String) throws(JSONSyntaxError) -> JSONNode {
    guard let value = self[key] else { throw fault("\"\(key)\" is missing here") }
    return value
  }

  /// The text of the member `key`.
  ///
  /// - Throws: ``JSONSyntaxError`` when there is none.
  func requiredText(_ key: String) throws(JSONSyntaxError) -> String {
    let value = try required(key)
    guard let text = value.word else { throw value.fault("\"\(key)\" must be a text") }
    return text
  }

  /// The members `keys` as facts: their JSON, with names in order.
  func facts(_ keys: [String]) -> [String: String] {
    var facts: [String: String] = [:]
    for member in members where keys.contains(member.key) {
      facts[member.key] = member.value.json.text(sortedKeys: true)
    }
    return facts
  }

  /// The values of the members by their names, for lookups.
  var byName: [String: JSONNode] {
    Dictionary(members.map { ($0.key, $0.value) }) { _, last in last }
  }
}

/// Reads other files of the repository that say which part of a lock is meant.
struct LockSources: Sendable {
  /// Absolute path of the repository's root.
  let root: String
  /// The folder of the lock file, from the root.
  let folder: RepositoryPath

  /// The bytes of the file at `path` from the lock's folder; nil when there is none to be read.
  func read(_ path: RepositoryPath) -> [UInt8]? {
    try? Files.read(folder.appending(path).absolute(in: root), limit: 16 << 20)
  }

  /// Names of the folders in `path`, in byte order.
  func folders(in path: RepositoryPath) -> [RepositoryPath] {
    let absolute = folder.appending(path).absolute(in: root)
    return ((try? Files.names(in: absolute)) ?? []).map { path.appending($0) }
      .filter { Files.isFolder(folder.appending($0).absolute(in: root)) }.sorted()
  }

  /// A JSON file of the repository; nil where there is none that can be understood, which is for others to tell.
  func json(_ path: RepositoryPath) -> JSONNode? {
    read(path).flatMap { try? JSONNode(parsing: $0, repeatedKeys: true) }
  }

  /// A dependency of the `package.json` in `folder` that is none of `names`.
  func unlisted(in folder: RepositoryPath, among names: Set<String>) -> String? {
    let manifest = json(folder.appending("package.json"))
    return ["dependencies", "devDependencies"].lazy.flatMap { manifest?[$0]?.members ?? [] }.map(\.key)
      .first { !names.contains($0) }
  }

  /// A TOML file of the repository, as ``json(_:)``.
  func toml(_ path: RepositoryPath) -> JSONNode? { read(path).flatMap { try? JSONNode(toml: $0) } }
}
