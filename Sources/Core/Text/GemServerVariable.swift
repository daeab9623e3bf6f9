/// A variable by which Bundler gets its key, or a mirror, of a gem server: `BUNDLE_GEMS__EXAMPLE__COM`.
///
/// Two underscores stand for a dot. Bundler's other settings would make another tree of the same lock.
///
/// Source: https://bundler.io/man/bundle-config.1.html
enum GemServerVariable {
  /// Whether `name` is one.
  static func matches(_ name: String) -> Bool {
    name.hasPrefix("BUNDLE_") && name.contains("__")
      && !["BUNDLE_LOCAL__", "BUNDLE_BUILD__"].contains(where: name.hasPrefix)
  }
}
