extension ConfigTable {
  /// `sandbox.resources`: what triggers hang on, and nobody deploys to a sandbox.
  static let sandboxResources = ConfigTable(
    title: "sandbox.resources",
    keys: [
      ConfigKey(
        "apis",
        .map(
          .object(
            ConfigTable(
              title: "API",
              keys: [
                ConfigKey("stage", .string, "The stage's name; $default by default, which has no path."),
                ConfigKey("autoDeploy", .boolean, "Whether changes are published at once; true by default."),
              ]))), "HTTP APIs, by name."),
      ConfigKey("buckets", .list(.string), "Buckets of S3."),
    ])
}
