internal import Core

/// What one reading of a source shows, without running it.
struct SourceReading: Hashable, Sendable {
  /// What Lambda could be pointed at, in the order of the file.
  var handlers: [HandlerSymbol] = []
  /// What it takes in from elsewhere, each once.
  var imports: [SourceImport] = []
  /// The package or name space that it says it belongs to.
  var package: String?
  /// Patterns of files, from its folder, that the compiler takes in with it.
  var files: [String] = []
  /// Types that it declares, with what they come from; empty where the language asks for none.
  var types: [SourceType] = []
}

/// One thing that a source takes in from elsewhere.
struct SourceImport: Hashable, Sendable {
  /// What is taken in as the source writes it: `..common.util` (Python, with its leading dots), `./lib/db` (Node), the path of
  /// a package (Go), of a file (Ruby).
  var module: String
  /// What is taken out of it, where the language can name that.
  var names: [String] = []
}

/// A type that a source declares.
struct SourceType: Hashable, Sendable {
  /// With the package or name space, nested ones as the runtime writes them.
  var name: String
  /// The last part of the name.
  var simpleName: String
  /// Simple names of what it extends and implements.
  var parents: [String]
  /// Whether it cannot be made.
  var isAbstract = false
  /// Methods that take a Lambda context.
  var handlers: [String] = []
}

/// A symbol that Lambda could be pointed at.
struct HandlerSymbol: Hashable, Sendable {
  /// How much speaks for it.
  enum Evidence: Hashable, Sendable {
    /// Its signature says so, wherever it stands.
    case signature
    /// It counts in a file whose name is customary for handlers, and where something names it.
    case customary
    /// It counts where something names it.
    case nameable
    /// It looks like a handler and is none; the reason, in one sentence.
    case unusual(String)
  }

  /// The symbol in its file, or what stands for it: a class, a method.
  var name: String
  var evidence: Evidence
  /// What Lambda is given, where that is not the file's path and ``name``.
  var handler: String?

  init(_ name: String, _ evidence: Evidence = .signature, handler: String? = nil) {
    self.name = name
    self.evidence = evidence
    self.handler = handler
  }

  /// Whether its name is the one that handlers have by custom: beside it others are helpers.
  var isExact: Bool { ["handler", "lambda_handler", "lambdaHandler"].contains(name) }
}

/// A version of a runtime that the repository states.
struct StatedRuntime: Hashable, Sendable {
  /// The Lambda runtime's identifier.
  let runtime: String
  /// The file that states it, from the root.
  let file: RepositoryPath
}
