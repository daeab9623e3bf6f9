internal import Triggers

// What several commands do alike.
extension Operation {
  /// What settings with calls of their own are read and written with, by their names in the API.
  static let ownCalls: [String: (reads: [Operation], writes: [Operation])] = [
    "Tags": ([], [.tagResource]),
    "ReservedConcurrentExecutions": ([], [.putConcurrency, .deleteConcurrency]),
    "CodeSigningConfigArn": ([.getCodeSigning], [.putCodeSigning, .deleteCodeSigning]),
    "RuntimeManagementConfig": ([.getRuntimeManagement], [.putRuntimeManagement]),
    "RecursiveLoop": ([.getRecursion], [.putRecursion]),
    "ProvisionedConcurrentExecutions": ([.getProvisioned], [.putProvisioned, .deleteProvisioned]),
  ]

  /// Where a function stands.
  static let looking: [Operation] = [.getFunction, .getAlias, .listVersions]

  /// What calls a function by its bare name.
  static let bareCallers: [Operation] = [.getPolicy, .listMappings, .getURL]

  /// The parameters that the configuration refers to.
  static func parameters(_ needs: PolicyNeeds) -> [Operation] {
    needs.parameters ? [.getParameters] : []
  }

  /// What builds ask AWS for.
  static func building(_ needs: PolicyNeeds) -> [Operation] {
    parameters(needs) + (needs.cache ? shareBuilds : [])
  }

  /// The alarms that take a release back.
  static func alarms(_ needs: PolicyNeeds) -> [Operation] { needs.alarms ? [.describeAlarms] : [] }

  /// What is deployed beside what is wanted.
  static func comparing(_ needs: PolicyNeeds) -> [Operation] {
    var operations = looking + [.listFunctions, .getProvisioned] + parameters(needs)
    for member in needs.stated.sorted() { operations += ownCalls[member]?.reads ?? [] }
    if needs.layers { operations.append(.listLayers) }
    return operations
  }

  /// What a release would do, and what speaks against it.
  static func planning(_ needs: PolicyNeeds) -> [Operation] {
    comparing(needs) + bareCallers + [
      .listAliases, .getMetricData, .listMetrics, .getProvisioned, .getAccountSettings,
    ] + calls(of: needs.triggers, writing: false)
  }

  /// From the first weight to the end.
  static func rollingOut(_ needs: PolicyNeeds) -> [Operation] {
    var operations: [Operation] = [
      .getAlias, .updateAlias, .getMetricData, .getFunction, .getProvisioned, .filterLogEvents,
    ]
    operations += alarms(needs)
    if needs.deadMan {
      operations += [.createSchedule, .updateSchedule, .deleteSchedule, .passDeadManRole]
    }
    if needs.companions { operations.append(.createAlias) }
    if needs.prunes { operations += pruning(needs) }
    return operations
  }

  /// What goes on with a rollout that no run drives, and binds the triggers at its end.
  static func goingOn(_ needs: PolicyNeeds) -> [Operation] {
    rollingOut(needs)
      + (needs.triggers.isEmpty ? [] : parameters(needs) + calls(of: needs.triggers, writing: true))
  }

  /// What leads all traffic back: a version that Lambda has put to sleep is invoked to wake it.
  static func goingBack(_ needs: PolicyNeeds) -> [Operation] {
    [.getAlias, .getFunction, .getProvisioned, .invoke, .updateAlias]
      + (needs.deadMan ? [.deleteSchedule] : []) + (needs.companions ? [.createAlias] : [])
  }

  /// What takes versions away that nobody needs, and what is over.
  static func pruning(_ needs: PolicyNeeds) -> [Operation] {
    [.listVersions, .listAliases, .getAlias, .getMetricData, .deleteAlias, .deleteFunction]
      + (needs.previewURL ? [.deleteURL] : [])
      + (needs.layers ? [.listLayers, .listFunctions, .deleteLayer] : [])
  }
}
