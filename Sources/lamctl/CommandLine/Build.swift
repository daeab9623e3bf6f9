/// What is known of this binary since it was made.
enum Build {
  /// What this version is called.
  static let version = "0.1.0"

  /// The commit that the sources are of; nil for a build in a checkout, whose files may be any.
  static let commit: String? = {
    // `git archive` puts the commit into its place (.gitattributes).
    let archived = "$Format:%H$"
    return archived.hasPrefix("$") ? nil : archived
  }()

  /// Major and minor version of the compiler.
  static var swift: String {
    #if compiler(>=6.4)
      "6.4 or newer"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  /// System and processor.
  static var platform: String {
    #if arch(x86_64)
      "linux-x86_64"
    #elseif arch(arm64)
      "linux-arm64"
    #else
      "linux"
    #endif
  }

  /// `release` or `debug`.
  static var configuration: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }
}
