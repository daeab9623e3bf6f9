internal import AWSClient
internal import Core
internal import LambdaSettings

/// The rules by which a function counts as changed.
enum Comparison {
  /// What comparing came to.
  struct Result {
    let change: Change
    /// Why, a clause each.
    let reasons: [String]
    /// The settings that would change.
    let differences: [SettingDifference]
  }

  /// What is to be done to a function that serves, and why.
  ///
  /// The base is what is deployed, as the Description of the version behind the alias tells it, and never a range of
  /// commits: that holds from a shallow clone, after a cancelled run and after a force push.
  static func change(
    of input: FunctionInput, against serving: FunctionConfiguration, latest: FunctionConfiguration?,
    provenance: VersionProvenance?, explain: (FunctionInput, VersionProvenance) -> [String]
  ) -> Result {
    let differences = differences(of: input, from: serving, latest: latest, provenance: provenance)
    var reasons: [String] = []
    if let provenance {
      if provenance.source != input.sourceDigest {
        let known = explain(input, provenance)
        reasons += known.isEmpty ? ["inputs differ from version \(serving.version)"] : known
      }
    } else {
      reasons.append("version \(serving.version) was not made by lamctl")
    }
    let isOtherCode = !reasons.isEmpty
    let layers = layerReasons(of: input, differences, provenance: provenance, explain: explain)
    reasons += layers.filter { !reasons.contains($0) }
    let others = layers.isEmpty ? differences : differences.filter { $0.setting != "Layers" }
    if !others.isEmpty { reasons.append("config: " + words(others)) }
    let change: Change =
      switch (isOtherCode, differences.isEmpty) {
      case (false, true): .none
      case (false, false): .config
      case (true, true): .code
      case (true, false): .codeAndConfig
      }
    return Result(change: change, reasons: reasons, differences: differences)
  }

  /// What is told of layers that the repository makes: `layers: layers/common (2 files)`.
  private static func layerReasons(
    of input: FunctionInput, _ differences: [SettingDifference], provenance: VersionProvenance?,
    explain: (FunctionInput, VersionProvenance) -> [String]
  ) -> [String] {
    guard let difference = differences.first(where: { $0.setting == "Layers" }), !input.layers.isEmpty
    else { return [] }
    let known = provenance.map { explain(input, $0) } ?? []
    let told = known.filter { $0.hasPrefix("layers: ") }
    guard told.isEmpty else { return told }
    // Made on another machine, or by hand: nobody knows which files, but which layers.
    let present = Set(difference.old?.array?.compactMap(\.string) ?? [])
    let named = difference.new?.array?.compactMap(\.string) ?? []
    let isOther = named.contains { $0.hasPrefix("arn:") && !present.contains($0) }
    let open = input.openLayers.map(\.folder)
    let folders = open.isEmpty && isOther ? input.layers.map(\.folder) : open
    return folders.isEmpty ? [] : ["layers: " + folders.joined(separator: ", ")]
  }

  /// The settings of a version that would change.
  static func differences(
    of input: FunctionInput, from version: FunctionConfiguration, latest: FunctionConfiguration?,
    provenance: VersionProvenance?
  ) -> [SettingDifference] {
    guard input.ownsConfiguration else { return [] }
    let isRecorded = provenance?.configuration == input.configurationDigest
    var differences = input.configuration.differences(from: version, isRecorded: isRecorded)
    // A version's own Description tells where it comes from; what the function is described by is with `$LATEST`.
    if !isRecorded, let wanted = input.configuration.members["Description"],
      let setting = SettingCatalogue["Description"],
      VersionProvenance.decode(version.description).userText != wanted.string
    {
      differences += SettingComparison.difference(
        setting, wanted: wanted, present: (latest ?? version).members["Description"])
    }
    return differences
  }

  /// What differs, in a clause: short values as they are, of variables the names.
  static func words(_ differences: [SettingDifference]) -> String {
    let shown = differences.prefix(4).map { difference in
      guard difference.setting != "Environment", let old = short(difference.old),
        let new = short(difference.new)
      else { return difference.key }
      return "\(difference.key) \(old) to \(new)"
    }
    let more = differences.count > shown.count ? " and \(differences.count - shown.count) more" : ""
    return shown.joined(separator: ", ") + more
  }

  private static func short(_ value: JSON?) -> String? {
    guard let value else { return "none" }
    let text = value.string ?? (value.array?.count == 1 ? value.array?.first?.string : nil) ?? value.text()
    return text.utf8.count <= 24 ? text : nil
  }

  /// How `$LATEST` differs from a version.
  static func drift(
    of latest: FunctionConfiguration, from version: FunctionConfiguration
  ) -> LatestDrift {
    LatestDrift(
      code: latest.codeSHA256 != version.codeSHA256,
      configuration: !hasSameSettings(latest, version, ignoring: ["Description"]))
  }

  /// The settings in which two descriptions of a function differ, as far as both tell.
  static func differing(_ a: FunctionConfiguration, _ b: FunctionConfiguration) -> [String] {
    let areHidden = [a, b].contains { $0.members["Environment"]?["Error"] != nil }
    return SettingCatalogue.all.filter { setting in
      setting.call.needsVersion && setting.member != "Description"
        && !(areHidden && setting.member == "Environment")
        && !SettingComparison.agree(setting, a.members, b.members)
    }.map(\.member)
  }

  /// Whether two descriptions of `$LATEST` show the same code and settings, as far as both tell.
  static func isSame(
    _ a: FunctionConfiguration, _ b: FunctionConfiguration, ignoring ignored: Set<String> = []
  ) -> Bool {
    a.codeSHA256 == b.codeSHA256 && hasSameSettings(a, b, ignoring: ignored)
  }

  /// Whether two descriptions of functions show the same settings, as far as both tell.
  static func hasSameSettings(
    _ a: FunctionConfiguration, _ b: FunctionConfiguration, ignoring ignored: Set<String>
  ) -> Bool {
    // Variables that the caller may not decrypt are replaced by an error, now and then or always.
    let areHidden = [a, b].contains { $0.members["Environment"]?["Error"] != nil }
    return SettingCatalogue.all.allSatisfy { setting in
      !setting.call.needsVersion || ignored.contains(setting.member)
        || (areHidden && setting.member == "Environment")
        || SettingComparison.agree(setting, a.members, b.members)
    }
  }
}
