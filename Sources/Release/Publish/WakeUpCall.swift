internal import AWSClient
internal import Core

/// Wakes versions that Lambda has put to sleep for want of traffic. An invocation of such a version is rejected, and
/// makes Lambda bring it up again, which takes minutes with SnapStart.
struct WakeUpCall: Sendable {
  private let services: ReleaseServices
  private let waiter: Waiter

  /// - Parameter timeout: how long to wait for one version.
  init(_ services: ReleaseServices, timeout: TimeSpan) {
    self.services = services
    waiter = Waiter(services, timeout: timeout)
  }

  /// Returns once `version`, which is `Inactive`, is `Active`. Where nobody may invoke it, it is left to wake with its
  /// first traffic.
  ///
  /// - Parameter event: what to invoke it with, in case it has woken meanwhile; nil for an empty object.
  func wake(_ name: FunctionName, version: String, event: [UInt8]?) async throws(ReleaseError) {
    services.report(.note(name.function, "version \(version) is Inactive: waking it before it gets traffic"))
    do throws(AWSError) {
      _ = try await services.lambda.invoke(
        name.functionName, qualifier: version, payload: event ?? Array("{}".utf8), kind: .requestResponse,
        logs: false)
    } catch {
      if Task.isCancelled { throw .interrupted }
      guard !error.isPermission else {
        services.report(
          .note(
            name.function, "version \(version) cannot be woken, its first invocations will fail: \(error)"))
        return
      }
      // Rejected for its sleep: with 409, or with 502 while it is not ready.
      guard let status = error.fault?.status, status == 409 || status >= 500 else {
        throw .aws(error, function: name.function)
      }
    }
    _ = try await waiter.version(version, of: name, isNew: false, acceptsSleep: false)
  }
}
