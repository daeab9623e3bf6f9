internal import Core

/// How artifacts lie in a folder or bucket:
///
///     latest.json                     which build was the last
///     builds/KEY/shards.json          into how many it is split
///     builds/KEY/plan-of-N.json       which of N machines builds which unit, written by the first of them
///     builds/KEY/K-of-N.json          what machine K has built, with digests
///     blobs/SHA256.zip                packages, and trees of a shared cache, by the digest of their bytes
///
/// KEY follows from the files of all functions and their build settings, so that everybody who has the same checkout
/// finds the same build, with whatever tools, and nobody another one.
struct ArtifactLayout: Sendable {
  /// The most bytes of one of the files that are read whole.
  static let limit = 64 << 20

  let key: String

  init(key: String) {
    self.key = key
  }

  /// The build of functions with these digests, by name.
  init(_ digests: [String: FunctionDigests]) {
    let hasher = RecordHasher(tag: "lamctl-artifacts-1")
    for (name, digests) in digests.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      hasher.add([Array(name.utf8), digests.inputs.bytes])
    }
    key = FunctionDigests.short(hasher.digest())
  }

  static let latest = "latest.json"

  var shards: String { "builds/\(key)/shards.json" }

  func plan(of count: Int) -> String { "builds/\(key)/plan-of-\(count).json" }

  func index(_ shard: Shard) -> String { "builds/\(key)/\(shard.number)-of-\(shard.count).json" }

  /// Which build was the last, and into how many it is split.
  static func last(in store: any ArtifactStore) async throws(PackagerError) -> (
    layout: ArtifactLayout, count: Int
  )? {
    guard let bytes = try await store.read(latest, limit: 1 << 12), let json = try? JSON(parsing: bytes),
      let key = json["build"]?.string, NameForm.hexadecimal(32).matches(key), let count = count(json)
    else { return nil }
    return (ArtifactLayout(key: key), count)
  }

  /// Into how many this build is split; nil where there is no such build.
  func count(in store: any ArtifactStore) async throws(PackagerError) -> Int? {
    guard let bytes = try await store.read(shards, limit: 1 << 12), let json = try? JSON(parsing: bytes)
    else {
      return nil
    }
    return Self.count(json)
  }

  private static func count(_ json: JSON) -> Int? {
    json["shards"]?.int.flatMap { (1...Shard.most).contains($0) ? $0 : nil }
  }
}
