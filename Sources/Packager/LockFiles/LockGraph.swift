internal import Core

/// The packages of a lock file and what each of them needs.
struct LockGraph: Sendable {
  /// One package under the version that the lock pins, or a member of the repository that the lock is for.
  struct Package: Sendable {
    var name: String
    /// Empty for members.
    var version = ""
    /// What else decides about what is installed, by name: where it comes from and the digests of it.
    var facts: [String: String] = [:]
    var needs: [Need] = []
    /// When it is installed, whoever needs it, as a marker of a Python dependency; nil for always.
    var marker: String?
    /// The pin in pip's terms; nil in locks of other languages.
    var pin: PythonPin?
  }

  /// A package that another one needs.
  struct Need: Hashable, Sendable {
    /// The key in ``LockGraph/packages``.
    let package: String
    /// When it is needed, as a marker of a Python dependency; nil for always.
    var marker: String?
    /// Whether only those who work on the package need it.
    var isDevelopment = false
    /// Which further groups of needs of the package are needed.
    var extras: [String] = []
    /// The further group of needs that this one belongs to; nil for those that always are needed.
    var extra: String?
  }

  /// The most names in a place that a package is put in: trees are looked through upwards.
  static let deepest = 64
  /// The most bytes of such a place: no path is longer.
  static let longestPlace = 4096
  /// The most versions of one package.
  static let mostVersions = 64

  var packages: [String: Package] = [:]
  /// The keys of the members, by their folders from the one of the lock file.
  var members: [RepositoryPath: String] = [:]

  /// The key of the member that `folder` is, or the nearest one above it.
  func member(around folder: RepositoryPath) -> String? {
    var folder = folder
    while true {
      if let found = members[folder] { return found }
      guard !folder.isRoot else { return nil }
      folder = folder.parent
    }
  }

  /// What can be reached from the package `start`, itself among it, by key.
  ///
  /// - Parameters:
  ///   - withDevelopment: whether what members need for development counts.
  ///   - takes: whether a need with this marker is one.
  func reached(
    from start: String, withDevelopment: Bool, takes: (_ marker: String) -> Bool = { _ in true }
  ) -> Set<String> {
    var reached: Set<String> = []
    var extras: [String: Set<String>] = [:]
    var pending: [(package: String, extras: [String])] = [(start, [])]
    while let (key, wanted) = pending.popLast() {
      let isNew = reached.insert(key).inserted
      let added = Set(wanted).subtracting(extras[key] ?? [])
      guard isNew || !added.isEmpty, let package = packages[key] else { continue }
      extras[key, default: []].formUnion(added)
      for need in package.needs {
        if let extra = need.extra {
          guard added.contains(extra) else { continue }
        } else if !isNew {
          continue
        }
        guard withDevelopment || !need.isDevelopment, need.marker.map(takes) ?? true,
          packages[need.package]?.marker.map(takes) ?? true
        else { continue }
        pending.append((need.package, need.extras))
      }
    }
    return reached
  }

  /// What identifies each package in a slice, by key: neither the order of the lock file nor where a package is put in a
  /// tree is in it.
  var fingerprints: [String: String] {
    packages.mapValues { package in
      let needs = Set(
        package.needs.filter { !$0.isDevelopment && $0.extra == nil }.map { need in
          let target = packages[need.package]
          return [target?.name ?? need.package, target?.version ?? "", need.marker ?? ""].joined(
            separator: " ")
        })
      let record = JSON.object(
        JSONObject([
          ("name", .string(package.name)), ("version", .string(package.version)),
          ("facts", .object(JSONObject(package.facts.map { ($0, JSON.string($1)) }))),
          ("marker", .string(package.marker ?? "")),
          ("needs", .array(needs.sorted(by: Self.precedes).map(JSON.string))),
        ]))
      return SHA256.digest(of: record.text(sortedKeys: true)).hex
    }
  }

  /// The marker that holds where all of `markers` do; nil for none of them.
  static func both(_ markers: [String]) -> String? {
    markers.count < 2 ? markers.first : markers.map { "(\($0))" }.joined(separator: " and ")
  }

  static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
}

/// A package that a Python lock pins.
struct PythonPin: Hashable, Sendable {
  /// Where it comes from.
  enum Source: Hashable, Sendable {
    /// An index, by its address; nil for the usual one.
    case index(String?)
    /// A folder or file of the repository, from the folder of the lock file as it is written there.
    case path(String)
    /// An archive or a repository of git, as pip names it.
    case url(String)

    /// The index at `address`, by whatever of its names.
    init(index address: String?) {
      var address = address ?? ""
      while address.hasSuffix("/") { address.removeLast() }
      self = .index(address.isEmpty || address == "https://pypi.org/simple" ? nil : address)
    }
  }

  /// As it is written; compare by ``Requirements/normalized(_:)``.
  let name: String
  /// Empty for what has no pinned version, such as a folder of the repository.
  let version: String
  /// Digests of the files that may be installed, such as `sha256:…`, in byte order.
  let hashes: [String]
  let source: Source
}

/// A lock file as it is read.
enum LockReading: Sendable {
  /// Its packages.
  case graph(LockGraph)
  /// It cannot be cut: why, in half a sentence.
  case whole(String)
}
