extension Parameter where Root: Sendable {
  /// The environment that a command is about.
  static func environment(_ path: Path<Root, String?>) -> Self {
    .positional(
      "ENVIRONMENT", path, "Which environment (default: defaultEnvironment of lamctl.json, or the only one)")
  }

  /// Which functions a command is about.
  static func only(_ path: Path<Root, [String]>) -> Self {
    .options("only", "GLOB", path, "Only functions whose name matches; '!GLOB' excludes").excluding(
      "selection")
  }
}
