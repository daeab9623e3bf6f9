package import Core

extension SandboxServer {
  /// The clock of the sandbox at `endpoint`, which its clients must share; nil when something else answers there.
  package static func clock(of endpoint: String) -> ScaledClock? {
    guard let answer = LoopbackRequest.get("\(endpoint)/_sandbox/clock"),
      let json = try? JSON(parsing: answer),
      let speed = json["speed"]?.double, speed > 0, speed.isFinite,
      let real = json["realAnchor"]?.moment, let anchor = json["anchor"]?.moment
    else { return nil }
    return ScaledClock(speed: speed, realAnchor: real, anchor: anchor)
  }
}
