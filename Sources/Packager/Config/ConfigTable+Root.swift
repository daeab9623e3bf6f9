internal import Core

extension ConfigTable {
  private static let strings = ConfigType.list(.string)

  /// How a release moves traffic.
  static let rollout = ConfigTable(
    title: "rollout",
    keys: [
      ConfigKey(
        "steps", .text(.steps),
        "Weights and times, such as 1%:5m,10%:10m,pause,50%:10m; 100% for all at once; "
          + "10%:10m by default."),
      ConfigKey(
        "bake", .text(.time),
        "How long the new version is watched with all traffic, rollback armed; 10m by default."),
      ConfigKey(
        "settle", .text(.time),
        "Age at which a minute of metrics counts as complete; 2m by default."),
      ConfigKey(
        "minInvocations", .integer(0...1_000_000_000),
        "Canary invocations that a step needs for a verdict; 30 by default."),
      ConfigKey(
        "maxWait", .text(.time),
        "Longest extension of a step that lacks traffic or metrics; 20m by default."),
      ConfigKey(
        "onLowTraffic", .choice(LowTrafficPolicy.allCases.map(\.rawValue)),
        "What to do when maxWait is over without enough traffic; promote-if-smoked by default."),
      ConfigKey(
        "onInterrupt", .choice(InterruptPolicy.allCases.map(\.rawValue)),
        "What SIGINT and SIGTERM do to a rollout; rollback by default."),
      ConfigKey(
        "triggersAt", .choice(TriggerMoment.allCases.map(\.rawValue)),
        "When triggers are bound: at the end, when the bake is over, or at the promotion, before it; "
          + "end by default."),
      ConfigKey("alarms", strings, "CloudWatch alarms that veto while they are in alarm."),
      ConfigKey(
        "maxErrorRate", .text(.percentage), "Error rate of the canary above which it is rolled back."),
      ConfigKey("metrics", .list(.object(metric)), "Counts of failures, judged like errors."),
      ConfigKey(
        "deadMan",
        .object(
          ConfigTable(
            title: "deadMan",
            keys: [
              ConfigKey(
                "role", .text(.role), "Role that the scheduler assumes to set the alias back.",
                isRequired: true),
              ConfigKey(
                "after", .text(.time),
                "How long nobody may have looked after a rollout, at least 5m; 15m by default."),
            ])), "A schedule that takes the traffic back when the run dies."),
      ConfigKey(
        "latency", .choice(FindingAction.allCases.map(\.rawValue)),
        "What a slower canary leads to; hold by default."),
    ])

  private static let metric = ConfigTable(
    title: "metric",
    keys: [
      ConfigKey("namespace", .string, "Namespace of the metric.", isRequired: true),
      ConfigKey("name", .string, "Name of the metric.", isRequired: true),
      ConfigKey(
        "versionDimension", .string, "Dimension that holds the function's version.", isRequired: true),
      ConfigKey(
        "dimensions", .map(.string),
        "All other dimensions of the series; {function} and {functionName} stand for the function's names."),
    ])

  private static let companions = ConfigTable(
    title: "companions",
    keys: [
      ConfigKey(
        "canary", .text(.alias),
        "Alias of the version on trial from before its first weight; of the one that serves where none is."),
      ConfigKey(
        "stable", .text(.alias), "Alias of the version that serves; it moves to the next after the bake."),
    ])

  private static let environment = ConfigTable(
    title: "environment",
    keys: [
      ConfigKey("alias", .text(.alias), "Alias whose traffic is shifted; the environment's name by default."),
      ConfigKey("region", .string, "AWS region."),
      ConfigKey("account", .text(.account), "The only account that may be deployed to, 12 digits."),
      ConfigKey("branches", strings, "Branches that may be deployed from."),
      ConfigKey(
        "drift", .choice(DriftPolicy.allCases.map(\.rawValue)),
        "What becomes of settings that others have changed and no manifest states; tell by default."),
      ConfigKey("bucket", .string, "Bucket for packages above 50 MB."),
      ConfigKey("endpoint", .text(.endpoint), "\"sandbox\" or the URL of an AWS endpoint."),
      ConfigKey("rollout", .object(rollout), "Laid over the rollout of the root."),
      ConfigKey(
        "companions", .object(companions), "Aliases kept beside the environment's own, for who calls them."),
      ConfigKey("hooks", .object(hooks), "Laid over the hooks of the root."),
      ConfigKey("defaults", .object(defaults), "Laid over the defaults of the root."),
    ])

  private static let preview = ConfigTable(
    title: "preview",
    keys: [
      ConfigKey(
        "from", .string,
        "The environment whose settings, and whose versions of all that is the same, it has.",
        isRequired: true),
      ConfigKey(
        "ttl", .text(.time), "How long it stays after the last push, 10m to 30d; 7d by default."),
      ConfigKey(
        "role", .text(.role),
        "Role that EventBridge Scheduler assumes to take URL and alias away; without it prune does."),
      ConfigKey("functionUrl", .object(functionURL), "An address of its own for every function."),
    ])

  /// `lamctl.json`.
  static let root = ConfigTable(
    title: "lamctl.json",
    keys: [
      ConfigKey("$schema", .string, "Address of the schema, for editors."),
      ConfigKey("project", .string, "Name of the project; the name of the root folder by default."),
      ConfigKey("functions", strings, "Patterns of folders that are units; a leading ! takes folders out."),
      ConfigKey(
        "name", .string,
        "Template of AWS function names from {project}, {function} and {environment}; "
          + "{project}-{function} where project is set, else {function}."),
      ConfigKey(
        "defaults", .object(defaults),
        "Settings of every function. A runtime is for the functions in its language; others have their own."),
      ConfigKey(
        "shared",
        .map(
          .object(
            ConfigTable(
              title: "shared",
              keys: [
                ConfigKey(
                  "into", .string,
                  "Folder of the package that gets it; its own name by default, . for the top."),
                ConfigKey("uses", strings, "Further shared folders that it needs, from the root."),
              ]))), "Folders of shared code, from the root."),
      ConfigKey("globalInputs", strings, "Files and folders that every unit's build depends on."),
      ConfigKey("environments", .map(.object(environment)), "Environments by name."),
      ConfigKey("defaultEnvironment", .string, "The environment that is meant when none is named."),
      ConfigKey("rollout", .object(rollout), "How releases move traffic."),
      ConfigKey("hooks", .object(hooks), "Programs to run around the shift of traffic."),
      ConfigKey(
        "sandbox",
        .object(
          ConfigTable(
            title: "sandbox",
            keys: [
              ConfigKey("speed", .number(1...100_000), "How many times faster time runs; 60 by default."),
              ConfigKey(
                "traffic", .map(.text(.rate)), "Events to send, by function: 20/m, of the rehearsal's time."),
              ConfigKey("resources", .object(sandboxResources), "What to make there for triggers."),
            ])), "The embedded sandbox."),
      ConfigKey(
        "cache", .text(.bucketPlace),
        "Bucket in which machines share what builds have made: s3://bucket/prefix."),
      ConfigKey("preview", .object(preview), "What 'lamctl deploy --preview' makes of a pull request."),
      ConfigKey("keepVersions", .integer(1...10_000), "Newest versions that stay when old ones are deleted."),
      ConfigKey("lamctl", .text(.requirement), "Releases of lamctl that may be used: >=0.1."),
    ])
}
