internal import Core

extension LambdaService {
  func publishVersion(_ target: Target, _ body: JSON) throws(ServiceError) -> JSONObject {
    var validation = Validation()
    validation.length(body["Description"], "description", 0...256)
    try validation.check()
    let now = clock.now()
    return try store.change(target.name, at: now) { record throws(ServiceError) in
      guard var changed = record else { throw missing(target.name) }
      try requireSettled(changed)
      try requireRevision(body, changed.latest.revision)
      if let sha256 = body["CodeSha256"]?.string, !sha256.isEmpty, sha256 != changed.latest.code.sha256 {
        throw .invalid(
          "CodeSHA256 (\(sha256)) is different from current CodeSHA256 in $LATEST (\(changed.latest.code.sha256)). "
            + "Please try again with the CodeSHA256 in $LATEST.")
      }
      let number = publish(&changed, description: body["Description"]?.string, now: now, pending: false)
      record = changed
      return answers.configuration(target.name, changed.version(number) ?? changed.latest, qualifier: number)
    }
  }

  /// Makes a version of `$LATEST` and returns its number: the newest version's when nothing has changed since.
  @discardableResult
  func publish(_ record: inout FunctionRecord, description: String?, now: Timestamp, pending: Bool) -> String
  {
    let fingerprint = record.latest.fingerprint
    if let newest = record.versions.last, newest.number == String(record.lastNumber),
      record.publishedFingerprint == fingerprint
    {
      return newest.number
    }
    record.lastNumber += 1
    var version = record.latest
    version.number = String(record.lastNumber)
    version.revision = Identifier.uuid()
    version.lastModified = now
    version.transition =
      pending ? .init(kind: .creating, end: now + Self.creationDelay, revision: Identifier.uuid()) : nil
    if let description { version.settings["Description"] = .string(description) }
    if version.settings["SnapStart"]?["ApplyOn"]?.string == "PublishedVersions" {
      version.settings["SnapStart"] = ["ApplyOn": "PublishedVersions", "OptimizationStatus": "On"]
    }
    record.versions.append(version)
    record.publishedFingerprint = fingerprint
    // Publishing gives $LATEST a new RevisionId, and one under way keeps the one it will settle with.
    record.latest.revision = Identifier.uuid()
    return version.number
  }

  func listVersions(_ target: Target, _ request: HTTPRequest) throws(ServiceError) -> JSONObject {
    let record = try function(target.name)
    let items = ([record.latest] + record.versions).map {
      answers.configuration(record.name, $0, qualifier: $0.number, inList: true)
    }
    return try page(items, request, key: "Versions")
  }
}
