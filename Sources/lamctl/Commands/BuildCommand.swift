internal import Packager

/// Options of `lamctl build`.
struct BuildCommand: Command {
  var globals = GlobalOptions()
  /// The environment whose settings hold; nil for the default one.
  var environment: String?
  /// Which functions are built; all where none is named.
  var only: [String] = []
  /// Where the packages go; nil for `.lamctl/artifacts`.
  var to: ArtifactPlace?
  /// Which share of the units is built here; nil for all.
  var shard: Shard?

  static let name = "build"
  static let summary = "Build and package every function; 'deploy --artifacts' releases that later"

  static func operations(_ needs: PolicyNeeds) -> [Operation] { Operation.building(needs) }

  static var parameters: [Parameter<BuildCommand>] {
    [
      .environment(\.environment), .only(\.only),
      .option(
        "to", "DIR|s3://…", \.to, "Where packages and their index go (default: .lamctl/artifacts)"),
      .option(
        "shard", "K/N", \.shard,
        "Build share K of N, on the Kth of N machines; each unit is in exactly one of them"),
    ]
  }

  static let examples = [
    Example("lamctl build --to dist", "All packages, into the folder dist"),
    Example(
      "lamctl build --shard 2/3 --to s3://shop-builds/main", "The second of three machines of a CI matrix"),
  ]
}
