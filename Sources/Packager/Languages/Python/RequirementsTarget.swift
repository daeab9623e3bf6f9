internal import Core

/// Requirements as they are for a runtime: pip would hold their conditions against the interpreter that runs it.
struct RequirementsTarget {
  let target: PythonMarker.Target

  /// The most files that refer to one another.
  private static let mostFiles = 256

  /// Writes the file called `name`, and those that it refers to, anew: without conditions that hold on the target, without
  /// lines whose conditions do not, and with local packages installed rather than linked.
  ///
  /// - Parameter folder: absolute path of the folder of copies that it lies in.
  func rewrite(_ name: String, in folder: String) throws(PackagerError) {
    var pending = ["\(folder)/\(name)"]
    var seen: Set<String> = []
    while let path = pending.popLast(), seen.count < Self.mostFiles {
      guard seen.insert(path).inserted, Files.exists(path) else { continue }
      let bytes = try system { () throws(SystemError) in try Files.read(path, limit: Requirements.longest) }
      let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
      pending += Requirements.references(bytes).map { $0.hasPrefix("/") ? $0 : "\(parent)/\($0)" }
      let text = Requirements.lines(bytes).compactMap(line).joined(separator: "\n") + "\n"
      try system { () throws(SystemError) in try Files.writeAtomically(Array(text.utf8), to: path) }
    }
  }

  /// The lines of the file called `name` and of those that it takes in: what is required, and options.
  ///
  /// - Parameter folder: absolute path of the folder that it lies in.
  static func lines(of name: String, in folder: String) -> [String] {
    var pending = ["\(folder)/\(name)"]
    var seen: Set<String> = []
    var lines: [String] = []
    while let path = pending.popLast(), seen.count < mostFiles {
      guard seen.insert(path).inserted, let bytes = try? Files.read(path, limit: Requirements.longest) else {
        continue
      }
      let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
      pending += Requirements.included(bytes).map { $0.hasPrefix("/") ? $0 : "\(parent)/\($0)" }
      lines += Requirements.lines(bytes)
    }
    return lines
  }

  /// The line for the target; nil where it is none of it.
  func line(_ line: String) -> String? {
    for flag in ["--editable", "-e"] where line.hasPrefix(flag) {
      let path = line.dropFirst(flag.count).drop { $0 == " " || $0 == "=" }
      if path.hasPrefix(".") { return String(path) }
    }
    guard let (rest, text) = Requirements.marker(of: line), let marker = PythonMarker(text) else {
      return line
    }
    return marker.mayHold(on: target) ? rest : nil
  }
}
