package import Core

/// Why a sandbox cannot serve.
package enum SandboxError: Error, Sendable, CustomStringConvertible {
  /// Another sandbox, with this process id when known, already uses the folder.
  case busy(folder: String, processID: Int32?)
  /// The address cannot be listened on.
  case listen(SystemError)
  /// The state folder cannot be read or written.
  case state(SystemError)
  /// Something that it is to start with cannot be made.
  case resource(String)
  /// The speed is not above 0.
  case speed(Double)

  /// One sentence for the user.
  package var description: String {
    switch self {
    case .busy(let folder, let processID):
      let owner = processID.map { " (process \($0))" } ?? ""
      return "another sandbox\(owner) already uses \(folder): use that one, end it, or choose another folder"
    case .listen(let error):
      return "the sandbox \(error): choose another port, or none for any free one"
    case .state(let error):
      return "the sandbox's state: \(error): repair or remove its folder"
    case .resource(let reason):
      return "the sandbox's resources: \(reason): change sandbox.resources in lamctl.json"
    case .speed(let value):
      return "a sandbox cannot run at speed \(value.formatted(digits: 3)): give a number above 0"
    }
  }
}
