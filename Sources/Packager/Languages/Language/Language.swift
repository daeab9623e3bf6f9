internal import Core

/// A language whose functions lamctl finds, builds and checks.
///
/// What lamctl knows of one language stands in that language's folder, and ``Languages`` has a line for it. Most
/// requirements have an answer of their own for a language that has no such thing, such as a lock file.
protocol Language: Sendable {
  /// One word in lower case, unique among all: `python`.
  var name: String { get }
  /// What the identifiers of its runtimes begin with: `nodejs`.
  var runtimePrefix: String { get }
  /// The runtime of a function for which no configuration names one: the newest that is in wide use.
  var standardRuntime: String { get }
  /// The folder of a layer in which its runtimes look for what is installed; nil where layers are files alone.
  var layerFolder: String? { get }
  /// Whether Lambda runs the sources themselves, so that shared code lies in the package as the sources import it.
  var packagesSources: Bool { get }

  /// Extensions of files that may hold a handler, in the order they are looked for; empty where no source is read.
  var extensions: [String] { get }
  /// Names of files that are sources whatever their extension.
  var fileNames: [String] { get }
  /// Those of ``extensions`` that Lambda runs as they are.
  var packagedExtensions: [String] { get }
  /// The name of a file that is a handler by being there; nil where a handler is a symbol in a file.
  var prebuiltHandler: String? { get }
  /// Whether a file with one of ``extensions`` may hold code that runs.
  func reads(_ file: RepositoryPath) -> Bool
  /// Whether the file's name says that it is a test, a declaration or a tool's settings.
  func isAside(_ file: RepositoryPath) -> Bool
  /// What one reading of a source shows.
  func reading(of source: [UInt8], file: RepositoryPath) -> SourceReading
  /// The same without the symbols that count only where something names them: what can be had for less than ``reading(of:file:)``.
  func outline(of source: [UInt8], file: RepositoryPath) -> SourceReading
  /// The handlers among `files`, which are sources of this language: what each shows alone, or what the manifests of
  /// their projects make of them.
  func candidates(among files: [RepositoryPath], in index: RepositoryIndex) -> [HandlerCandidate]
  /// Whether projects, and not the names of files, say what their functions are.
  var namesProjects: Bool { get }
  /// The runtime that the files of the repository state for what lies in `folder`. It is a proposal for functions that
  /// there are none of yet, and never written to one that exists.
  func statedRuntime(for folder: RepositoryPath, in index: RepositoryIndex) -> StatedRuntime?
  /// Cuts a handler's text, such as `src/app.lambda_handler`, as the runtime does; nil where it names no symbol.
  func split(handler: String) -> (module: String, symbol: String)?
  /// The paths without extension that the module of a handler may mean, from the unit.
  func modulePaths(_ module: String) -> [String]
  /// The symbols that `source` has where `symbol` certainly is not one; nil when it is there or may be.
  func symbols(in source: [UInt8], without symbol: String) -> [String]?

  /// The files that say what a unit needs; a unit begins where one lies.
  var manifests: [Manifest] { get }
  /// Names of the files in which a package manager pins what it installs.
  var lockNames: [String] { get }
  /// Names of the files that list what is needed and count as locks of their unit: `requirements.txt`.
  var requirementNames: [String] { get }
  /// The files that such a list refers to, as they are written there.
  func references(in requirements: [UInt8]) -> [String]
  /// The files and folders that such a list looks for packages in.
  func stores(in requirements: [UInt8]) -> [Requirements.Store]
  /// Files and folders that its tools read by themselves and that lie in folders whose names begin with a dot: `.mvn`.
  /// Those beside a function's sources and in the folders above count among its inputs, as far as no rule ignores them.
  var hiddenSettings: [String] { get }
  /// The folders of the repository, from its root, that one of ``needNames`` in `folder` names as packages.
  func localPackages(in folder: RepositoryPath, root: String) -> [RepositoryPath]

  /// What follows imports of the language through a repository; nil where sources are not followed.
  func graph(of index: RepositoryIndex) -> (any SourceGraph)?
  /// Whether the package of a handler in the file is a bundle of exactly what it reaches, where the unit has no build of its
  /// own.
  func bundles(_ handler: RepositoryPath) -> Bool
  /// The folder that the imports of the file `handler` start from, as they prove; `unit` where nothing speaks for another.
  func importRoot(of handler: RepositoryPath, unit: RepositoryPath, in index: RepositoryIndex)
    -> RepositoryPath
  /// What is wrong with the manifest `file` of a unit, where that can be told.
  func fault(in bytes: [UInt8], of file: RepositoryPath) -> PackagerError?
  /// What the files of ``needNames`` in the unit of `build` ask for; `unit` is the absolute path of its folder.
  func dependencies(of build: UnitBuild, unit: String) -> Dependencies
  /// The programs that install the dependencies of `build`, whose versions are inputs of the package. They are asked for
  /// where a file of ``needNames`` lies in the unit.
  func installTools(for build: UnitBuild, unit: String) -> [BuildTool]
  /// The programs that make the package of `build` of its sources, whose versions are inputs as well.
  func compileTools(for build: UnitBuild, unit: String) -> [BuildTool]
  /// What makes the package of `build` where copying files is not enough; `root` is the absolute path of the repository.
  func compiler(of build: UnitBuild, root: String) -> (any Compiler)?
  /// Programs of own builds that answer `--version` quickly and do nothing else with it.
  var buildPrograms: [String] { get }
  /// Why the package cannot serve the function's handler.
  func handlerFaults(_ subject: GateSubject) -> [GateFault]
}

/// A file that says what a unit needs.
struct Manifest: Sendable {
  /// The file's name.
  let name: String
  /// Whether a lock file, perhaps of a folder above, pins what it asks for.
  var isLocked = false
  /// Whether a file with these bytes declares something to run with: the settings of a repository's tools, which lie at
  /// its top, do not.
  var declares: @Sendable (_ bytes: [UInt8], _ isAtTop: Bool) -> Bool = { _, _ in true }
}

/// A program whose version decides about what is installed.
struct BuildTool: Sendable {
  /// The name of its version among the inputs.
  let name: String
  /// Program and arguments that make it tell its version.
  let command: [String]
  /// Whether its patch releases make no difference.
  var countsMinorOnly = false
  /// The tool that is used in its place where that one is there; the first of the two is asked first.
  var insteadOf: String?
}

/// What a unit's manifest asks for.
enum Dependencies {
  /// Nothing that is installed here.
  case nothing
  /// What it asks for cannot be installed so that it is the same everywhere.
  case refused(PackagerError)
  /// To be installed.
  case install(any DependencyInstaller)
}
