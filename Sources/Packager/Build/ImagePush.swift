package import Core

/// Sends images to their repositories with the docker CLI.
package struct ImagePush: Sendable {
  private let environment: [String: String]
  private let timeout: TimeSpan
  private let secrets: SecretMask

  /// - Parameters:
  ///   - environment: this process's variables, which say where the engine is.
  ///   - timeout: longest time for one image.
  ///   - secrets: what the CLI's words must not show.
  package init(
    environment: [String: String], timeout: TimeSpan = .minutes(30), secrets: Secrets
  ) {
    self.environment = environment
    self.timeout = timeout
    self.secrets = SecretMask(paths: [], secrets: secrets)
  }

  /// Sends the image that the engine calls `id`, under a name that follows from that.
  ///
  /// - Parameter token: what opens the registry: base64 of user, colon and password. It is on no command line, and in a file
  ///   only of this call; nil leaves it to the user's own settings of docker.
  /// - Returns: the digest of its manifest in the repository, in 64 hexadecimal digits.
  /// - Throws: ``PackagerError/store(place:reason:isPermission:)``.
  package func push(
    _ id: String, to repository: ImageRepository, token: String?
  ) async throws(PackagerError) -> String {
    guard ImageFacts.isDigest(id) else {
      throw .store(
        place: repository.description, reason: "'\(id.escaped)' names no image", isPermission: false)
    }
    let folder = try BuildFolder()
    defer { folder.remove() }
    let name = "\(repository):lamctl-\(id.dropFirst("sha256:".count).prefix(32))"
    let engine = ContainerEngine(environment: environment)
    let settings = try token.map { (token) throws(PackagerError) in
      try Self.settings(token, for: repository.host, environment: environment, in: folder.folder)
    }
    let runner = BuildRunner(
      unit: .root, environment: environment, declared: [:], timeout: timeout, secrets: secrets,
      progress: { _ in })
    let place = folder.folder.path
    let lines: [String]
    do throws(PackagerError) {
      _ = try await runner.lines(of: engine.tag(id, name, in: place))
      lines = try await runner.lines(of: engine.push(name, settings: settings, in: place))
    } catch {
      throw Self.told(error, repository)
    }
    guard let digest = lines.reversed().lazy.compactMap(Self.digest).first else {
      throw .store(
        place: repository.description, reason: "'docker push' named no digest of what it sent",
        isPermission: false)
    }
    return digest
  }

  /// The digest in `lamctl-1f2e: digest: sha256:… size: 1573`.
  private static func digest(in line: String) -> String? {
    let words = line.split(separator: " ")
    guard let mark = words.firstIndex(of: "digest:"), mark + 1 < words.count,
      ImageFacts.isDigest(words[mark + 1])
    else { return nil }
    return String(words[mark + 1].dropFirst("sha256:".count))
  }

  /// Makes settings of docker that open one registry, and reach the engine that the user's own reach.
  ///
  /// - Returns: the absolute path of their folder, which only this user can look into.
  private static func settings(
    _ token: String, for host: String, environment: [String: String], in folder: StateFolder
  ) throws(PackagerError) -> String {
    let name = "settings"
    let own = environment["DOCKER_CONFIG"] ?? environment["HOME"].map { "\($0)/.docker" }
    var members = JSONObject([("auths", .object(JSONObject([(host, ["auth": .string(token)])])))])
    return try system { () throws(SystemError) in
      let settings = try folder.folder(name)
      if let own, let bytes = try? Files.read("\(own)/config.json"), let known = try? JSON(parsing: bytes) {
        members["currentContext"] = known["currentContext"]
        if Files.isFolder("\(own)/contexts") { try settings.makeLink("contexts", to: "\(own)/contexts") }
      }
      try settings.write(Array(JSON.object(members).text().utf8), to: "config.json", settles: false)
      return settings.path
    }
  }

  private static func told(_ error: PackagerError, _ repository: ImageRepository) -> PackagerError {
    guard case .build(_, let reason, let output) = error else { return error }
    let said = output.suffix(3).joined(separator: ": ")
    var way = ""
    if said.contains("does not exist"), case .ecr(_, let region) = repository.registry {
      way =
        "; make it with 'aws ecr create-repository --region \(region) --repository-name \(repository.name)'"
    }
    return .store(
      place: repository.description,
      reason: ([reason] + (said.isEmpty ? [] : [said])).joined(separator: ": ") + way,
      isPermission: said.contains("denied") || said.contains("not authorized"))
  }
}
