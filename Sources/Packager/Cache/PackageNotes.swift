internal import Core

/// What builds have come to, as it is written down: a file of the cache for each run that has made something, as to make
/// a file takes a file system longer than to write into one.
struct PackageNotes: Sendable {
  /// When there are so many files, the next that is written takes the place of all.
  static let mostFiles = 8

  /// By the build's key in 64 hexadecimal digits, what was noted last behind: a build that is not reproducible has come
  /// to several.
  private(set) var packages: [String: [FinishedPackage]] = [:]
  /// The names of the files, whether they can be read or not, and those of them that name a build.
  private(set) var files: [String] = []
  private var origins: [String: String] = [:]

  /// Reads those of `folder`; what is no such file is none.
  init(in folder: StateFolder?) {
    guard let folder, let names = try? folder.names() else { return }
    let changed = names.filter(PackageCache.recordForm.matches).map {
      ($0, folder.status(of: $0)?.changed ?? 0)
    }
    for (name, _) in changed.sorted(by: { ($0.1, $0.0) < ($1.1, $1.0) }) {
      files.append(name)
      for (key, package) in Self.read(name, in: folder) ?? [:] {
        packages[key, default: []].append(package)
        origins[key] = name
      }
    }
  }

  /// The name of the file that says what the build `key` has come to.
  func file(of key: String) -> String? { origins[key] }

  /// What is in one file; nil where it is not one of these.
  static func read(_ name: String, in folder: StateFolder) -> [String: FinishedPackage]? {
    guard let bytes = try? folder.read(name), let json = try? JSON(parsing: bytes),
      json["schema"] == "lamctl.packages/1", let builds = json["builds"]?.object
    else { return nil }
    var packages: [String: FinishedPackage] = [:]
    for (key, members) in builds.members {
      guard PackageCache.treeForm.matches(key), let package = FinishedPackage(members: members) else {
        return nil
      }
      packages[key] = package
    }
    return packages
  }

  /// Writes down what `packages` says, by the builds' keys, once the disk has it.
  static func write(_ packages: [String: FinishedPackage], in folder: StateFolder) throws(SystemError)
    -> String
  {
    let builds = packages.sorted { $0.key < $1.key }.map {
      ($0.key, JSON.object(JSONObject($0.value.members)))
    }
    let json: JSON = ["schema": "lamctl.packages/1", "builds": .object(JSONObject(builds))]
    let bytes = Array(json.text().utf8)
    let name = "\(SHA256.digest(of: bytes).hex).json"
    try folder.write(bytes, to: name)
    return name
  }
}
