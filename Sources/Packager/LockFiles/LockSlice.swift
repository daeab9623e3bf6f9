internal import Core

/// The part of a lock file that a unit can reach.
enum LockSlice: Sendable {
  /// What stands for it among the inputs of a unit: the digest of the packages that it pins for the unit.
  case cut(String)
  /// The whole file counts: why, in half a sentence.
  case whole(String)

  /// Whether what stands for a lock among the inputs of a unit is that of a part of it.
  static func isCut(_ word: String) -> Bool { word.hasPrefix("s") }
}

/// The lock files of a repository, each read once.
struct LockReader {
  private struct Known {
    let reading: LockReading?
    let fingerprints: [String: String]
    /// The slices from a package on, without and with what development needs.
    var slices: [String: String] = [:]
  }

  /// Absolute path of the repository's root.
  private let root: String
  private var known: [RepositoryPath: Result<Known, PackagerError>] = [:]

  init(root: String) { self.root = root }

  /// The part of the lock file at `path` that `unit` can reach.
  ///
  /// - Parameter withDevelopment: whether what only development needs counts, because the unit's build may use it.
  /// - Returns: nil for a file that is no lock of a kind that is known.
  /// - Throws: ``PackagerError`` with file and line when the lock file is broken or cannot be read.
  mutating func slice(
    _ path: RepositoryPath, for unit: RepositoryPath, withDevelopment: Bool
  ) throws(PackagerError) -> LockSlice? {
    var known = try read(path)
    switch known.reading {
    case nil: return nil
    case .whole(let reason): return .whole(reason)
    case .graph(let graph):
      guard let start = start(in: graph, path, unit) else {
        return .whole("it has no entry for \(unit.isRoot ? "the root folder" : unit.description)")
      }
      if path.name == "Cargo.lock", let package = graph.packages[start],
        let name = CargoLock.unlisted(
          in: unit.relative(to: path.parent), of: package, graph,
          LockSources(root: root, folder: path.parent))
      {
        return .whole(
          "\(name), which \(package.name) depends on, has no entry in it: run cargo generate-lockfile")
      }
      let key = "\(withDevelopment) \(start)"
      if let slice = known.slices[key] { return .cut(slice) }
      let reached = graph.reached(from: start, withDevelopment: withDevelopment)
      let hasher = RecordHasher(tag: "lamctl-lock-1")
      for print in Set(reached.compactMap { known.fingerprints[$0] }).sorted() { hasher.add([print]) }
      let slice = "s" + hasher.digest().hex
      known.slices[key] = slice
      self.known[path] = .success(known)
      return .cut(slice)
    }
  }

  /// The packages that the Python lock at `path` pins for `unit`, in the order of their names.
  ///
  /// - Parameter takes: whether a marker holds where the function runs.
  /// - Returns: nil when the file is no Python lock that can be cut to the unit.
  /// - Throws: as ``slice(_:for:withDevelopment:)``.
  mutating func requirements(
    _ path: RepositoryPath, for unit: RepositoryPath, takes: (_ marker: String) -> Bool
  ) throws(PackagerError) -> [PythonPin]? {
    guard case .graph(let graph)? = try read(path).reading, let start = start(in: graph, path, unit) else {
      return nil
    }
    let reached = graph.reached(from: start, withDevelopment: false, takes: takes)
    let pins = reached.subtracting([start]).compactMap { graph.packages[$0]?.pin }
    return pins.sorted {
      LockGraph.precedes("\($0.name) \($0.version)", "\($1.name) \($1.version)")
    }
  }

  private func start(in graph: LockGraph, _ path: RepositoryPath, _ unit: RepositoryPath) -> String? {
    let folder = path.parent
    // A file that a file of the unit refers to says the same to all.
    let place = folder.contains(unit) ? unit.relative(to: folder) : .root
    guard path.name == "Cargo.lock" else { return graph.member(around: place) }
    return CargoLock.member(in: place, LockSources(root: root, folder: folder)).flatMap { graph.members[$0] }
  }

  private mutating func read(_ path: RepositoryPath) throws(PackagerError) -> Known {
    if let found = known[path] { return try found.get() }
    do throws(PackagerError) {
      let reading = try reading(path)
      var fingerprints: [String: String] = [:]
      if case .graph(let graph)? = reading { fingerprints = graph.fingerprints }
      let new = Known(reading: reading, fingerprints: fingerprints)
      known[path] = .success(new)
      return new
    } catch {
      known[path] = .failure(error)
      throw error
    }
  }

  private func reading(_ path: RepositoryPath) throws(PackagerError) -> LockReading? {
    let absolute = path.absolute(in: root)
    let bytes = try system { () throws(SystemError) in try Files.read(absolute, limit: LockFormat.longest) }
    do throws(JSONSyntaxError) {
      return try LockFormat.read(path.name, bytes, LockSources(root: root, folder: path.parent))
    } catch {
      throw .config(
        location: "\(path):\(error.position.line):\(error.position.column)", reason: error.reason.escaped)
    }
  }
}
