package import Core

/// Why a repository cannot be read, built or packaged. Each description is one sentence for the user.
package indirect enum PackagerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A configuration file is wrong at `location`, which reads `lamctl.json:12:30`.
  case config(location: String, reason: String)
  /// Functions cannot be found, named or told apart.
  case discovery(reason: String, fix: String)
  /// A unit reads something that its configuration does not declare.
  case undeclared(unit: RepositoryPath, reason: String, fix: String)
  /// A unit's files cannot be used as they are: a missing `uses` folder, a file that two sources claim.
  case inputs(unit: RepositoryPath, reason: String, fix: String)
  /// A build command failed; `output` holds its last lines.
  case build(unit: RepositoryPath, reason: String, output: [String])
  /// The package would not work, or would not be taken, as it is.
  case gate(function: String, faults: [GateFault])
  /// A zip cannot be written because of what is to go in.
  case archive(reason: String)
  /// A folder or bucket for artifacts does not give or take what it should.
  case store(place: String, reason: String, isPermission: Bool)
  /// The artifacts of a build cannot be used as they are.
  case artifacts(place: String, reason: String, fix: String)
  /// Several things are wrong that one look has found; at least two, and none of them this.
  case several([PackagerError])
  /// The operating system refused.
  case system(SystemError)
  /// The task was cancelled.
  case cancelled

  /// One sentence: what failed and why; a line for each of several.
  package var description: String {
    switch self {
    case .config(let location, let reason): "\(location): \(reason)"
    case .discovery(let reason, _): reason
    case .undeclared(let unit, let reason, _), .inputs(let unit, let reason, _): "\(unit): \(reason)"
    case .build(let unit, let reason, _): "\(unit): \(reason)"
    case .gate(let function, let faults):
      "\(function): " + faults.map(\.description).joined(separator: "; ")
    case .archive(let reason): reason
    case .store(let place, let reason, _), .artifacts(let place, let reason, _): "\(place): \(reason)"
    case .several(let errors): errors.map(\.description).joined(separator: "\n")
    case .system(let error): error.description
    case .cancelled: "cancelled"
    }
  }

  /// What to do about it, where that is known.
  package var fix: String? {
    switch self {
    case .discovery(_, let fix), .undeclared(_, _, let fix), .inputs(_, _, let fix),
      .artifacts(_, _, let fix):
      fix.isEmpty ? nil : fix
    case .gate(_, let faults): faults.first?.fix
    case .several(let errors): errors.first?.fix
    case .config, .build, .archive, .store, .system, .cancelled: nil
    }
  }

  /// The lines of a failed build's output that say most: from the first on that tells of an error, else the last ones.
  package static func tellingLines(of output: [String]) -> [String] {
    let lines = output.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }.filter {
      !$0.isEmpty
    }
    let start = lines.firstIndex { $0.lowercased().contains("error") }
    return Array(start.map { lines[$0...].prefix(mostLines) } ?? lines.suffix(mostLines))
  }

  private static let mostLines = 5

  /// What is wrong, one by one.
  package var all: [PackagerError] {
    guard case .several(let errors) = self else { return [self] }
    return errors
  }

  /// Does what may fail, and goes on: a fault is added to `faults`.
  static func collect(into faults: inout [PackagerError], _ body: () throws(PackagerError) -> Void) {
    do throws(PackagerError) {
      try body()
    } catch {
      faults.append(error)
    }
  }

  /// One error for all of `errors`, each told once; nil without any.
  package init?(all errors: [PackagerError]) {
    var seen: Set<PackagerError> = []
    let distinct = errors.flatMap(\.all).filter { seen.insert($0).inserted }
    guard let first = distinct.first else { return nil }
    self = distinct.count == 1 ? first : .several(distinct)
  }
}

/// Runs a call of the operating system and gives its error this module's type.
func system<Result>(_ body: () throws(SystemError) -> Result) throws(PackagerError) -> Result {
  do {
    return try body()
  } catch {
    throw .system(error)
  }
}
