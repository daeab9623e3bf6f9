/// What a release does to one function.
package enum Change: String, Hashable, Sendable, CaseIterable {
  /// The Lambda function, or its alias, comes into being.
  case create
  /// Another package.
  case code
  /// Other settings.
  case config
  /// Both.
  case codeAndConfig = "code+config"
  /// Nothing.
  case none

  /// Whether a package must be built.
  package var needsPackage: Bool { self != .none && self != .config }

  /// Whether settings are written.
  package var touchesConfiguration: Bool { self == .config || self == .codeAndConfig }
}
