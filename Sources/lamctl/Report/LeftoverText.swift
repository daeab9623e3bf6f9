internal import Core
internal import Release

/// What is said of something that was left behind, with the commands that would remove it.
enum LeftoverText {
  /// A sentence without its full stop.
  static func sentence(_ leftover: Leftover, alias: String) -> String {
    switch leftover {
    case .function(let name, let version, let commit):
      "\(name): lamctl released version \(version) of it to the alias \(alias)"
        + (commit.map { " (commit \($0))" } ?? "") + ", and no function of the repository is called so"
    case .alias(let name, let functions):
      "the alias \(name) of \(functions.joined(separator: ", ")) bears a record of lamctl, and no environment has it"
    }
  }

  /// The commands of the AWS CLI that would remove it: lamctl deletes nothing.
  static func commands(_ leftover: Leftover, region: String) -> [String] {
    switch leftover {
    case .function(let name, _, _):
      ["aws lambda delete-function --function-name \(name) --region \(region)"]
    case .alias(let alias, let functions):
      functions.map { "aws lambda delete-alias --function-name \($0) --name \(alias) --region \(region)" }
    }
  }

  static func json(_ leftover: Leftover, alias: String, region: String) -> JSON {
    let commands = commands(leftover, region: region)
    return ["text": .string(sentence(leftover, alias: alias)), "commands": .array(commands.map(JSON.string))]
  }
}
