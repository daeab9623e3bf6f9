internal import Core
internal import Release

/// What a deploy would do about what it finds, in words and as JSON.
enum CourseText {
  /// A line for each step that is not the release itself, which the table shows.
  static func lines(_ course: Course) -> [String] { course.steps.compactMap(line) }

  private static func line(_ step: Course.Step) -> String? {
    switch step {
    case .refuse(let error):
      return "Deploy would refuse: \(error)" + (error.fix.map { "; \($0)" } ?? "")
    case .wait(let function, let until):
      let owner = function.unfinished?.record.owner?.description ?? "another run"
      return
        "Deploy would watch whether \(owner) lives, which holds the lease of \(function.input.function) until "
        + "\(until.iso8601), and end with 12 if it does."
    case .finishFirst(let release, let functions):
      return "Deploy would first bring release \(release) to its end, which is decided: \(names(functions))."
    case .endFirst(let release, let functions, _):
      return
        "Deploy would first take release \(release) back, a part of which was taken back already: \(names(functions))."
    case .override(let function, let move):
      return "\(function.input.function): \(move.words); deploy would release over it."
    case .leave(let function, let move):
      let name = function.input.function
      return "\(name): \(move.words); deploy would leave it as it is: \(move.remedy(function: name))."
    case .keepHeld(let release, let functions):
      return
        "Deploy would leave release \(release) held, which waits for a person (pause): \(names(functions)). "
        + "lamctl promote lets it go on, lamctl abort takes it back."
    case .abandon, .goOn, .replace, .update, .begin: return nil
    }
  }

  private static func names(_ functions: [FunctionPlan]) -> String {
    functions.map(\.input.function).joined(separator: ", ")
  }

  /// Each step as an object with `step`, and what it is about.
  static func json(_ course: Course) -> JSON { .array(course.steps.map(json)) }

  private static func json(_ step: Course.Step) -> JSON {
    func entry(_ word: String, _ functions: [FunctionPlan], _ more: [(String, JSON)] = []) -> JSON {
      .object(
        JSONObject(
          [("step", .string(word)), ("functions", .array(functions.map { .string($0.input.function) }))]
            + more))
    }
    switch step {
    case .refuse(let error): return ["step": "refuse", "error": Failure(error).json]
    case .wait(let function, let until): return entry("wait", [function], [("until", .string(until.iso8601))])
    case .finishFirst(let release, let functions):
      return entry("finishFirst", functions, [("release", .string(release.description))])
    case .endFirst(let release, let functions, let reason):
      return entry(
        "endFirst", functions,
        [("release", .string(release.description)), ("reason", .string(reason.word))])
    case .abandon(let functions): return entry("abandon", functions)
    case .override(let function, let move):
      return entry(
        "override", [function],
        [
          ("from", .string(move.from)), ("to", .string(move.to)),
          ("release", .string(move.release.description)),
        ])
    case .leave(let function, let move):
      return entry(
        "leave", [function],
        [
          ("from", .string(move.from)), ("to", .string(move.to)),
          ("release", .string(move.release.description)),
        ])
    case .keepHeld(let release, let functions):
      return entry("keepHeld", functions, [("release", .string(release.description))])
    case .goOn(let release, let functions):
      return entry("goOn", functions, [("release", .string(release.description))])
    case .replace(let function, let version):
      return entry("replace", [function], [("version", .string(version))])
    case .update(let functions): return entry("update", functions)
    case .begin(let functions): return entry("begin", functions)
    }
  }
}
