/// Options of `lamctl judge`.
struct JudgeCommand: Command {
  var globals = GlobalOptions()
  /// A file of evidence, or `-` for stdin.
  var input: String?

  static let name = "judge"
  static let summary = "Give the verdict on evidence in a file, acting on nothing"

  static var parameters: [Parameter<JudgeCommand>] {
    [.option("input", "FILE|-", \.input, "The evidence (lamctl.evidence/1), or - for stdin")]
  }

  static let examples = [Example("lamctl judge --input evidence.json --json", "The verdict with its figures")]

  func validate() throws(UsageError) {
    guard input != nil else {
      throw UsageError(
        message: "judge has no evidence", fix: "name a file: --input FILE, or --input - for stdin")
    }
  }
}
