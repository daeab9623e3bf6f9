import Core
import Glibc
import TestSupport
import Testing

/// A repository in a temporary folder, driven by the real git.
struct Repository {
  let folder: TemporaryFolder
  var path: String { folder.path + "/shop" }
  let environment: [String: String]

  init() async throws {
    folder = try TemporaryFolder()
    try Files.createFolder(folder.path + "/shop")
    let search = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    environment = [
      "PATH": search, "HOME": folder.path, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "A",
      "GIT_AUTHOR_EMAIL": "a@b",
      "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@b",
    ]
    try await git(["init", "-q", "-b", "main"])
  }

  @discardableResult
  func git(_ arguments: [String], in place: String? = nil) async throws -> String {
    let lines = Lock<[String]>([])
    let exit = try await ChildProcess.run(
      .init(arguments: ["git"] + arguments, environment: .exactly(environment), folder: place ?? path)
    ) { _, line in lines.withLock { $0.append(line) } }
    let text = lines.withLock { $0.joined(separator: "\n") }
    try #require(exit.isSuccess, "git \(arguments): \(text)")
    return text
  }

  func commit(_ name: String = "a") async throws -> String {
    try folder.write("shop/" + name, name)
    try await git(["add", "."])
    try await git(["commit", "-q", "-m", name])
    return try await git(["rev-parse", "HEAD"])
  }
}
