import Core
import Sandbox
import TestSupport

extension SandboxClient {
  /// A client of a server in this process.
  init(_ server: SandboxServer) {
    self.init(server.endpoint, secret: server.credentials["AWS_SECRET_ACCESS_KEY"] ?? "")
  }
}
