internal import AWSClient
internal import Core
internal import Packager

extension InitCommand {
  /// The word after `--from` for the functions that AWS has.
  static let live = "live"

  /// The files for the functions in AWS that the repository holds the sources of. AWS is only read.
  func liveProposal(in context: Context) async throws -> Proposal {
    try await Session.with(globals, environment: environment, need: .definitions, in: context) { session in
      let functions = try await session.liveFunctions(glob)
      var proposal = try Proposal(live: functions, in: session.workspace)
      proposal.region = session.aws.region
      return proposal
    }
  }
}
