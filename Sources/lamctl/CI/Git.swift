internal import Core
internal import Glibc

/// The one place that starts git.
///
/// A repository may come from a stranger, and its configuration can make git run programs: `core.fsmonitor`, hooks, filters,
/// textconv and external diff drivers, pagers, aliases, credential helpers, ssh commands, and that of every repository nested in it.
/// So git never sees that configuration. It gets a folder of its own that is made for one call: HEAD, the index and the
/// objects of the repository, and of its configuration the few plain values that say how its files compare. What the
/// user's own configuration says holds; the environment is that of ``ChildEnvironment/git(_:)``.
struct Git: Sendable {
  /// Absolute path of the work tree's top.
  let workTree: String
  let store: GitStore
  /// This process's environment.
  let environment: [String: String]

  /// How git ended, and whether it printed anything to standard output.
  struct Outcome: Sendable {
    let exit: ChildProcess.Exit
    let hasOutput: Bool
  }

  /// Runs one command of git; nil when git is missing, or when what it needs of the repository cannot be read.
  ///
  /// - Parameter folder: where it runs, inside the work tree.
  func run(_ arguments: [String], in folder: String, limit: TimeSpan) async -> Outcome? {
    // References in a format that only git reads: without them there is nothing to compare with.
    guard store.text("HEAD") != "ref: refs/heads/.invalid" else { return nil }
    guard let own = try? Files.makeTemporaryFolder(prefix: "lamctl-git") else { return nil }
    defer { try? Files.remove(own) }
    do throws(SystemError) {
      try prepare(own)
    } catch {
      return nil
    }
    let settings = await plainSettings(own)
    let hardening = [
      "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.untrackedCache=false", "core.pager=cat",
      "safe.bareRepository=explicit", "submodule.recurse=false",
    ]
    let command =
      ["git", "--no-pager", "--git-dir=\(own)", "--work-tree=\(workTree)"]
      + (hardening + settings).flatMap { ["-c", $0] } + arguments
    return await start(command, in: folder, limit: limit)
  }

  private func start(_ command: [String], in folder: String, limit: TimeSpan) async -> Outcome? {
    let variables = ChildEnvironment.git(environment).variables.merging([
      "GIT_OBJECT_DIRECTORY": "\(store.common)/objects", "GIT_INDEX_FILE": "\(store.folder)/index",
    ]) { $1 }
    let hasOutput = Lock(false)
    let specification = ChildProcess.Specification(
      arguments: command, environment: .exactly(variables), folder: folder, timeout: limit)
    let exit = try? await ChildProcess.run(specification) { stream, _ in
      if stream == .output { hasOutput.withLock { $0 = true } }
    }
    return exit.map { Outcome(exit: $0, hasOutput: hasOutput.withLock { $0 }) }
  }

  /// Makes the folder that stands for the repository's own.
  private func prepare(_ own: String) throws(SystemError) {
    let commit = store.commit(of: "HEAD")
    // A format of 1 for the newer hash function, which the length of an id tells.
    let format = commit?.utf8.count == 64 ? "1\n[extensions]\n\tobjectformat = sha256" : "0"
    let files = [
      ("HEAD", commit ?? "ref: refs/heads/unborn"),
      ("config", "[core]\n\tbare = false\n\trepositoryformatversion = \(format)"),
    ]
    for folder in ["refs", "objects", "info"] { try Files.createFolder("\(own)/\(folder)") }
    for (name, text) in files { try Files.writeAtomically(Array((text + "\n").utf8), to: "\(own)/\(name)") }
    // Ignore rules of this clone alone, and the commits at which a shallow one ends.
    for name in ["info/exclude", "shallow"] {
      guard let bytes = try? Files.read("\(store.common)/\(name)", limit: 1 << 20) else { continue }
      try Files.writeAtomically(bytes, to: "\(own)/\(name)")
    }
    // The other half of an index that is split.
    for name in (try? Files.names(in: store.folder)) ?? [] where name.hasPrefix("sharedindex.") {
      symlink("\(store.folder)/\(name)", "\(own)/\(name)")
    }
  }

  /// Settings of the repository that say how files compare, if they are plain words: none of them can run anything.
  private func plainSettings(_ own: String) async -> [String] {
    guard let config = try? Files.read("\(store.common)/config", limit: 1 << 20),
      (try? Files.writeAtomically(config, to: "\(own)/foreign")) != nil
    else { return [] }
    let names = "filemode|symlinks|ignorecase|autocrlf|eol|precomposeunicode|trustctime|checkstat"
    let found = Lock<[String]>([])
    // Reading a file's settings runs nothing, and without includes it reads nothing else.
    let question = ChildProcess.Specification(
      arguments: [
        "git", "config", "--file", "\(own)/foreign", "--no-includes", "--get-regexp", "^core\\.(\(names))$",
      ],
      environment: .git(environment), folder: own, timeout: .seconds(5))
    _ = try? await ChildProcess.run(question) { stream, line in
      let halves = line.split(separator: " ").map(String.init)
      let isPlain = halves.count == 2 && halves[1].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
      if stream == .output, isPlain { found.withLock { $0.append(halves.joined(separator: "=")) } }
    }
    return found.withLock { $0 }
  }
}
