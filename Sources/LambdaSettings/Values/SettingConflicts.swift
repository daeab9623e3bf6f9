package import Core

/// Settings that Lambda refuses beside one another.
package enum SettingConflicts {
  /// One setting that another excludes.
  package struct Conflict: Hashable, Sendable {
    /// The key of the setting to blame: `snapStart`.
    package let key: String
    /// What does not go together, in a sentence without its full stop.
    package let reason: String
  }

  /// What does not go together in the settings that a manifest states.
  ///
  /// Sources: https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html#snapstart-runtimes (limitations),
  /// https://docs.aws.amazon.com/lambda/latest/dg/images-create.html,
  /// https://docs.aws.amazon.com/lambda/latest/api/API_PutProvisionedConcurrencyConfig.html
  package static func find(in wanted: JSONObject) -> [Conflict] {
    var conflicts: [Conflict] = []
    func note(_ key: String, _ isThere: Bool, _ reason: String) {
      if isThere { conflicts.append(Conflict(key: key, reason: reason)) }
    }
    let isImage = wanted["PackageType"] == "Image"
    for (member, key) in [("Runtime", "runtime"), ("Handler", "handler"), ("Layers", "layers")] {
      let value = wanted[member]
      note(
        key, isImage && value != nil && value != [],
        "\"\(key)\" does not go with \"packageType\": \"Image\": the image has its own")
    }
    note(
      "imageConfig", !isImage && wanted["ImageConfig"]?.object?.isEmpty == false,
      "\"imageConfig\" needs \"packageType\": \"Image\"")
    let provisioned = wanted["ProvisionedConcurrentExecutions"]?.int ?? 0
    if wanted["SnapStart"]?["ApplyOn"] == "PublishedVersions" {
      note(
        "provisionedConcurrency", provisioned > 0, "\"provisionedConcurrency\" does not go with \"snapStart\""
      )
      note(
        "ephemeralStorage", (wanted["EphemeralStorage"]?["Size"]?.int ?? 512) > 512,
        "\"snapStart\" takes at most 512 MB of \"ephemeralStorage\"")
      note(
        "fileSystemConfigs", wanted["FileSystemConfigs"]?.array?.isEmpty == false,
        "\"fileSystemConfigs\" do not go with \"snapStart\"")
      note("packageType", isImage, "\"snapStart\" does not go with \"packageType\": \"Image\"")
    }
    if let reserved = wanted["ReservedConcurrentExecutions"]?.int {
      note(
        "provisionedConcurrency", provisioned > reserved,
        "\"provisionedConcurrency\" (\(provisioned)) must not be more than \"reservedConcurrency\" (\(reserved))"
      )
    }
    return conflicts
  }
}
