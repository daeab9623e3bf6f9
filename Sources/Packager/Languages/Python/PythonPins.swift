internal import Core

/// What a Python lock pins for a unit, as requirements that pip and uv take.
struct PythonPins {
  /// From the repository's root.
  let lock: RepositoryPath
  let unit: RepositoryPath

  private static let links = "--find-links"

  private func pins(for target: PythonMarker.Target, root: String) throws(PackagerError) -> [PythonPin] {
    var reader = LockReader(root: root)
    let pins = try reader.requirements(lock, for: unit) { text in
      PythonMarker(text)?.holds(on: target) ?? true
    }
    guard let pins else {
      throw .inputs(
        unit: unit, reason: "\(lock) has no entry for the unit, or is of a form that is not read",
        fix: "lock anew ('uv lock', 'poetry lock', 'pipenv lock'), or write a requirements.txt")
    }
    return pins
  }

  /// Writes them into `requirements.txt` of the copy: with hashes where all have some.
  ///
  /// - Parameter root: absolute path of the repository.
  func write(for target: PythonMarker.Target, in place: BuildPlace, root: String) throws(PackagerError) {
    let pins = try pins(for: target, root: root).filter { pin in
      if case .path(let text) = pin.source { lock.parent.resolving(text) != unit } else { true }
    }
    let hasHashes = pins.allSatisfy { !$0.hashes.isEmpty }
    var options: Set<String> = []
    var needsIndex = false
    var lines: [String] = []
    for pin in pins {
      switch pin.source {
      case .index(let address):
        let option = address.map { self.option(for: $0, in: place) } ?? ""
        if !option.isEmpty { options.insert(option) }
        needsIndex = needsIndex || !option.hasPrefix(Self.links)
        let hashes = hasHashes ? pin.hashes.map { " --hash=\($0)" }.joined() : ""
        lines.append("\(pin.name)==\(pin.version)\(hashes)")
      case .path(let text):
        if let path = lock.parent.resolving(text) { lines.append(path.absolute(in: place.root)) }
      case .url(let address): lines.append("\(pin.name) @ \(address)")
      }
    }
    // Where all lies in folders nobody else is asked.
    if !options.isEmpty, !needsIndex { options.insert("--no-index") }
    let text = (options.sorted() + lines).joined(separator: "\n") + "\n"
    let file = "\(place.unit)/requirements.txt"
    try system { () throws(SystemError) in try Files.writeAtomically(Array(text.utf8), to: file) }
  }

  /// An index by its address; a folder of wheels, which uv names by its path from the lock, as such.
  private func option(for address: String, in place: BuildPlace) -> String {
    guard !address.contains("://"), let folder = lock.parent.resolving(address) else {
      return "--extra-index-url \(address)"
    }
    return "\(Self.links) \(folder.absolute(in: place.root))"
  }
}
