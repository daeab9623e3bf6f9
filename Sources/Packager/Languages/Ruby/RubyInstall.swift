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
    return .install(RubyInstall(build: build, root: build.root(of: unit)))
  }

  /// Gems that the lock takes from folders of the repository.
  func localPackages(in folder: RepositoryPath, root: String) -> [RepositoryPath] {
    let lock = folder.appending("Gemfile.lock").absolute(in: root)
    guard let bytes = try? Files.read(lock, limit: LockFormat.longest) else { return [] }
    return GemfileLock.localFolders(bytes).compactMap { folder.resolving($0) }.filter {
      $0 != folder && Files.isFolder($0.absolute(in: root))
    }
  }

  private static func names(gems bytes: [UInt8]) -> Bool {
    bytes.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }).contains { line in
      let text = line.drop { $0 <= 0x20 }
      // `gemspec` takes those that the unit's own gem needs.
      return text.starts(with: "gem ".utf8) || text.starts(with: "gemspec".utf8)
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
  /// The gems of the repository that the lock names, from its root.
  private let localGems: [RepositoryPath]
  /// Whether the unit is a gem itself, whose specification may read any of its files.
  private let isGem: Bool

  init(build: UnitBuild, root: String) {
    self.build = build
    localGems = Ruby().localPackages(in: build.unit, root: root)
    let lock = try? Files.read(
      build.unit.appending("Gemfile.lock").absolute(in: root), limit: LockFormat.longest)
    isGem = GemfileLock.localFolders(lock ?? []).contains { build.unit.resolving($0) == build.unit }
  }

  var settings: [String] { [] }

  func needs(_ path: RepositoryPath) -> Bool {
    path.hasSuffix(".gemspec") || (isGem && build.unit.contains(path))
      || (path.parent == build.unit && ["Gemfile", "Gemfile.lock", ".ruby-version"].contains(path.name))
      || path.relative(to: build.unit).components.first == "vendor"
      || localGems.contains { $0.contains(path) }
  }

  func replaces(_ path: RepositoryPath) -> Bool {
    path.components.starts(with: ["vendor", "bundle"]) || path.components.first == ".bundle"
  }

  func steps(in place: BuildPlace) -> [BuildStep] {
    let variables = [
      "BUNDLE_DEPLOYMENT": "true", "BUNDLE_FROZEN": "true", "BUNDLE_PATH": "vendor/bundle",
      "BUNDLE_WITHOUT": "development:test", "BUNDLE_APP_CONFIG": place.target,
      "BUNDLE_SILENCE_ROOT_WARNING": "true",
    ]
    let install = BuildStep(
      arguments: ["bundle", "install", "--quiet", "--jobs", "2"], folder: place.unit, variables: variables,
      advice: "install Ruby with bundler, or set \"build\" and \"output\"")
    guard !localGems.isEmpty else { return [install] }
    // Bundler leaves them where they lie, and the runtime looks for installed gems only.
    let folders = localGems.map { $0.absolute(in: place.root) }
    return [
      install,
      BuildStep(
        arguments: ["bundle", "exec", "ruby", "-e", Self.script, local(place)] + folders, folder: place.unit,
        variables: variables),
    ]
  }

  /// Where the gems of the repository come to lie as if they were installed.
  private func local(_ place: BuildPlace) -> String { place.target + ".gems" }

  /// Does for gems in folders what installing does for those in archives: of what lies there, for what bundler takes for
  /// the groups that are installed. Their lists of files often come from git, which knows nothing of a copy: a gem has all
  /// that is in its folder.
  private static let script = """
    require "fileutils"
    target, *folders = ARGV
    FileUtils.mkdir_p(["#{target}/gems", "#{target}/specifications"])
    folders.map! { |folder| File.realpath(folder) }
    Bundler.definition.requested_specs.sort_by(&:name).each do |wanted|
      next if !wanted.source.is_a?(Bundler::Source::Path) || wanted.source.is_a?(Bundler::Source::Git)
      file = wanted.loaded_from
      abort "#{wanted.name} has no gemspec in its folder: write one" unless File.file?(file)
      folder = File.realpath(File.dirname(file))
      next if folders.none? { |outer| "#{folder}/".start_with?("#{outer}/") }
      spec = Dir.chdir(folder) { Gem::Specification.load(File.basename(file)) }
      abort "#{File.basename(file)} cannot be read" unless spec
      unless spec.extensions.empty?
        abort "#{spec.name} is to be compiled, which is done for gems in archives only: build it as a gem of its own"
      end
      spec.date = "1980-01-02"
      home = "#{target}/gems/#{spec.full_name}"
      FileUtils.mkdir_p(home)
      FileUtils.cp_r("#{folder}/.", home)
      File.write("#{target}/specifications/#{spec.full_name}.gemspec", spec.to_ruby)
    end
    """

  /// `3.3` of `ruby3.3`.
  private var version: String { (build.runtime ?? "").filter { $0.isNumber || $0 == "." } }

  func result(in place: BuildPlace) throws(PackagerError) -> PackageTree {
    let folder = "\(place.unit)/vendor/bundle/ruby"
    let prefix = RepositoryPath.root.appending("vendor/bundle/ruby/\(version).0")
    var sources = try PackageTree.made(in: local(place), at: prefix)
    if let host = ((try? Files.names(in: folder)) ?? []).first {
      let left: Set<String> = ["cache", "doc", "build_info", "bin", "plugins"]
      let installed = try PackageTree.made(in: "\(folder)/\(host)", at: prefix) { path in
        path.components.first.map { !left.contains($0) } ?? false && !path.hasSuffix("/gem_make.out")
          && !path.hasSuffix("/mkmf.log")
      }
      // What is compiled is for the interpreter that compiled it.
      if host != "\(version).0", let native = installed.first(where: { $0.path.hasSuffix(".so") }) {
        throw .inputs(
          unit: build.unit,
          reason:
            "\(native.path.name) is compiled for Ruby \(host), and \(build.runtime ?? "the runtime") has \(version)",
          fix:
            "put ruby \(version) on PATH, or build in a container of the runtime with \"build\" and \"output\""
        )
      }
      sources += installed.filter { $0.kind != .emptyFolder }
    }
    return try PackageTree(sources, boundary: [place.root, place.target + ".gems"])
  }
}
