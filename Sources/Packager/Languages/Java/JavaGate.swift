internal import Core

/// The handler's class, and those that it names, must be on the class path: at the package's top, or in a jar in `lib/`.
struct JavaGate {
  private let subject: GateSubject
  /// Every class of the package, with slashes; those in jars with the jar.
  private var jars: [String: RepositoryPath] = [:]
  private var loose: Set<String> = []

  private static let ending = ".class"
  private static let mostNamed = 5
  private static let longestClass = 16 << 20

  init(_ subject: GateSubject) {
    self.subject = subject
    for (path, entry) in subject.entries {
      guard case .file(let source, _, _) = entry.content else { continue }
      if path.hasSuffix(Self.ending) {
        loose.insert(String(path.text.dropLast(Self.ending.count)))
      } else if path.hasSuffix(".jar"), path.parent.isRoot || path.parent == "lib" {
        for name in JarFile.names(source) where name.hasSuffix(Self.ending) {
          jars[String(name.dropLast(Self.ending.count))] = path
        }
      }
    }
  }

  /// Why the runtime cannot load the handler.
  func check() -> [GateFault] {
    let name = String(subject.handler.prefix { $0 != ":" }).replacing(".", with: "/")
    guard let bytes = content(of: name) else { return subject.hasLayers || has(name) ? [] : [missing(name)] }
    guard let file = ClassFile(bytes) else { return [] }
    if let fault = versionFault(name, file) { return [fault] }
    if let fault = methodFault(name, file) { return [fault] }
    guard !subject.hasLayers else { return [] }
    let lacking = file.references.filter { !has($0) && !Self.isRuntimes($0) }
    guard !lacking.isEmpty else { return [] }
    let shown = lacking.prefix(Self.mostNamed).map { $0.replacing("/", with: ".") }.joined(separator: ", ")
    let more = lacking.count > Self.mostNamed ? " and \(lacking.count - Self.mostNamed) more" : ""
    return [
      GateFault(
        file: jars[name].map(\.description) ?? name + Self.ending, found: "names \(shown)\(more)",
        allowed: "neither the runtime nor the package has them",
        fix:
          "put the dependencies into lib/ (Maven: dependency:copy-dependencies) or into one jar, or declare the layer that has them"
      )
    ]
  }

  /// The class is compiled for a newer Java than the runtime has.
  private func versionFault(_ name: String, _ file: ClassFile) -> GateFault? {
    guard let runtime = subject.definition.runtime,
      let offered = Int(runtime.drop { !$0.isNumber }.prefix { $0.isNumber }), file.version > offered
    else { return nil }
    return GateFault(
      file: jars[name].map(\.description) ?? name + Self.ending,
      found: "is compiled for Java \(file.version)", allowed: "\(runtime) has Java \(offered)",
      fix: "compile with '--release \(offered)', or set a newer \"runtime\"")
  }

  /// The class has no method of the handler's name, and gets none from elsewhere.
  private func methodFault(_ name: String, _ file: ClassFile) -> GateFault? {
    let written = subject.handler.split(separator: ":").map(String.init)
    let method = written.count > 1 ? written[1] : "handleRequest"
    let runtimes = "com/amazonaws/services/lambda/runtime/Request"
    guard !file.texts.contains(method), file.superclass == "java/lang/Object",
      file.interfaces.allSatisfy({ $0.hasPrefix(runtimes) })
    else { return nil }
    return GateFault(
      file: jars[name].map(\.description) ?? name + Self.ending,
      found: "has no method '\(method.escaped)' in \(name.replacing("/", with: ".").escaped)",
      allowed: "the handler is '\(subject.handler)'", fix: "correct \"handler\" or the class")
  }

  private func has(_ name: String) -> Bool { loose.contains(name) || jars[name] != nil }

  private func content(of name: String) -> [UInt8]? {
    if loose.contains(name), let path = RepositoryPath(name + Self.ending),
      case .file(let source, _, _)? = subject.entries[path]?.content
    {
      return try? Files.read(source, limit: Self.longestClass)
    }
    guard let jar = jars[name], case .file(let source, _, _)? = subject.entries[jar]?.content else {
      return nil
    }
    return JarFile.content(of: name + Self.ending, in: source, limit: Self.longestClass)
  }

  private func missing(_ name: String) -> GateFault {
    let sources = subject.entries.keys.filter { $0.hasSuffix(".java") || $0.hasSuffix(".kt") }.min()
    let held = sources.map { "the package holds sources (\($0))" } ?? "the package has no such class"
    return GateFault(
      file: nil, found: "the class \(name.replacing("/", with: ".").escaped) of the handler is not there",
      allowed: "the runtime loads classes from the package's top and from jars in lib/; \(held)",
      fix:
        "let Maven or Gradle build the unit (pom.xml or build.gradle in it), or set \"artifact\" to the jar, or \"build\" and \"output\""
    )
  }

  /// What every Java runtime of Lambda has: the virtual machine's own classes, and the core of AWS's library.
  private static func isRuntimes(_ name: String) -> Bool {
    let prefixes = [
      "java/", "javax/", "jdk/", "sun/", "com/sun/", "org/w3c/dom/", "org/xml/sax/", "org/ietf/jgss/",
      "netscape/",
    ]
    if prefixes.contains(where: name.hasPrefix) { return true }
    let core = "com/amazonaws/services/lambda/runtime/"
    return name.hasPrefix(core) && !name.hasPrefix(core + "events/")
  }
}

extension Java {
  func handlerFaults(_ subject: GateSubject) -> [GateFault] { JavaGate(subject).check() }
}
