internal import Core

/// What looks like a handler where none is looked for: beside the folders that `lamctl.json` lists, in folders of tests,
/// and in those that hold something else by their names.
///
/// It is read for explanations alone: what nobody looks for costs nothing.
struct UnseenHandlers {
  private let survey: Survey
  private let patterns: PatternSet?
  private let units: Set<RepositoryPath>

  init(_ survey: Survey, _ config: WorkspaceConfig) {
    self.survey = survey
    patterns = config.functionPatterns.map { PatternSet($0) }
    units = Set(survey.functions.map(\.unit))
  }

  /// The files, with the reason of each.
  var passedOver: [PassedOver] {
    var isMeant = FolderAnswer { folder in reason(folder) != nil }
    let files = survey.index.files.filter { isMeant($0.parent) || isAside($0) }
    var search = Candidates(index: survey.index, mentions: Mentions(index: survey.index))
    return search.found(in: files, all: true).map { candidate in
      PassedOver(
        path: candidate.file,
        reason: reason(candidate.file.parent) ?? "is a test, or a tool's, by its name")
    }
  }

  private func isAside(_ file: RepositoryPath) -> Bool {
    Languages.of(file: file)?.isAside(file) == true && Narrowing.entersAll(of: file.parent)
      && !Self.isBelow(file.parent, survey.shared)
  }

  /// Why a folder is not looked into; nil where it is, or where nothing in it could be a function.
  private func reason(_ folder: RepositoryPath) -> String? {
    guard !Self.isBelow(folder, survey.shared) else { return nil }
    guard Narrowing.entersAll(of: folder) else {
      return Narrowing.testFolder(above: folder).map {
        "lies in a folder '\($0)', where no function is looked for"
      }
    }
    guard !Self.isBelow(folder, units) else { return nil }
    if let patterns {
      return patterns.excludes(folder)
        ? nil : "looks like a handler, and its folder matches no pattern of \"functions\" in lamctl.json"
    }
    guard !Narrowing.mayHoldHandlers(folder) else { return nil }
    return "lies in a folder that holds something else by its name: if it is one, give it a function.json"
  }

  private static func isBelow(_ folder: RepositoryPath, _ units: Set<RepositoryPath>) -> Bool {
    units.contains { $0.contains(folder) }
  }
}
