internal import Core

/// What a Python lock pins for a unit, as requirements that pip and uv take.
struct PythonPins {
  /// From the repository's root.
  let lock: RepositoryPath
  let unit: RepositoryPath

  private static let links = "--find-links"
  /// Of what has no digests: folders of the repository, and addresses.
  private static let others = "requirements-others.txt"

  private func pins(for target: PythonMarker.Target, root: String) throws(PackagerError) -> [PythonPin] {
    var reader = LockReader(root: root)
    let pins = try reader.requirements(lock, for: unit) { text in
      PythonMarker(text)?.mayHold(on: target) ?? true
    }
    guard let pins else {
      throw .inputs(
        unit: unit, reason: "\(lock) has no entry for the unit, or is of a form that is not read",
        fix: "lock anew ('uv lock', 'poetry lock', 'pipenv lock'), or write a requirements.txt")
    }
    return pins
  }

  /// Writes them into files of the copy, and says which: what an index has with its digests, and apart from it what has
  /// none, since pip wants one of everything in a file or of nothing.
  ///
  /// - Parameter root: absolute path of the repository.
  func write(
    for target: PythonMarker.Target, in place: BuildPlace, root: String
  ) throws(PackagerError) -> [RequirementList] {
    let pins = try pins(for: target, root: root)
    var indexed: [PythonPin] = []
    var others: [(name: String, line: String)] = []
    for pin in pins {
      try check(pin)
      switch pin.source {
      case .index: indexed.append(pin)
      case .path(let text):
        guard let path = lock.parent.resolving(text) else {
          throw .inputs(
            unit: unit,
            reason:
              "\(lock) takes \(pin.name.escaped) from '\(text.escaped)', which is outside of the repository",
            fix: "put it into the repository, or into an index, and lock anew")
        }
        guard path != unit else { continue }
        others.append((pin.name, path.absolute(in: place.root)))
      case .url(let address): others.append((pin.name, "\(pin.name) @ \(address)"))
      }
    }
    var lists: [RequirementList] = []
    if !indexed.isEmpty {
      let file = RequirementList.own
      try write(lines(of: indexed, in: place), to: "\(place.unit)/\(file)")
      lists.append(RequirementList(file: file))
    }
    if !others.isEmpty {
      try write(others.map(\.line), to: "\(place.unit)/\(Self.others)")
      lists.append(RequirementList(file: Self.others, built: others.map(\.name)))
    }
    return lists
  }

  /// Throws where a word of the pin would be more than one in a file of requirements, and so an option.
  private func check(_ pin: PythonPin) throws(PackagerError) {
    var words = [pin.name, pin.version] + pin.hashes
    switch pin.source {
    case .index(let address?), .url(let address): words.append(address)
    case .path(let text): words.append(text.replacing(" ", with: ""))
    case .index(nil): break
    }
    let isOption = pin.name.hasPrefix("-") || pin.name.isEmpty
    guard
      let wrong = words.first(where: { !$0.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } })
        ?? (isOption ? pin.name : nil)
    else { return }
    throw .inputs(
      unit: unit,
      reason: "\(lock) has the entry '\(wrong.escaped)', which is no name, version, digest or address",
      fix: "lock anew ('uv lock', 'poetry lock', 'pipenv lock')")
  }

  private func write(_ lines: [String], to file: String) throws(PackagerError) {
    let text = lines.joined(separator: "\n") + "\n"
    try system { () throws(SystemError) in try Files.writeAtomically(Array(text.utf8), to: file) }
  }

  /// What indexes have: their addresses, and each package, with digests where all have some.
  private func lines(of pins: [PythonPin], in place: BuildPlace) -> [String] {
    let hasHashes = pins.allSatisfy { !$0.hashes.isEmpty }
    let lines = pins.map { pin in
      "\(pin.name)==\(pin.version)" + (hasHashes ? pin.hashes.map { " --hash=\($0)" }.joined() : "")
    }
    return options(for: pins, in: place) + lines
  }

  /// The indexes and no others: what lies in one of a company's is asked of nobody else, who might have something of the
  /// name.
  private func options(for pins: [PythonPin], in place: BuildPlace) -> [String] {
    var needsUsual = false
    var addresses: Set<String> = []
    var folders: Set<String> = []
    for case .index(let address) in pins.map(\.source) {
      guard let address else {
        needsUsual = true
        continue
      }
      // A folder of wheels, which uv names by its path from the lock.
      if !address.contains("://"), let folder = lock.parent.resolving(address) {
        folders.insert("\(Self.links) \(folder.absolute(in: place.root))")
      } else {
        addresses.insert(address)
      }
    }
    var options = addresses.sorted().map { "--extra-index-url \($0)" }
    if !needsUsual, let first = addresses.min() {
      options[0] = "--index-url \(first)"
    } else if !needsUsual, !folders.isEmpty {
      options.append("--no-index")
    }
    return options + folders.sorted()
  }
}

/// A file of requirements that is installed in one go.
struct RequirementList {
  /// The name of a unit's own.
  static let own = "requirements.txt"

  /// Its name, from the unit.
  let file: String
  /// Names of the projects in it that are folders or archives of sources, and are built here.
  var built: [String] = []
}
