package import Core

/// An event that a new version must answer before it gets any traffic.
package struct SmokeTest: Hashable, Sendable {
  /// What the event is called in messages: its file.
  package let name: String
  /// The event's JSON.
  package let event: [UInt8]
  /// What the answer must contain; nil when any answer without a FunctionError will do.
  package let expectation: JSON?

  /// A test that sends `event`.
  package init(name: String, event: [UInt8], expectation: JSON?) {
    self.name = name
    self.event = event
    self.expectation = expectation
  }
}
