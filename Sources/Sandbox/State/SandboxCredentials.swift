internal import Core
import Glibc

/// What requests to one sandbox have to be signed with: a secret that was made at random for its state folder and that
/// only the folder's owner can read.
///
/// Handlers run as the user, so whoever can sign can do all that the user can: web pages and other users of the machine
/// must not be able to guess it.
struct SandboxCredentials: Hashable, Sendable {
  private static let name = "credentials.json"
  private static let secretBytes = 30

  /// The access key id, which is the same for all sandboxes: it says whose secret is meant.
  static let commonKey = "sandbox"

  let accessKey = SandboxCredentials.commonKey
  let secret: String

  /// As AWS's clients look for them.
  var variables: [String: String] { ["AWS_ACCESS_KEY_ID": accessKey, "AWS_SECRET_ACCESS_KEY": secret] }

  /// The ones of the folder `state`, which are made where there are none.
  static func kept(in state: StateFolder) throws(SystemError) -> SandboxCredentials {
    if let stored = stored(in: state) { return stored }
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<secretBytes).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
    let secret = Hex.encode(bytes)
    let json: JSON = ["secret": .string(secret), "folder": .string(identity(of: state))]
    try state.write(Array(json.text().utf8), to: name)
    return SandboxCredentials(secret: secret)
  }

  /// The ones that were made for the folder `state`; nil where there are none.
  ///
  /// A file that came with a clone was not made here: a stranger knows what is in it. It is told by its owner and mode,
  /// and by the folder that it was made in.
  static func stored(in state: StateFolder) -> SandboxCredentials? {
    guard let status = state.status(of: name), status.owner == geteuid(), status.permissions & 0o077 == 0,
      let bytes = try? state.read(name, limit: 1 << 16), let json = try? JSON(parsing: bytes),
      json["folder"]?.string == identity(of: state),
      let secret = json["secret"]?.string, secret.utf8.count == 2 * secretBytes
    else { return nil }
    return SandboxCredentials(secret: secret)
  }

  private static func identity(of state: StateFolder) -> String {
    state.status?.identity ?? ""
  }
}

/// A sandbox that serves, in this process or in another one: what its clients need.
package struct SandboxEndpoint: Hashable, Sendable {
  /// `http://127.0.0.1:PORT`.
  package let url: String
  /// The environment variables with which any AWS client signs requests that the sandbox takes.
  package let credentials: [String: String]

  init(port: Int, credentials: SandboxCredentials) {
    url = "http://127.0.0.1:\(port)"
    self.credentials = credentials.variables
  }
}
