import Core
import Glibc
import TestSupport
import Testing

@testable import lamctl

@Suite("Where the summary of a run is shown")
struct RunPublisherTests {
  private static func publish(_ environment: [String: String], _ level: LogMarkup.Level) async -> World {
    var world = World()
    world.environment = environment
    await RunPublisher(globals: GlobalOptions(), context: world.context([]))
      .publish(summary: "### prod: promoted", of: "prod", level: level)
    return world
  }

  @Test(
    "Buildkite's agent gets it as an annotation, one an environment, in the colour of how it ended",
    arguments: [(LogMarkup.Level.notice, "success"), (.warning, "warning"), (.error, "error")])
  func buildkite(level: LogMarkup.Level, style: String) async throws {
    let folder = try TemporaryFolder()
    let agent = try folder.write(
      "buildkite-agent", "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$BUILDKITE_SEEN\"\n")
    try #require(chmod(agent, 0o755) == 0)
    let world = await Self.publish(
      [
        "BUILDKITE": "true", "BUILDKITE_SEEN": "\(folder.path)/seen", "PATH": "\(folder.path):/usr/bin:/bin",
      ], level)
    #expect(world.err.text == "")
    #expect(
      try folder.read("seen")
        == "annotate\n### prod: promoted\n--style\n\(style)\n--context\nlamctl-prod\n")
  }

  @Test("an agent that is not there is a warning, and no more")
  func withoutAgent() async throws {
    let folder = try TemporaryFolder()
    let world = await Self.publish(["BUILDKITE": "true", "PATH": folder.path], .notice)
    #expect(world.err.text.contains("the annotation of the build is not made"), "\(world.err.text)")
  }

  @Test("Azure Pipelines is told the file that it is in")
  func azure() async throws {
    let folder = try TemporaryFolder()
    let world = await Self.publish(["TF_BUILD": "True", "AGENT_TEMPDIRECTORY": folder.path], .notice)
    #expect(try folder.read("lamctl-prod.md") == "### prod: promoted")
    #expect(
      world.err.text.contains("##vso[task.uploadsummary]\(folder.path)/lamctl-prod.md"), "\(world.err.text)")
  }
}
