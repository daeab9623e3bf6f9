internal import AWSClient
internal import Core
internal import Packager
internal import Release

extension Session {
  /// What the aliases are that lamctl.json names, by name.
  var environmentAliases: [String: String] {
    var owners: [String: String] = [:]
    for name in workspace.config.environmentNames {
      // An environment that cannot be read whole has its alias all the same.
      guard let environment = try? workspace.readEnvironment(named: name).environment else { continue }
      for (role, alias) in [
        ("canary", environment.companions.canary), ("stable", environment.companions.stable),
      ] {
        if let alias { owners[alias] = "the companion \"\(role)\" of the environment \(name)" }
      }
    }
    for name in workspace.config.environmentNames {
      guard let environment = try? workspace.readEnvironment(named: name).environment else { continue }
      owners[environment.alias] = "the alias of the environment \(name)"
    }
    owners[environment.alias] = "the alias of the environment \(environment.name)"
    return owners
  }

  /// What previews of the environment are; nil where they are made from another one, or not at all.
  ///
  /// - Throws: ``PackagerError`` when a value cannot be interpolated.
  var preview: PreviewConfig? {
    get throws(PackagerError) {
      let preview = try workspace.preview()
      return preview?.from == environment.name ? preview : nil
    }
  }

  /// What the preview called `name` is to be.
  ///
  /// - Throws: ``Failure`` where the name is that of an alias of lamctl.json, or the role is of another account.
  func previewWish(_ name: String) throws -> PreviewWish {
    if let owner = environmentAliases[name] {
      throw Failure(
        .usage, "\(name) is \(owner), which no preview may be", fix: "name another, such as pr-123")
    }
    guard let preview = try workspace.preview() else {
      throw Failure(.config, "lamctl.json does not say what a preview is")
    }
    if let expected = environment.account, let role = preview.role, !role.contains(":\(expected):") {
      throw Failure(
        .config, "preview.role is \(role), and environment \(environment.name) is in account \(expected)",
        fix: "name a role of that account: EventBridge Scheduler assumes no other")
    }
    return PreviewWish(
      name: name, project: workspace.config.project, ttl: preview.ttl, role: preview.role,
      functionURL: preview.functionURL, partition: aws.partition)
  }
}
