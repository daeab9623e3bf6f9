internal import Core

extension Java {
  func compileTools(for build: UnitBuild, unit: String) -> [BuildTool] {
    switch JavaBuild(build: build, root: build.root(of: unit))?.tool {
    case .maven(let reactor):
      let program = JavaBuild.program("mvn", wrapper: "mvnw", from: reactor, root: build.root(of: unit))
      return [BuildTool(name: "maven", command: [program, "--version"]), Self.virtualMachine]
    case .gradle(let project):
      let program = JavaBuild.program("gradle", wrapper: "gradlew", from: project, root: build.root(of: unit))
      return [BuildTool(name: "gradle", command: [program, "--version"]), Self.virtualMachine]
    case nil: return []
    }
  }

  private static let virtualMachine = BuildTool(
    name: "java", command: ["java", "--version"], countsMinorOnly: true)

  func compiler(of build: UnitBuild, root: String) -> (any Compiler)? { JavaBuild(build: build, root: root) }
}

/// A module of Maven or a project of Gradle, with its classes at the package's top and what it needs in `lib/`.
struct JavaBuild: Compiler {
  /// What builds it, from which folder of the repository.
  enum BuildSystem: Hashable, Sendable {
    case maven(reactor: RepositoryPath)
    case gradle(project: RepositoryPath)
  }

  let build: UnitBuild
  let tool: BuildSystem

  private static let longestManifest = 4 << 20

  /// Nil where neither a `pom.xml` nor a `build.gradle` is.
  init?(build: UnitBuild, root: String) {
    self.build = build
    let exists = { (folder: RepositoryPath, name: String) in
      Files.exists(folder.appending(name).absolute(in: root))
    }
    if exists(build.unit, "pom.xml") {
      tool = .maven(reactor: Self.reactor(of: build.unit, root: root))
    } else if exists(build.unit, "build.gradle") || exists(build.unit, "build.gradle.kts") {
      var folder = build.unit
      while !folder.isRoot, !exists(folder, "settings.gradle"), !exists(folder, "settings.gradle.kts") {
        folder = folder.parent
      }
      let isFound = exists(folder, "settings.gradle") || exists(folder, "settings.gradle.kts")
      tool = .gradle(project: isFound ? folder : build.unit)
    } else {
      return nil
    }
  }

  /// The uppermost folder whose modules lead to `unit`.
  private static func reactor(of unit: RepositoryPath, root: String) -> RepositoryPath {
    var top = unit
    while !top.isRoot {
      var folder = top.parent
      var found: RepositoryPath?
      while true {
        let module = "<module>\(top.relative(to: folder).text)</module>"
        let file = folder.appending("pom.xml").absolute(in: root)
        if let bytes = try? Files.read(file, limit: longestManifest),
          String(decoding: bytes, as: UTF8.self).filter({ !$0.isWhitespace }).contains(module)
        {
          found = folder
          break
        }
        if folder.isRoot { break }
        folder = folder.parent
      }
      guard let found else { return top }
      top = found
    }
    return top
  }

  /// The repository's own wrapper, or the program on `PATH`.
  static func program(
    _ name: String, wrapper: String, from folder: RepositoryPath, root: String
  ) -> String {
    let path = folder.appending(wrapper).absolute(in: root)
    return Files.exists(path) ? path : name
  }

  private var libraries: String { "lib" }

  func steps(in place: BuildPlace) throws(PackagerError) -> [BuildStep] {
    let advice = "install Maven or Gradle, or set \"build\" and \"output\""
    switch tool {
    case .maven(let reactor):
      let module = build.unit == reactor ? "." : build.unit.relative(to: reactor).text
      let copies =
        isShaded(in: place)
        ? []
        : [
          "dependency:copy-dependencies", "-DincludeScope=runtime",
          "-DoutputDirectory=\(place.target)/\(libraries)",
        ]
      return [
        BuildStep(
          arguments: [
            Self.program("mvn", wrapper: "mvnw", from: reactor, root: place.root), "-B", "-q", "-DskipTests",
            "-Dproject.build.outputTimestamp=1980-01-01T00:00:02Z", "-pl", module, "-am", "package",
          ] + copies, folder: reactor.absolute(in: place.root), advice: advice)
      ]
    case .gradle(let project):
      let script = place.target + ".gradle"
      try system { () throws(SystemError) in try Files.writeAtomically(Array(Self.script.utf8), to: script) }
      let parts = build.unit.relative(to: project).components
      let task = (parts.isEmpty ? "" : ":" + parts.joined(separator: ":")) + ":lamctlPackage"
      return [
        BuildStep(
          arguments: [
            Self.program("gradle", wrapper: "gradlew", from: project, root: place.root), "-q",
            "--console=plain",
            "--init-script", script, "-PlamctlTarget=\(place.target)", task,
          ], folder: project.absolute(in: place.root), advice: advice)
      ]
    }
  }

  /// Whether the module's jar brings all that it needs.
  private func isShaded(in place: BuildPlace) -> Bool {
    let text = String(
      decoding: (try? Files.read("\(place.unit)/pom.xml", limit: Self.longestManifest)) ?? [], as: UTF8.self)
    return text.contains("maven-shade-plugin") || text.contains("maven-assembly-plugin")
  }

  /// Copies the classes, the resources and what is needed to run.
  private static let script = """
    allprojects {
      afterEvaluate { project ->
        if (project.plugins.hasPlugin('java')) {
          project.tasks.withType(AbstractArchiveTask).configureEach {
            preserveFileTimestamps = false
            reproducibleFileOrder = true
          }
          project.tasks.register('lamctlPackage', Copy) {
            from project.sourceSets.main.output
            into project.findProperty('lamctlTarget')
            from(project.configurations.runtimeClasspath) { into 'lib' }
          }
        }
      }
    }

    """

  func result(in place: BuildPlace) throws(PackagerError) -> PackageTree {
    var sources = try PackageTree.made(in: place.target)
    if case .maven = tool {
      if isShaded(in: place) {
        sources += try shadedJar(in: place)
      } else {
        sources += try PackageTree.made(in: "\(place.unit)/target/classes")
      }
    }
    guard !sources.isEmpty else {
      throw .build(unit: build.unit, reason: "the build made no class", output: [])
    }
    return try PackageTree(sources, boundary: [place.root, place.target])
  }

  /// The largest jar that the module made, which has what the others have.
  private func shadedJar(in place: BuildPlace) throws(PackagerError) -> [PackageTree.Source] {
    let folder = "\(place.unit)/target"
    let names = ((try? Files.names(in: folder)) ?? []).filter { name in
      name.hasSuffix(".jar")
        && !["-sources.jar", "-javadoc.jar", "-tests.jar"].contains(where: name.hasSuffix)
        && !name.hasPrefix("original-")
    }
    let sized = try system { () throws(SystemError) in
      try names.map { name throws(SystemError) in (name, try RegularFile("\(folder)/\(name)").status.size) }
    }
    guard let largest = sized.max(by: { ($0.1, $1.0) < ($1.1, $0.0) }) else { return [] }
    let path = RepositoryPath.root.appending(libraries).appending(largest.0)
    return [PackageTree.Source(path: path, file: "\(folder)/\(largest.0)", kind: .file, rule: nil)]
  }
}
