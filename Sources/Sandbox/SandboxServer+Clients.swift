public import Core

extension SandboxServer {
  /// The environment variables with which any AWS client signs requests that the sandbox takes.
  public static var credentials: [String: String] {
    ["AWS_ACCESS_KEY_ID": accessKey, "AWS_SECRET_ACCESS_KEY": secretKey]
  }

  /// The clock of the sandbox at `endpoint`, which its clients must share; nil when something else answers there.
  public static func clock(of endpoint: String) -> ScaledClock? {
    guard let answer = LoopbackRequest.get("\(endpoint)/_sandbox/clock"),
      let json = try? JSON(parsing: answer),
      let speed = json["speed"]?.double, speed > 0, let real = json["realAnchor"]?.double,
      let anchor = json["anchor"]?.double
    else { return nil }
    return ScaledClock(
      speed: speed, realAnchor: Timestamp(seconds: real), anchor: Timestamp(seconds: anchor))
  }
}
