package import Core

/// A version of a layer: files that functions have beside their own, below `/opt`.
package struct LayerVersion: Hashable, Sendable {
  /// What functions name it by: `arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION`.
  package let arn: String
  /// Its number.
  package let version: Int
  /// Up to 256 characters, given when it was published.
  package let description: String
  /// When it was published; nil where that is not told.
  package let created: Timestamp?
  /// Bytes of its zip; nil in lists.
  package let codeSize: Int?

  /// A version of these values.
  package init(
    arn: String, version: Int, description: String, created: Timestamp? = nil, codeSize: Int? = nil
  ) {
    self.arn = arn
    self.version = version
    self.description = description
    self.created = created
    self.codeSize = codeSize
  }
}

/// What is said of a layer's version that is published.
package struct LayerDetails: Hashable, Sendable {
  /// Up to 256 characters.
  package let description: String
  /// The runtimes it was made for, at most 15; empty for all.
  package let compatibleRuntimes: [String]
  /// The processors it was made for, of `x86_64` and `arm64`; empty for both.
  package let compatibleArchitectures: [String]

  /// Details of these values.
  package init(description: String, compatibleRuntimes: [String] = [], compatibleArchitectures: [String] = [])
  {
    self.description = description
    self.compatibleRuntimes = compatibleRuntimes
    self.compatibleArchitectures = compatibleArchitectures
  }
}
