internal import Core

extension DotNet {
  func compileTools(for build: UnitBuild, unit: String) -> [BuildTool] {
    [BuildTool(name: "dotnet", command: ["dotnet", "--version"])]
  }

  func compiler(of build: UnitBuild, root: String) -> (any Compiler)? { DotNetBuild(build: build) }
}

/// A .NET project, published for the function's processor.
struct DotNetBuild: Compiler {
  let build: UnitBuild

  func steps(in place: BuildPlace) -> [BuildStep] {
    let processor = build.architecture == "arm64" ? "linux-arm64" : "linux-x64"
    let locked = Files.exists("\(place.unit)/packages.lock.json") ? ["-p:RestoreLockedMode=true"] : []
    return [
      BuildStep(
        arguments: [
          "dotnet", "publish", build.target ?? ".", "-c", "Release", "-r", processor, "--self-contained",
          "false",
          "-o", place.target, "-p:ContinuousIntegrationBuild=true", "-p:Deterministic=true",
          "-p:GenerateRuntimeConfigurationFiles=true", "--nologo",
        ] + locked, folder: place.unit,
        variables: ["DOTNET_CLI_TELEMETRY_OPTOUT": "1", "DOTNET_NOLOGO": "1"],
        advice: "install the .NET SDK, or set \"build\" and \"output\"")
    ]
  }

  func result(in place: BuildPlace) throws(PackagerError) -> PackageTree {
    // Symbols for debuggers say where this machine keeps the sources.
    let sources = try PackageTree.made(in: place.target) { !$0.hasSuffix(".pdb") }
    guard !sources.isEmpty else {
      throw .build(unit: build.unit, reason: "dotnet published nothing", output: [])
    }
    return try PackageTree(sources, boundary: [place.target])
  }
}
