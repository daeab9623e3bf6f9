internal import Core
import Glibc

/// The versions of the programs that build units, each asked once a run.
package actor ToolVersions {
  private let environment: [String: String]
  private var known: [[String]: String] = [:]
  private let asks: Bool

  /// Asks programs in the `PATH` of `environment`.
  package init(environment: [String: String]) {
    self.environment = environment
    asks = true
  }

  /// No versions: for who compares with what another machine has built, and runs nothing.
  package init() {
    environment = [:]
    asks = false
  }

  /// Versions that are given, for programs that are not to be run.
  package init(known: [[String]: String]) {
    environment = [:]
    asks = true
    self.known = known
  }

  /// Programs that answer `--version` quickly and do nothing else with it.
  private static let askable = Set(Languages.all.flatMap(\.buildPrograms)).union([
    "cargo", "clang", "dotnet", "gcc", "go", "gradle", "java", "make", "mvn", "swift",
  ])

  /// The programs that install what `build` asks for and make its package; `root` is the absolute path of the repository.
  ///
  /// - Parameter index: the look at the repository, where there was one.
  static func tools(for build: UnitBuild, root: String, index: RepositoryIndex? = nil) -> [BuildTool] {
    guard build.command == nil, !build.isPrebuilt, let language = Languages.of(build) else { return [] }
    let unit = "\(root)/\(build.unit)"
    let mayNeed = index?.mayNeed(language, in: build.unit) ?? true
    return (mayNeed ? language.installTools(for: build, unit: unit) : [])
      + language.compileTools(for: build, unit: unit)
  }

  /// The versions that count as inputs of `build`: interpreters as major.minor, others in full.
  ///
  /// - Parameter tools: those of ``tools(for:root:index:)``.
  func versions(for build: UnitBuild, _ tools: [BuildTool]) async -> DigestItems {
    var items: DigestItems = [:]
    guard asks else { return items }
    if let program = build.command?.first {
      let name =
        program.utf8.lastIndex(of: UInt8(ascii: "/")).map {
          String(program[program.utf8.index(after: $0)...])
        } ?? program
      if Self.askable.contains(name) {
        items[name] = await version(of: [program, name == "go" ? "version" : "--version"])
      }
      return items
    }
    for tool in tools {
      if let better = tool.insteadOf {
        guard items[better] == "absent" else { continue }
        items[better] = nil
      }
      let version = await version(of: tool.command)
      items[tool.name] =
        tool.countsMinorOnly ? version.split(separator: ".").prefix(2).joined(separator: ".") : version
    }
    return items
  }

  /// The first word of the answer that begins with a digit; `absent` when the program cannot be run.
  private func version(of arguments: [String]) async -> String {
    if let version = known[arguments] { return version }
    let lines = Lock<[String]>([])
    let exit = try? await ChildProcess.run(
      ChildProcess.Specification(
        arguments: arguments, environment: .build(environment), timeout: .seconds(20))
    ) { _, line in
      lines.withLock { $0.append(line) }
    }
    let words = lines.withLock { $0 }.joined(separator: " ").split(separator: " ")
    let digits = words.lazy.map { $0.drop { !$0.isNumber } }.first {
      $0.first?.isNumber == true && $0.contains(".")
    }
    let version = exit?.isSuccess == true ? digits.map(String.init) ?? "unknown" : "absent"
    known[arguments] = version
    return version
  }
}
