extension DocumentCatalogue {
  /// The lines of `--events`, by the word in `event`.
  static let events: [(event: String, fields: String, meaning: String)] = [
    (
      "phase", "`phase`: `building`, `uploading` (`bytes`), `configuring`, `waiting`, `publishing`",
      "What is being done."
    ),
    ("release", "`release`", "The release has a name."), ("built", "`pkg`", "A package is there."),
    ("identical", "`version`", "It is what a version has already."),
    ("published", "`version`, `wasThere`", "There is a version."),
    ("candidate", "`fromVersion`, `toVersion`, `codeSha256`", "What is to be released."),
    ("serves", "`weights`", "What serves, as it was read."),
    ("leaseWatched", "`owner`, `until`", "Another run holds the function; whether it lives is watched."),
    (
      "driven", "`owner`, `until`", "Another run drives the function's rollout, and this one leaves it alone."
    ),
    (
      "resumed", "`step`, `steps`, `weight`",
      "A rollout goes on that another run has left; weight 1 is its bake."
    ),
    ("shifted", "`version`, `weight`, `step`, `steps`, `until`", "A step begins."),
    ("baking", "`version`, `until`", "All traffic is new, rollback stays armed."),
    ("observed", "`verdict`", "A look at the metrics."), ("judged", "`verdict`", "A verdict on a function."),
    ("judgedRelease", "`verdict`", "A verdict on the release."),
    ("promoted", "`version`", "It has its traffic for good."),
    ("rolledBack", "`fromVersion`, `toVersion`", "The traffic is back."),
    ("verified", "", "The alias was read back and is right."),
    ("explained", "`errors`", "What the version that was taken back has logged."),
    ("held", "`reason`", "It waits for a person."),
    ("failed", "`error`", "It failed."), ("ended", "`outcome`", "A function has ended."),
    ("abandoned", "", "A rollout was ended that nobody wants any more."),
    ("concluded", "`outcome`", "The release has ended."), ("interrupted", "", "A signal has come."),
    ("warning", "`text`", "What does not change the result."),
    ("note", "`text`", "What is worth knowing."),
    (
      "end", "`outcome`, `exitCode`, `release`, `error`",
      "The last line, whatever the way out. Nothing follows it."
    ),
  ]
}
