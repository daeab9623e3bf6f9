package import Core

extension EvidenceFile {
  /// The file's content; what says nothing is left out.
  package var json: JSON {
    var listed = JSONObject()
    for (name, evidence) in functions.sorted(by: { $0.key < $1.key }) { listed[name] = evidence.json }
    return [
      "schema": .string(Self.schema), "functions": .object(listed), "settings": settings.json,
    ]
  }
}

extension FunctionEvidence {
  var json: JSON {
    var object = JSONObject()
    object["steps"] = .array(
      steps.map { step in
        [
          "weight": .double(step.weight), "ended": .bool(step.ended),
          "minutes": .array(step.minutes.map(\.json)),
        ]
      })
    if !history.isEmpty { object["history"] = .array(history.map(\.json)) }
    if let bake { object["bake"] = bake.json }
    switch availability {
    case .complete: break
    case .stableMissing: object["availability"] = "stableMissing"
    case .failing(let reason): object["availability"] = ["failing": .string(reason)]
    }
    if !alarms.isEmpty {
      object["alarms"] = .array(
        alarms.map {
          var alarm = JSONObject([
            ("name", .string($0.name)), ("wasOK", .bool($0.wasOK)), ("isInAlarm", .bool($0.isInAlarm)),
          ])
          alarm["since"] = $0.since.map { .string($0.iso8601) }
          return .object(alarm)
        })
    }
    var versions = JSONObject()
    versions["stable"] = stableVersion.map(JSON.string)
    versions["canary"] = canaryVersion.map(JSON.string)
    if !versions.isEmpty { object["versions"] = .object(versions) }
    return .object(object)
  }
}

extension BakeEvidence {
  var json: JSON {
    var object = JSONObject([
      ("ended", .bool(ended)), ("minutes", .array(minutes.map(\.json))), ("baseline", baseline.evidenceJSON),
    ])
    if !baselineExtra.isEmpty {
      object["baselineExtra"] = .object(
        JSONObject(baselineExtra.sorted { $0.key < $1.key }.map { ($0.key, .int($0.value)) }))
    }
    if let period = baselinePeriod {
      object["baselinePeriod"] = [
        "from": .string(period.lowerBound.iso8601), "to": .string(period.upperBound.iso8601),
      ]
    }
    return .object(object)
  }
}

extension Minute {
  var json: JSON {
    var object = JSONObject()
    object["start"] = start.map { .string($0.iso8601) }
    object["canary"] = canary.evidenceJSON
    object["stable"] = stable.evidenceJSON
    if !slow.isEmpty { object["slow"] = .array(slow.map(\.json)) }
    if !extra.isEmpty {
      object["extra"] = .object(JSONObject(extra.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }))
    }
    return .object(object)
  }
}

extension HistoryMinute {
  var json: JSON {
    var object = counts.evidenceJSON.object ?? JSONObject()
    if !slow.isEmpty { object["slow"] = .array(slow.map(JSON.int)) }
    if !extra.isEmpty {
      object["extra"] = .object(JSONObject(extra.sorted { $0.key < $1.key }.map { ($0.key, .int($0.value)) }))
    }
    return .object(object)
  }
}

extension Split {
  var json: JSON { ["canary": .int(canary), "stable": .int(stable)] }
}

extension Counts {
  /// `{"invocations": 30, "errors": 3}`, as reports have it.
  package var json: JSON { ["invocations": .int(invocations), "errors": .int(errors)] }

  /// As evidence files have it: without `errors` where there is no point.
  var evidenceJSON: JSON {
    var object = JSONObject([("invocations", .int(invocations))])
    object["errors"] = errorPoint.map(JSON.int)
    return .object(object)
  }
}
