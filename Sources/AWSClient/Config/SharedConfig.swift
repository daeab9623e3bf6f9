internal import Core

/// The user's `config` and `credentials` files.
struct SharedConfig: Sendable {
  /// One profile, with the settings of both files; those of the credentials file win.
  struct Profile: Sendable {
    let name: String
    let section: IniFile.Section
    /// The file that holds its access key, if one does.
    let keyFile: String?

    subscript(_ key: String) -> String? { section[key] }
  }

  let config: IniFile
  let credentials: IniFile
  let configPath: String
  let credentialsPath: String

  /// Reads the files that the environment names, or those in the home folder.
  ///
  /// - Throws: ``AWSError/badConfiguration(_:)`` when one is there and cannot be read.
  init(environment: [String: String]) throws(AWSError) {
    configPath = Self.path("AWS_CONFIG_FILE", "config", environment)
    credentialsPath = Self.path("AWS_SHARED_CREDENTIALS_FILE", "credentials", environment)
    config = try IniFile.load(configPath)
    credentials = try IniFile.load(credentialsPath)
  }

  /// The profile `name`; nil when neither file has it.
  func profile(_ name: String) -> Profile? {
    let fromConfig = config.sections["profile \(name)"] ?? (name == "default" ? config.sections[name] : nil)
    let fromCredentials = credentials.sections[name]
    guard fromConfig != nil || fromCredentials != nil else { return nil }
    var merged = fromConfig ?? IniFile.Section()
    if let fromCredentials { merged.lay(fromCredentials) }
    let keyFile =
      fromCredentials?["aws_access_key_id"] != nil
      ? credentialsPath : fromConfig?["aws_access_key_id"] != nil ? configPath : nil
    return Profile(name: name, section: merged, keyFile: keyFile)
  }

  /// The section `[sso-session name]` or `[services name]` of the config file.
  func section(_ kind: String, _ name: String) -> IniFile.Section? { config.sections["\(kind) \(name)"] }

  /// The names of all profiles, sorted.
  var profileNames: [String] {
    let fromConfig = config.sections.keys.compactMap { key in
      key == "default" ? key : key.hasPrefix("profile ") ? String(key.dropFirst(8)) : nil
    }
    return Set(fromConfig + credentials.sections.keys).sorted()
  }

  private static func path(_ variable: String, _ name: String, _ environment: [String: String]) -> String {
    let home = environment["HOME"] ?? "~"
    guard let path = environment[variable], !path.isEmpty else { return "\(home)/.aws/\(name)" }
    return path.hasPrefix("~/") ? home + path.dropFirst() : path
  }
}

extension IniFile.Section {
  /// Takes over everything that `other` has.
  fileprivate mutating func lay(_ other: IniFile.Section) {
    self = IniFile.Section(
      values: values.merging(other.values) { $1 }, nested: nested.merging(other.nested) { $1 })
  }
}
