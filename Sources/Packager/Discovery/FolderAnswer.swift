internal import Core

/// A question about folders, asked for every file: files of one folder stand together, so that it is answered once for
/// all of a stretch.
struct FolderAnswer {
  private let ask: (RepositoryPath) -> Bool
  private var last: (folder: RepositoryPath, answer: Bool)?

  init(_ ask: @escaping (RepositoryPath) -> Bool) {
    self.ask = ask
  }

  /// The answer for `folder`.
  mutating func callAsFunction(_ folder: RepositoryPath) -> Bool {
    if let last, last.folder == folder { return last.answer }
    let answer = ask(folder)
    last = (folder, answer)
    return answer
  }
}
