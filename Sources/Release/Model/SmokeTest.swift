public import Core

/// An event that a new version must answer before it gets any traffic.
public struct SmokeTest: Hashable, Sendable {
  /// What the event is called in messages: its file.
  public let name: String
  /// The event's JSON.
  public let event: [UInt8]
  /// What the answer must contain; nil when any answer without a FunctionError will do.
  public let expectation: JSON?

  /// A test that sends `event`.
  public init(name: String, event: [UInt8], expectation: JSON?) {
    self.name = name
    self.event = event
    self.expectation = expectation
  }
}
