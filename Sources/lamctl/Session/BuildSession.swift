internal import AWSClient
internal import Core
internal import Packager

/// A repository for a command that builds it and releases nothing. AWS is asked only where a bucket or a setting needs it.
actor BuildSession {
  nonisolated let workspace: Workspace
  nonisolated let environment: EnvironmentConfig
  nonisolated private let globals: GlobalOptions
  nonisolated private let context: Context
  private var opened: Task<Session, any Error>?

  /// - Throws: ``Failure`` and ``PackagerError``.
  init(_ globals: GlobalOptions, environment name: String?, in context: Context) throws {
    let repository = try OpenedRepository.open(
      globals, environment: name, need: .definitions, in: context)
    workspace = repository.workspace
    environment = repository.environment
    self.globals = globals
    self.context = context
  }

  /// Runs `body`, and ends what was opened for it whatever happens.
  static func with<Success: Sendable>(
    _ globals: GlobalOptions, environment name: String?, in context: Context,
    _ body: (BuildSession) async throws -> Success
  ) async throws -> Success {
    let session = try BuildSession(globals, environment: name, in: context)
    do {
      let result = try await body(session)
      await session.close()
      return result
    } catch {
      await session.close()
      throw error
    }
  }

  private func session() async throws -> Session {
    if let opened { return try await opened.value }
    let (globals, name, context) = (globals, environment.name, context)
    let task = Task { () async throws in
      try await Session.open(globals, environment: name, need: .definitions, in: context)
    }
    opened = task
    return try await task.value
  }

  private func close() async {
    if let session = try? await opened?.value { await session.close() }
  }

  /// The functions of the repository.
  ///
  /// - Throws: as ``Session/functions(only:)``.
  func functions() async throws -> [FunctionDefinition] {
    let environment = environment
    let values = InterpolationValues(region: globals.region ?? environment.region) { [self] in
      if let account = environment.account { return account }
      return try await session().caller.identity().account
    } parameters: { [self] paths in
      try await session().parameters(paths)
    }
    context.secrets.show(
      [environment.region, environment.name, environment.alias, workspace.config.project].compactMap { $0 })
    return try await workspace.functions(in: environment, values: values)
  }

  /// The cache that builds of this repository use.
  func cache() async throws -> PackageCache {
    let folder = PackageCache.folder(of: workspace.root)
    guard let place = workspace.config.cache else { return PackageCache(folder: folder) }
    let store = BucketStore(s3: try await session().aws.s3, bucket: place)
    return PackageCache(folder: folder, store: store) { [context] in context.warn($0) }
  }

  /// What artifacts are put into; `.lamctl/artifacts` for nil.
  func store(_ place: ArtifactPlace?) async throws -> any ArtifactStore {
    switch place {
    case .bucket(let place): return BucketStore(s3: try await session().aws.s3, bucket: place)
    case .folder(let path): return FolderStore(path, from: context.folder)
    case nil:
      let name = "\(StateFolder.name)/artifacts"
      return FolderStore(path: "\(workspace.root)/\(name)", place: name, isOwn: true)
    }
  }
}

extension Session {
  /// The cache that builds of this repository use.
  var cache: PackageCache {
    let store = workspace.config.cache.map { BucketStore(s3: aws.s3, bucket: $0) }
    return PackageCache(folder: PackageCache.folder(of: workspace.root), store: store, warn: warn)
  }

  /// What a build has put at `place`.
  func store(_ place: ArtifactPlace, in context: Context) -> any ArtifactStore {
    switch place {
    case .bucket(let place): return BucketStore(s3: aws.s3, bucket: place)
    case .folder(let path): return FolderStore(path, from: context.folder)
    }
  }
}

extension FolderStore {
  /// The folder that `written` means from the absolute path `folder`.
  init(_ written: String, from folder: String) {
    self.init(path: written.hasPrefix("/") ? written : "\(folder)/\(written)", place: written)
  }
}
