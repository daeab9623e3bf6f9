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

  /// What may differ without being released.
  static func ignore(_ path: Path<Root, Deferral?>) -> Self {
    .option(
      "ignore", Deferral.words, path,
      "Leave functions as they are in which nothing changed but the versions of the tools that build")
  }
}
