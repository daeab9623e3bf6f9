internal import Core

/// The form in which functions are kept on disk.
extension FunctionRecord {
  var json: JSON {
    var object = JSONObject([
      ("name", .string(name)), ("latest", latest.json), ("versions", .array(versions.map(\.json))),
      ("lastNumber", .int(lastNumber)), ("publishedFingerprint", .string(publishedFingerprint)),
      ("aliases", .array(aliases.map(\.json))),
      ("tags", .object(JSONObject(tags.map { ($0.key, .string($0.value)) }))),
    ])
    object["reservedConcurrency"] = reservedConcurrency.map(JSON.int)
    object["codeSigning"] = codeSigning.map(JSON.string)
    object["recursiveLoop"] = .string(recursiveLoop)
    if !runtimeManagement.isEmpty {
      let entries = runtimeManagement.sorted { $0.key < $1.key }.map { ($0.key, JSON.object($0.value)) }
      object["runtimeManagement"] = .object(JSONObject(entries))
    }
    if !provisioned.isEmpty {
      let entries = provisioned.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }
      object["provisioned"] = .object(JSONObject(entries))
    }
    let policies = policies.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }
    object["policies"] = .object(JSONObject(policies))
    if !eventInvoke.isEmpty {
      let entries = eventInvoke.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }
      object["eventInvoke"] = .object(JSONObject(entries))
    }
    if !urls.isEmpty {
      let entries = urls.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }
      object["urls"] = .object(JSONObject(entries))
    }
    if !mappings.isEmpty { object["mappings"] = .array(mappings.map(\.json)) }
    return .object(object)
  }

  /// Nil when `json` is not what ``json`` gives.
  init?(_ json: JSON) {
    guard let name = json["name"]?.string, let latest = json["latest"].flatMap(VersionRecord.init),
      let lastNumber = json["lastNumber"]?.int
    else { return nil }
    self.init(name: name, latest: latest)
    versions = (json["versions"]?.array ?? []).compactMap(VersionRecord.init)
    self.lastNumber = lastNumber
    publishedFingerprint = json["publishedFingerprint"]?.string ?? ""
    aliases = (json["aliases"]?.array ?? []).compactMap(AliasRecord.init)
    tags = (json["tags"]?.object?.members ?? []).map { ($0.key, $0.value.string ?? "") }
    reservedConcurrency = json["reservedConcurrency"]?.int
    codeSigning = json["codeSigning"]?.string
    recursiveLoop = json["recursiveLoop"]?.string ?? recursiveLoop
    for (qualifier, entry) in json["runtimeManagement"]?.object?.members ?? [] {
      runtimeManagement[qualifier] = entry.object
    }
    for (qualifier, entry) in json["provisioned"]?.object?.members ?? [] {
      provisioned[qualifier] = ProvisionedRecord(entry)
    }
    for (qualifier, policy) in json["policies"]?.object?.members ?? [] {
      policies[qualifier] = PolicyRecord(policy)
    }
    for (qualifier, entry) in json["eventInvoke"]?.object?.members ?? [] {
      eventInvoke[qualifier] = EventInvokeRecord(entry)
    }
    for (qualifier, entry) in json["urls"]?.object?.members ?? [] { urls[qualifier] = URLRecord(entry) }
    mappings = (json["mappings"]?.array ?? []).compactMap(MappingRecord.init)
  }
}

extension PolicyRecord {
  var json: JSON {
    var object = JSONObject([
      ("statements", .array(statements.map(JSON.object))), ("revision", .string(revision)),
    ])
    if !effective.isEmpty {
      let entries = effective.sorted { $0.key < $1.key }.map { ($0.key, JSON.double($0.value.seconds)) }
      object["effective"] = .object(JSONObject(entries))
    }
    return .object(object)
  }

  init(_ json: JSON) {
    self.init(
      statements: (json["statements"]?.array ?? []).compactMap(\.object),
      revision: json["revision"]?.string ?? Identifier.uuid())
    for (id, moment) in json["effective"]?.object?.members ?? [] { effective[id] = moment.moment }
  }
}

extension EventInvokeRecord {
  var json: JSON { ["settings": .object(settings), "changed": .double(changed.seconds)] }

  init?(_ json: JSON) {
    guard let settings = json["settings"]?.object, let changed = json["changed"]?.moment else { return nil }
    self.init(settings: settings, changed: changed)
  }
}

extension URLRecord {
  var json: JSON {
    [
      "url": .string(url), "settings": .object(settings), "made": .double(made.seconds),
      "changed": .double(changed.seconds),
    ]
  }

  init?(_ json: JSON) {
    guard let url = json["url"]?.string, let settings = json["settings"]?.object,
      let made = json["made"]?.moment, let changed = json["changed"]?.moment
    else { return nil }
    self.init(url: url, settings: settings, made: made, changed: changed)
  }
}

extension VersionRecord {
  var json: JSON {
    var object = JSONObject([
      ("number", .string(number)), ("settings", .object(settings)), ("sha256", .string(code.sha256)),
      ("hex", .string(code.hex)), ("size", .int(code.size)), ("revision", .string(revision)),
      ("lastModified", .double(lastModified.seconds)),
    ])
    object["image"] = code.image.map(JSON.string)
    if let transition {
      object["transition"] = [
        "kind": .string(transition.kind.rawValue), "end": .double(transition.end.seconds),
        "revision": .string(transition.revision),
      ]
    }
    return .object(object)
  }

  init?(_ json: JSON) {
    guard let number = json["number"]?.string, let settings = json["settings"]?.object,
      let sha256 = json["sha256"]?.string, let hex = json["hex"]?.string, let size = json["size"]?.int,
      let revision = json["revision"]?.string, let modified = json["lastModified"]?.moment
    else { return nil }
    // The name of a folder whose content is run.
    guard CodeReference.isDigest(hex) else { return nil }
    self.init(
      number: number, settings: settings,
      code: CodeReference(sha256: sha256, hex: hex, size: size, image: json["image"]?.string),
      revision: revision, lastModified: modified)
    if let change = json["transition"], let kind = change["kind"]?.string.flatMap(Transition.Kind.init),
      let end = change["end"]?.moment, let next = change["revision"]?.string
    {
      transition = Transition(kind: kind, end: end, revision: next)
    }
  }
}

extension ProvisionedRecord {
  var json: JSON {
    [
      "requested": .int(requested), "since": .double(since.seconds), "readyAt": .double(readyAt.seconds),
    ]
  }

  init?(_ json: JSON) {
    guard let requested = json["requested"]?.int, let since = json["since"]?.moment,
      let readyAt = json["readyAt"]?.moment
    else { return nil }
    self.init(requested: requested, since: since, readyAt: readyAt)
  }
}

extension AliasRecord {
  var json: JSON {
    .object(
      JSONObject([
        ("name", .string(name)), ("version", .string(version)), ("description", .string(description)),
        ("weights", .object(JSONObject(weights.map { ($0.version, .double($0.weight)) }))),
        ("revision", .string(revision)),
      ]))
  }

  init?(_ json: JSON) {
    guard let name = json["name"]?.string, let version = json["version"]?.string,
      let revision = json["revision"]?.string
    else { return nil }
    self.init(
      name: name, version: version, description: json["description"]?.string ?? "",
      weights: (json["weights"]?.object?.members ?? []).map { ($0.key, $0.value.double ?? 0) },
      revision: revision)
  }
}
