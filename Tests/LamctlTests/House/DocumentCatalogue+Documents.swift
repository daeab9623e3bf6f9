extension DocumentCatalogue {
  /// What each command's document has beside ``everywhere``.
  static let documents: [(command: String, fields: [Field])] = [
    document("deploy", release), document("rollback", release), document("promote", release),
    document("abort", release), document("resume", release),
    document("tick", release),
    document(
      "plan", place, [("commit", "string or null", "The commit of the checkout.")], function,
      [
        ("functions[].change", "string", "As of `deploy`."),
        ("functions[].reasons[]", "list of strings", "Why."),
        (
          "functions[].drift", "object or null",
          "What others have changed: `since`, `settings`, `overridden`, `code`."
        ),
        ("functions[].fromVersion", "string or null", "What serves."),
        ("functions[].toVersion", "null", "Not known yet."),
        ("functions[].digests", "object", "`src`, `pkg` (null) and `cfg`."),
        ("functions[].settings[]", "list", "As of `deploy`."),
        ("functions[].rollout", "string or null", "State of a rollout under way."),
        (
          "functions[].ignored[]", "list of strings",
          "What has changed and waits for another change, by `--ignore`: `tools`."
        ),
        (
          "functions[].adoption", "object",
          "A function that serves by its bare name: `stage`, `callers`, `lastCall`."
        ),
        (
          "functions[].canary", "object",
          "What the canary can be expected to see: `expectedInvocations`, `detectableErrorRate`, `steps`."
        ),
        (
          "functions[].power", "object",
          "What each trigger will let the canary see, by the last 24 hours: `invocations` through the alias and those of "
            + "the `canary` in all steps, and `triggers` with `name`, `kind`, `unit` (invocations, batches), `basis` "
            + "(schedule, metrics, alias: what is left of the alias's own, later: bound after the bake, off, or null "
            + "where nothing tells), `least`, `most`, `next`."
        ),
        ("course[]", "list", "What a deploy would do first: `step` and what it is about."),
        ("findings[]", "list", "What speaks against it: `function`, `severity`, `rule`, `fix`."),
        ("leftovers[]", "list", "What no configuration knows any more: `text`, `commands`."),
        ("warnings[]", "list of strings", "The findings as sentences."),
      ]
    ),
    document(
      "status", place, function,
      [
        ("functions[].version", "string or null", "The version that the alias names."),
        ("functions[].weights", "object", "The share of traffic of each version, 0 to 1."),
        (
          "functions[].state", "string",
          "The record's: `idle`, `canary`, `hold`, `bake`, `commit`, `triggers` (what calls the alias is being bound) or `rb` "
            + "(rolled back); `idle` without a record, `absent` without a function or alias."
        ),
        ("functions[].reason", "string or null", "Why it is in that state."),
        ("functions[].owner", "string or null", "Who drives it."),
        ("functions[].step", "string or null", "`2/5`."),
        ("functions[].release", "string or null", "The record's release."),
        ("functions[].stable", "string or null", "The stable version."),
        ("functions[].canary", "string or null", "The version on trial."),
        ("functions[].previous", "string or null", "Where `rollback` goes."),
        ("functions[].bad", "string or null", "The version that was last taken back."),
        ("functions[].badVersions[]", "list of strings", "All that were."),
        ("functions[].leaseEnd", "string or null", "Until when its run is taken to live."),
        ("functions[].commit", "string or null", "The version's commit."),
        (
          "functions[].trialCommit", "string or null",
          "The commit of the version that a rollout under way is about."
        ),
        ("functions[].next", "string or null", "What there is to do about it: commands in a clause."),
        ("functions[].published", "string or null", "When it was made."),
        ("functions[].moved", "object or null", "A person has moved the alias: `from`, `to`."),
        ("functions[].drift", "object or null", "As of `plan`."),
        ("functions[].lastHour", "object", "By version: `invocations` and `errors`."),
      ]
    ),
    document(
      "why", place,
      [
        ("function", "string", "Logical name."), ("functionName", "string", "Name in AWS."),
        ("fromVersion", "string or null", "What serves."), ("change", "string", "As of `deploy`."),
        ("reasons[]", "list of strings", "Why."), ("digests", "object", "`src` and `cfg` of now."),
        ("deployed", "object", "`src`, `pkg`, `cfg` and `commit` of what serves."),
        ("parts[]", "list", "Each input: `part`, `digest`, `isSame`, `items`."),
        ("settings[]", "list", "As of `deploy`."),
      ]
    ),
    document(
      "list",
      [
        ("functions[].function", "string", "Logical name."), ("functions[].unit", "string", "Its folder."),
        ("functions[].runtime", "string or null", "Runtime."),
        ("functions[].handler", "string or null", "Handler."),
        ("functions[].rule", "string", "How it was found."),
        ("functions[].path", "string", "The file that says so."),
        ("functions[].explanation", "string", "The same in words."),
        ("functions[].src", "string or null", "With `--digests`: short digest of its sources."),
        ("wholeLocks[]", "list", "Lock files that count as a whole: `path`, `unit`, `reason`."),
      ]
    ),
    document(
      "init",
      [
        ("source", "string", "What it was written from."),
        ("written", "boolean", "Whether files were written."),
        ("files", "object", "Path to content."),
        ("notCarriedOver[]", "list of strings", "What has no place in the files."),
      ]
    ),
    document(
      "build",
      [
        ("to", "string", "Where the packages are."), ("shard", "string", "`1/1`."),
        ("functions[]", "list", "`function`, `unit`, `origin`, `digests`, `sha256`, `size`."),
        (
          "left[]", "list of strings",
          "The functions of this share that `--only` left out, and of which no package is there from before."
        ),
        (
          "images[]", "list of strings",
          "The functions that are container images: none of them is among the packages."
        ),
      ]
    ),
    document(
      "package",
      [
        ("function", "string", "Logical name."), ("unit", "string", "Its folder."),
        ("path", "string", "The zip."),
        ("size", "integer", "Bytes of the zip."), ("unzippedSize", "integer", "Bytes in it."),
        ("pkg", "string", "Digest of its content."),
        ("codeSha256", "string", "As Lambda has it."),
        ("files[]", "list or null", "With `--list`: `path`, `size`, `mode`, `rule`."),
      ]
    ),
    document(
      "cache",
      [
        ("action", "string", "`list`, `verify` or `prune`."), ("folder", "string", "Where it is."),
        ("bytes", "integer", "Its size."),
        ("entries[]", "list", "What is, was broken, or was taken out."),
      ]
    ),
    document(
      "invoke",
      [
        ("function", "string", "Logical name."), ("functionName", "string", "Name in AWS."),
        ("qualifier", "string", "What was called."),
        ("executedVersion", "string or null", "What ran."),
        ("statusCode", "integer", "200, or 202 for queued events."),
        ("functionError", "string or null", "`Handled` or `Unhandled`."),
        ("durationMilliseconds", "number", "Until the answer was here."),
        ("durableExecution", "string or null", "ARN of the durable execution."),
        ("payload", "anything", "The answer."),
        ("log[]", "list of strings", "The end of the log."),
      ]
    ),
    document(
      "logs",
      [
        ("function", "string", "Logical name."), ("functionName", "string", "Name in AWS."),
        ("logGroup", "string", "The log group."),
        ("events[].time", "string", "When."), ("events[].version", "string or null", "Which version."),
        ("events[].stream", "string", "The log stream."),
        ("events[].message", "string", "What was logged. With `--follow` each event is a line of its own."),
      ]
    ),
    document(
      "judge", place,
      [
        ("kind", "string", "`pass`, `extend`, `hold` or `rollback`."), ("sentence", "string", "Why."),
        ("rule", "integer", "Which rule of the judge."), ("functions", "object", "The same by function."),
        ("release", "object", "The same of several functions, with the `culprit`."),
        ("reviewed", "string or null", "The release that was judged."),
        ("evidence", "object", "`lamctl.evidence/1`."), ("canary", "object", "`invocations`, `errors`."),
        ("stable", "object", "`invocations`, `errors`."),
        ("eValue", "number", "The evidence against the new version."),
        ("eWithoutBestMinute", "number", "The same without its strongest minute."),
        ("since", "integer", "Where the change begins."), ("phi", "number", "How errors bunch."),
        ("share", "number or null", "The canary's share."),
        ("canaryRate", "number or null", "Errors an invocation."),
        ("stableRate", "number or null", "Errors an invocation."),
        ("limit", "number", "The limit that was passed."),
      ]
    ),
    document(
      "report",
      [
        ("html", "string or null", "The file."), ("bytes", "integer", "Size of the page."),
        (
          "document", "object",
          "What the page shows, `lamctl.release/1`: the shape of `deploy`; each function also has `history`: `time`, "
            + "`weight`; `outcome` is also `underWay`: a run drives it."
        ),
      ]
    ),
    document(
      "versions", place, function,
      [
        (
          "functions[].versions[]", "list",
          "`version`, `published`, `commit`, `dirty`, `release`, `by`, `codeSize`, `uses` (`alias`, `as`, `share`)."
        )
      ]
    ),
    document(
      "prune", place, [("dryRun", "boolean", "Whether nothing was deleted.")], function,
      [
        ("functions[].deleted[]", "list of strings", "Versions."),
        (
          "functions[].deletedAliases[]", "list of strings",
          "Aliases of persons, and of previews, whose time is over."
        ),
        ("functions[].freedBytes", "integer", "The versions' size."),
        ("functions[].kept[]", "list", "`version`, `why`."),
        ("functions[].failed[]", "list", "`version`, `error`."),
        (
          "layers[]", "list",
          "What became of the layers of the repository: `layer`, `deleted` (versions), `kept` (how many), `failed` "
            + "(`version`, `error`)."
        ),
      ]
    ),
    document(
      "doctor", place,
      [
        ("credentials", "object or null", "`source`, `key` (masked), `expiration`, `passedOver`."),
        ("account", "string or null", "Whose they are."),
        ("arn", "string or null", "Whose they are."), ("region", "string", "The region."),
        ("regionSource", "string", "Who named it."),
        ("endpoints", "object", "By service."),
        ("clockOffsetSeconds", "number or null", "AWS's clock less this machine's."),
        ("permissions[]", "list", "What was tried, and how it stands."),
        ("checks[]", "list", "`check`, `status` (`OK`, `WARN`, `FAIL`), `text`, `fix`."),
      ]
    ),
    document(
      "policy",
      [
        ("environment", "string", "The environment."),
        ("commands", "object", "By command that calls AWS the least policy, as IAM takes it."),
        ("roles[]", "list", "The functions' roles: `role`, and `functions` that have it."),
        (
          "trust", "object or null",
          "The trust policy of a role for the pipelines of the repository; null, with the reason on stderr, where nobody "
            + "can tell whose they are."
        ),
      ]
    ),
    document(
      "triggers", place, function,
      [
        (
          "functions[].digest", "object",
          "`wanted`, and `recorded`: what the function's tag says; null where it says nothing."
        ),
        (
          "functions[].triggers[]", "list",
          "`name`, `kind`, `source`, `id`, `change` (`none`, `add`, `modify`, `remove`), `differs`, `outcome`."
        ),
        (
          "functions[].foreign[]", "list",
          "What others have bound to the alias: `kind`, `source`, `target`, `id`."
        ),
        (
          "functions[].obstacles[]", "list",
          "What keeps the triggers from being written: `trigger`, `reason`, `fix`."
        ),
      ]),
    document(
      "adopt", place, function,
      [
        ("action", "string", "`adopt`, `finish` or `undo`."),
        ("plan", "boolean", "Whether nothing was written."),
        (
          "journal", "string or null",
          "Where the journal is, for `--undo`. That file holds the members from `account` to `moves[]` alone."
        ),
        ("account", "string", "The account."), ("region", "string", "The region."),
        ("release", "string", "By what the leases on the aliases are known."),
        ("started", "string", "When the run began."),
        ("course", "string", "`forward`, or `back` for an undo."),
        ("finished", "boolean", "Whether no edge is half way; where it is false the next run goes on."),
        (
          "moves[]", "list",
          "`project`, `function`, `functionName`, `functionArn`, `kind`, `group`, `title`, `place` (what tells the edge from "
            + "others), `before` and `after` (null for nothing), `state` (`planned`, `begun`, `done`, `present`, `left`, "
            + "`undone`), `order`, `reason`."
        ),
        ("goesOn[]", "list of strings", "Journals that earlier runs have left half way."),
        ("notes[]", "list of strings", "What is to be told of what was written."),
        (
          "functions[].outcome", "string",
          "`unchanged`, `planned`, `moved`, `partlyMoved`, `finished`, `undone`, `partlyUndone`, `refused`, `blocked` or "
            + "`failed`."
        ),
        ("functions[].notes[]", "list of strings", "What cannot be moved, and what is to be looked after."),
        (
          "functions[].refused[]", "list of strings",
          "What CloudFormation made, with the change to its template."
        ),
        (
          "functions[].proof", "object or null",
          "`kind` (`invocations`, `silent`, `elsewhere`, `unread`), `invocations`."
        ),
        ("functions[].error", "object or null", "What keeps the function from being moved."),
      ]),
    document(
      "alias", place, function,
      [
        ("action", "string", "`set`, `list` or `delete`."),
        ("dryRun", "boolean", "Whether nothing was written."),
        ("functions[].name", "string or null", "The alias."),
        ("functions[].version", "string or null", "The version that it names."),
        ("functions[].until", "string or null", "When `prune` may delete it."),
        ("functions[].owner", "string or null", "Who has set it."),
        (
          "functions[].outcome", "string", "`unchanged`, `set`, `deleted`, `absent` or `failed`."
        ), ("functions[].error", "object or null", "What failed for this function."),
      ]),
    document(
      "preview", place, function,
      [
        ("action", "string", "`list` or `delete`."),
        ("dryRun", "boolean", "Whether nothing was written."),
        ("functions[].name", "string or null", "The preview."),
        ("functions[].version", "string or null", "The version that it shows."),
        ("functions[].url", "string or null", "With `list`: its address."),
        ("functions[].until", "string or null", "When it goes."),
        ("functions[].owner", "string or null", "Who has pushed it last."),
        ("functions[].outcome", "string", "`unchanged`, `deleted`, `absent` or `failed`."),
        ("functions[].error", "object or null", "What failed for this function."),
      ]),
    document(
      "sandbox",
      [
        ("endpoint", "string", "Its URL."), ("region", "string", "Its region."),
        ("speed", "number", "How fast its time runs."),
        ("apis", "object", "The addresses of its HTTP APIs, by name."),
        ("variables", "object", "What any AWS client needs."),
      ]
    ),
    document(
      "schema",
      [
        (
          "jsonSchema", "object",
          "The JSON Schema of `lamctl.json`; without `--json` it is all that is printed."
        )
      ]),
    document(
      "completions",
      [
        ("shell", "string", "The shell."), ("script", "string", "Its script."),
        ("words[]", "list of strings", "With `--words`."),
      ]
    ),
    document(
      "version",
      [
        ("version", "string", "lamctl's."), ("commit", "string or null", "What it was built of."),
        ("swift", "string", "The compiler's."),
        ("platform", "string", "System and processor."), ("configuration", "string", "`release` or `debug`."),
      ]
    ),
    document(
      "help",
      [
        (
          "commands[]", "list",
          "`name`, `summary`, `usage`, `parameters` (`name`, `synopsis`, `help`, `variable`, `choices`, `repeats`)."
        )
      ]
    ),
  ]
}
