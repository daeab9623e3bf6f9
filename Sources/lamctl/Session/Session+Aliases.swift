internal import AWSClient
internal import Core
internal import Packager
internal import Release

extension Session {
  /// What the aliases are that lamctl.json names, by name.
  var environmentAliases: [String: String] {
    var owners: [String: String] = [:]
    let environments = workspace.config.environmentNames.map { name in
      (name: name, config: try? workspace.readEnvironment(named: name).environment)
    }
    for (name, environment) in environments {
      for (role, alias) in [
        ("canary", environment?.companions.canary), ("stable", environment?.companions.stable),
      ] {
        if let alias { owners[alias] = "the companion \"\(role)\" of the environment \(name)" }
      }
    }
    for (name, environment) in environments {
      // Nobody knows better of one that cannot be read.
      owners[environment?.alias ?? name] = "the alias of the environment \(name)"
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
  /// - Throws: ``Failure`` where the name is that of an alias or environment of lamctl.json, or the role is of another account.
  func previewWish(_ name: String) throws -> PreviewWish {
    let isEnvironment = workspace.config.environmentNames.contains(name)
    if let owner = environmentAliases[name] ?? (isEnvironment ? "the name of an environment" : nil) {
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
