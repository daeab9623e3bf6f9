internal import Core
internal import Packager

extension InitCommand: RunnableCommand {
  /// Proposes the files and writes them where nothing stands in their place. AWS is asked for live functions alone.
  func run(in context: Context) async throws -> ExitCode {
    let workspace = try Workspace.open(
      root: context.folder, configPath: globals.config, environment: context.environment,
      secrets: context.secrets)
    var proposal =
      if from == Self.live { try await liveProposal(in: context) } else {
        try proposal(in: workspace, context)
      }
    proposal.environment = environment
    let (files, notes) = proposal.files()
    if !dryRun { try write(files, below: workspace.root, in: context) }
    report(files, notes, from: proposal.source, in: context)
    return .done
  }

  private func proposal(in workspace: Workspace, _ context: Context) throws -> Proposal {
    guard let from else { return try Proposal(discovering: workspace) }
    let absolute = from.utf8.first == UInt8(ascii: "/") ? from : "\(context.folder)/\(from)"
    let top = workspace.root + "/"
    guard absolute.utf8.starts(with: top.utf8),
      let path = RepositoryPath(String(Substring(absolute.utf8.dropFirst(top.utf8.count))))
    else {
      throw Failure(
        .usage, "--from: \(from.escaped) is not in the repository", fix: "copy it to \(workspace.root)")
    }
    return try ProposalReader.read(path, in: workspace)
  }

  /// Writes `files`, all or none: nothing that is there is overwritten.
  private func write(_ files: [Proposal.File], below root: String, in context: Context) throws {
    let existing = files.filter { Files.exists($0.path.absolute(in: root)) }
    guard existing.isEmpty else {
      let names = existing.map(\.path.description).joined(separator: " and ")
      throw Failure(
        .config, "\(names) \(existing.count == 1 ? "is" : "are") there already, and init overwrites nothing",
        fix: "compare with \(look), or move the old file away first")
    }
    if !yes {
      guard context.errorTerminal.isLive else {
        throw Failure(
          .usage, "init writes files only when somebody says yes",
          fix: "pass --yes, or --dry-run to look first")
      }
      let names = files.prefix(3).map(\.path.description).joined(separator: ", ")
      let rest = files.count > 3 ? " and \(files.count - 3) more" : ""
      guard context.asks("Write \(names)\(rest)?") else { throw Failure(.failed, "nothing was written") }
    }
    for file in files { try Files.writeAtomically(Array(file.text.utf8), to: file.path.absolute(in: root)) }
  }

  /// The command that shows the same files and writes none.
  private var look: String {
    let words =
      (from.map { ["--from", $0] } ?? []) + [glob].compactMap(\.self)
      + (environment == InitCommand().environment ? [] : ["--environment-name", environment]) + ["--dry-run"]
    return "lamctl init " + words.map(NextCommand.quoted).joined(separator: " ")
  }

  private func report(
    _ files: [Proposal.File], _ notes: [String], from source: String, in context: Context
  ) {
    if globals.json {
      context.printDocument([
        "schema": .string(Self.schema), "source": .string(source), "written": .bool(!dryRun),
        "files": .object(JSONObject(files.map { ($0.path.text, $0.json) })),
        "notCarriedOver": .array(notes.map(JSON.string)), "error": .null,
      ])
      return
    }
    for file in files {
      context.output.write(dryRun ? "\(file.path):\n\(file.text)\n" : "Wrote \(file.path)\n")
    }
    guard !notes.isEmpty else { return }
    context.errors.write("Not carried over:\n")
    for note in notes { context.errors.write("  \(note.escaped)\n") }
  }
}
