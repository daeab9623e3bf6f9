internal import Core

extension Ruby {
  func dependencies(of build: UnitBuild, unit: String) -> Dependencies {
    let gemfile = "\(unit)/Gemfile"
    guard let bytes = try? Files.read(gemfile, limit: 1 << 20), Self.names(gems: bytes) else {
      return .nothing
    }
    guard Files.exists("\(unit)/Gemfile.lock") else {
      return .refused(
        .inputs(
          unit: build.unit,
          reason: "\(build.unit.appending("Gemfile")) names gems, and no Gemfile.lock pins them",
          fix:
            "run 'bundle lock --add-platform x86_64-linux aarch64-linux' in \(build.unit) and commit the lock"
        ))
    }
    return .install(RubyInstall(build: build))
  }

  private static func names(gems bytes: [UInt8]) -> Bool {
    bytes.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }).contains { line in
      line.drop { $0 <= 0x20 }.starts(with: "gem ".utf8)
    }
  }

  func installTools(for build: UnitBuild, unit: String) -> [BuildTool] {
    guard case .install = dependencies(of: build, unit: unit) else { return [] }
    return [
      BuildTool(name: "bundler", command: ["bundle", "--version"]),
      BuildTool(name: "ruby", command: ["ruby", "--version"], countsMinorOnly: true),
    ]
  }
}

/// `Gemfile.lock` by bundler into `vendor/bundle`, where Lambda's runtime looks for gems.
struct RubyInstall: DependencyInstaller {
  let build: UnitBuild

  var settings: [String] { [] }

  func needs(_ path: RepositoryPath) -> Bool {
    path.hasSuffix(".gemspec")
      || (path.parent == build.unit && ["Gemfile", "Gemfile.lock", ".ruby-version"].contains(path.name))
      || path.relative(to: build.unit).components.first == "vendor"
  }

  func replaces(_ path: RepositoryPath) -> Bool {
    path.components.starts(with: ["vendor", "bundle"]) || path.components.first == ".bundle"
  }

  func steps(in place: BuildPlace) -> [BuildStep] {
    [
      BuildStep(
        arguments: ["bundle", "install", "--quiet", "--jobs", "2"], folder: place.unit,
        variables: [
          "BUNDLE_DEPLOYMENT": "true", "BUNDLE_FROZEN": "true", "BUNDLE_PATH": "vendor/bundle",
          "BUNDLE_WITHOUT": "development:test", "BUNDLE_APP_CONFIG": place.target,
        ], advice: "install Ruby with bundler, or set \"build\" and \"output\"")
    ]
  }

  /// `3.3` of `ruby3.3`.
  private var version: String { (build.runtime ?? "").filter { $0.isNumber || $0 == "." } }

  func result(in place: BuildPlace) throws(PackagerError) -> PackageTree {
    let folder = "\(place.unit)/vendor/bundle/ruby"
    guard let host = ((try? Files.names(in: folder)) ?? []).first else {
      return try PackageTree([], boundary: [])
    }
    let left: Set<String> = ["cache", "doc", "build_info", "bin", "plugins"]
    let prefix = RepositoryPath.root.appending("vendor/bundle/ruby/\(version).0")
    let sources = try PackageTree.made(in: "\(folder)/\(host)", at: prefix) { path in
      path.components.first.map { !left.contains($0) } ?? false && !path.hasSuffix("/gem_make.out")
        && !path.hasSuffix("/mkmf.log")
    }
    // What is compiled is for the interpreter that compiled it.
    if host != "\(version).0", let native = sources.first(where: { $0.path.hasSuffix(".so") }) {
      throw .inputs(
        unit: build.unit,
        reason:
          "\(native.path.name) is compiled for Ruby \(host), and \(build.runtime ?? "the runtime") has \(version)",
        fix:
          "put ruby \(version) on PATH, or build in a container of the runtime with \"build\" and \"output\"")
    }
    return try PackageTree(sources, boundary: [place.root])
  }
}
