internal import Core

extension Go {
  func compileTools(for build: UnitBuild, unit: String) -> [BuildTool] {
    [BuildTool(name: "go", command: ["go", "version"])]
  }

  func compiler(of build: UnitBuild, root: String) -> (any Compiler)? { GoBuild(build: build) }
}

/// A Go program, built as `bootstrap` where its module lies.
struct GoBuild: Compiler {
  let build: UnitBuild

  private var variables: [String: String] {
    ["GOOS": "linux", "GOARCH": build.architecture == "arm64" ? "arm64" : "amd64", "CGO_ENABLED": "0"]
  }

  /// The sources and embedded files of every package that the program is made of.
  func readFiles(in place: BuildPlace) -> ReadFiles {
    let files = ["GoFiles", "SFiles", "HFiles", "EmbedFiles"].map { kind in
      "{{range .\(kind)}}{{$dir}}/{{.}}\n{{end}}"
    }
    let format = "{{if not .Standard}}{{$dir := .Dir}}\(files.joined()){{end}}"
    return .told(
      by: BuildStep(
        arguments: [
          "go", "list", "-deps", "-buildvcs=false", "-tags", "lambda.norpc", "-f", format,
          build.target ?? ".",
        ], folder: build.project.absolute(in: place.root), variables: variables))
  }

  func steps(in place: BuildPlace) -> [BuildStep] {
    [
      BuildStep(
        arguments: [
          "go", "build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", "-ldflags", "-s -w", "-o",
          "\(place.target)/bootstrap", build.target ?? ".",
        ], folder: build.project.absolute(in: place.root),
        variables: variables, advice: "install Go, or set \"build\" and \"output\"")
    ]
  }

  func result(in place: BuildPlace) throws(PackagerError) -> PackageTree {
    try PackageTree(PackageTree.made(in: place.target), boundary: [place.target])
  }
}
