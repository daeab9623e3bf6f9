public import Core

/// Why a repository cannot be read, built or packaged. Each description is one sentence for the user.
public enum PackagerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A configuration file is wrong at `location`, which reads `lamctl.json:12:30`.
  case config(location: String, reason: String)
  /// Functions cannot be found, named or told apart.
  case discovery(reason: String, fix: String)
  /// A unit reads something that its configuration does not declare.
  case undeclared(unit: String, reason: String, fix: String)
  /// A unit's files cannot be used as they are: a missing `uses` folder, a file that two sources claim.
  case inputs(unit: String, reason: String, fix: String)
  /// A build command failed; `output` holds its last lines.
  case build(unit: String, reason: String, output: [String])
  /// The package would not work, or would not be taken, as it is.
  case gate(function: String, faults: [GateFault])
  /// A zip cannot be written because of what is to go in.
  case archive(reason: String)
  /// The operating system refused.
  case system(SystemError)
  /// The task was cancelled.
  case cancelled

  /// One sentence: what failed and why.
  public var description: String {
    switch self {
    case .config(let location, let reason): "\(location): \(reason)"
    case .discovery(let reason, _): reason
    case .undeclared(let unit, let reason, _), .inputs(let unit, let reason, _): "\(unit): \(reason)"
    case .build(let unit, let reason, _): "\(unit): \(reason)"
    case .gate(let function, let faults):
      "\(function): " + faults.map(\.description).joined(separator: "; ")
    case .archive(let reason): reason
    case .system(let error): error.description
    case .cancelled: "cancelled"
    }
  }

  /// What to do about it, where that is known.
  public var fix: String? {
    switch self {
    case .discovery(_, let fix), .undeclared(_, _, let fix), .inputs(_, _, let fix): fix.isEmpty ? nil : fix
    case .gate(_, let faults): faults.first?.fix
    case .config, .build, .archive, .system, .cancelled: nil
    }
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
