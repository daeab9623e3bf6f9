internal import Core

/// A version as repositories state it: `3.12`, `>=20 <23`, `^3.11`, `v22.4.0`.
struct StatedVersion: Equatable {
  /// The numbers of the first version in the text.
  let numbers: [Int]
  /// Whether every later version will do as well.
  let isOpen: Bool

  init?(_ text: String) {
    let trimmed = text.drop { $0 == " " || $0 == "\"" || $0 == "'" }
    let digits = trimmed.drop { !$0.isASCII || !$0.isNumber }.prefix {
      ($0.isASCII && $0.isNumber) || $0 == "."
    }
    numbers = digits.split(separator: ".").prefix(3).compactMap { Int($0.prefix(6)) }
    isOpen = trimmed.hasPrefix(">") && !trimmed.contains("<")
    guard !numbers.isEmpty else { return nil }
  }

  var major: Int { numbers[0] }
  var minor: Int { numbers.count > 1 ? numbers[1] : 0 }
}

extension RepositoryIndex {
  /// The text of a small file; nil where there is none.
  func text(_ path: RepositoryPath) -> String? { manifest(path).map { String(decoding: $0, as: UTF8.self) } }

  /// What the nearest folder, from `folder` upwards, says.
  func stated<Result>(for folder: RepositoryPath, _ look: (RepositoryPath) -> Result?) -> Result? {
    var folder = folder
    while true {
      if let found = look(folder) { return found }
      guard !folder.isRoot else { return nil }
      folder = folder.parent
    }
  }

  /// The version of one of `tools` in the `.tool-versions` of `folder`.
  func toolVersion(_ tools: [String], in folder: RepositoryPath) -> (text: String, file: RepositoryPath)? {
    let file = folder.appending(".tool-versions")
    for line in text(file)?.split(separator: "\n") ?? [] {
      let words = line.split(separator: " ")
      if words.count > 1, tools.contains(String(words[0])) { return (String(words[1]), file) }
    }
    return nil
  }

  /// The first of the files `names` in `folder` with a text, and that.
  func firstLine(of names: [String], in folder: RepositoryPath) -> (text: String, file: RepositoryPath)? {
    for name in names {
      let file = folder.appending(name)
      guard let line = text(file)?.split(separator: "\n").first else { continue }
      return (String(line), file)
    }
    return nil
  }
}
