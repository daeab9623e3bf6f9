internal import Core

/// A program that prints credentials (`credential_process`).
struct ProcessCredentials: CredentialProvider {
  let command: String
  let profileName: String
  let world: CredentialWorld

  var source: String { "the credential_process of the profile \"\(profileName)\"" }

  func find() async throws(CredentialFailure) -> Credentials {
    guard let arguments = Self.words(command), let program = arguments.first else {
      throw .broken("its credential_process has a quote without an end, or is empty")
    }
    let output = Lock((text: "", errors: ""))
    let specification = ChildProcess.Specification(
      arguments: [world.expanded(program)] + arguments.dropFirst(),
      environment: .credentialProgram(world.environment),
      timeout: .minutes(2))
    let exit: ChildProcess.Exit
    do throws(SystemError) {
      exit = try await ChildProcess.run(specification) { stream, line in
        output.withLock { output in
          if stream == .output { output.text += line + "\n" } else { output.errors = line }
        }
      }
    } catch {
      throw .broken("\(error)")
    }
    let (text, errors) = output.withLock { $0 }
    guard !Task.isCancelled else { throw .cancelled }
    guard exit.isSuccess else {
      // What it printed may be the very keys.
      let reason = ForeignText(
        Secrets.isSecretName(errors) ? "what it said may hold a secret and is not shown" : errors,
        hiding: world.pipeline.secrets)
      throw .broken("\(program) ended with \(Self.words(for: exit))" + (errors.isEmpty ? "" : ": \(reason)"))
    }
    guard let version = (try? JSON(parsing: text))?["Version"]?.int else {
      throw .broken("\(program) did not print JSON with a \"Version\"")
    }
    guard version == 1 else {
      throw .broken("\(program) printed version \(version) of the format, and only 1 is known")
    }
    return try CredentialDocument.read(
      Array(text.utf8), tokenKey: "SessionToken", source: "\(source) (\(program))")
  }

  /// The words of a command line with quotes and backslashes as a shell reads them, and nothing else of a
  /// shell.
  static func words(_ line: String) -> [String]? {
    var words: [String] = []
    var word: String?
    func add(_ character: Character) {
      if word == nil { word = "" }
      word?.append(character)
    }
    var quote: Character?
    var isEscaped = false
    for character in line {
      if isEscaped {
        add(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil } else { add(character) }
      } else if character == "\"" || character == "'" {
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        if let done = word { words.append(done) }
        word = nil
      } else {
        add(character)
      }
    }
    guard quote == nil, !isEscaped else { return nil }
    if let word { words.append(word) }
    return words
  }

  private static func words(for exit: ChildProcess.Exit) -> String {
    switch exit {
    case .code(let code): "exit code \(code)"
    case .signal(let signal): "signal \(signal)"
    case .timedOut: "nothing after two minutes"
    }
  }
}
