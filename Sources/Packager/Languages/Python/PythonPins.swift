internal import Core

/// What a Python lock pins for a unit, as requirements that pip and uv take.
struct PythonPins {
  /// From the repository's root.
  let lock: RepositoryPath
  let unit: RepositoryPath

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
    var indexes: Set<String> = []
    var lines: [String] = []
    for pin in pins {
      switch pin.source {
      case .index(let address):
        if let address { indexes.insert(address) }
        let hashes = hasHashes ? pin.hashes.map { " --hash=\($0)" }.joined() : ""
        lines.append("\(pin.name)==\(pin.version)\(hashes)")
      case .path(let text):
        if let path = lock.parent.resolving(text) { lines.append(path.absolute(in: place.root)) }
      case .url(let address): lines.append("\(pin.name) @ \(address)")
      }
    }
    let text = (indexes.sorted().map { "--extra-index-url \($0)" } + lines).joined(separator: "\n") + "\n"
    let file = "\(place.unit)/requirements.txt"
    try system { () throws(SystemError) in try Files.writeAtomically(Array(text.utf8), to: file) }
  }
}
