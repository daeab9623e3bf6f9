internal import Core
import Glibc

/// Starts the processes that handlers run in.
///
/// All of them are started from one thread that lives as long as the launcher: the kernel's parent-death signal,
/// which ends them when the sandbox is killed, follows the *thread* that started them.
final class RuntimeLauncher: Sendable {
  /// Why no process could be started.
  struct Failure: Error {
    let reason: String
  }

  private struct State {
    var jobs: [@Sendable () -> Void] = []
    var isStopping = false
    var interpreters: [String: String] = [:]
  }

  /// Absolute path of the folder with the bootstraps.
  private let folder: String
  private let searchPath: String
  private let home: String
  private let common: [String: String]
  private let state = Monitor(State())

  /// - Parameters:
  ///   - folder: where the bootstraps are written.
  ///   - searchPath: where interpreters are looked up.
  ///   - home: the user's home, for version managers that stand in for an interpreter.
  ///   - common: variables that every runtime gets.
  init(folder: StateFolder, searchPath: String, home: String, common: [String: String]) throws(SystemError) {
    self.folder = folder.path
    self.searchPath = searchPath
    self.home = home
    self.common = common
    try folder.write(Array(Bootstraps.python.utf8), to: "bootstrap.py")
    try folder.write(Array(Bootstraps.node.utf8), to: "bootstrap.mjs")
    Threads.detach { [state] in
      while let job = state.wait({ state -> (() -> Void)?? in
        if !state.jobs.isEmpty { return .some(state.jobs.removeFirst()) }
        return state.isStopping ? .some(nil) : nil
      }) ?? nil {
        job()
      }
    }
  }

  /// Lets the starting thread end; processes must have been ended before.
  func stop() { state.update { $0.isStopping = true } }

  /// Starts the process of an environment whose Runtime API listens on `port`.
  func start(
    _ target: RuntimeTarget, port: Int, logStream: String, onLine: @escaping @Sendable (String) -> Void
  ) throws(Failure) -> ChildProcess {
    let specification = ChildProcess.Specification(
      arguments: try command(target),
      environment: .exactly(environment(target, port: port, logStream: logStream)),
      folder: target.folder, grace: .seconds(0.1))
    let started = Monitor<Result<ChildProcess, SystemError>?>(nil)
    let accepted = state.update { state in
      guard !state.isStopping else { return false }
      state.jobs.append {
        do throws(SystemError) {
          let child = try ChildProcess.start(specification) { _, line in onLine(line) }
          started.update { $0 = .success(child) }
        } catch {
          started.update { $0 = .failure(error) }
        }
      }
      return true
    }
    guard accepted else { throw Failure(reason: "the sandbox is stopping") }
    switch started.wait({ $0 }) {
    case .success(let child): return child
    case .failure(let error): throw Failure(reason: error.description)
    }
  }

  private func command(_ target: RuntimeTarget) throws(Failure) -> [String] {
    if target.runtime.hasPrefix("python") {
      return [
        try interpreter("python3", "import sys; print(sys.executable)", target), "-u",
        "\(folder)/bootstrap.py",
      ]
    }
    if target.runtime.hasPrefix("nodejs") {
      let node = try interpreter("node", "console.log(process.execPath)", target)
      return guarded([node, "\(folder)/bootstrap.mjs"])
    }
    if target.runtime.hasPrefix("provided") {
      // A layer may bring the runtime.
      let places = [target.folder] + target.layers.reversed()
      guard let bootstrap = places.map({ "\($0)/bootstrap" }).first(where: Files.exists) else {
        throw Failure(
          reason: "the package has no file named bootstrap, which the runtime \(target.runtime) starts")
      }
      guard access(bootstrap, X_OK) == 0 else {
        throw Failure(reason: "the file bootstrap is not executable")
      }
      return guarded([bootstrap])
    }
    throw Failure(
      reason: "the sandbox cannot run \(target.runtime): it runs python, nodejs and provided functions")
  }

  /// `command` under the parent-death signal, where util-linux's setpriv is there to set it.
  private func guarded(_ command: [String]) -> [String] {
    guard let setpriv = locate("setpriv") else { return command }
    return [setpriv, "--pdeathsig", "KILL", "--"] + command
  }

  /// The program behind `name`, looked up once: version managers put slow scripts in its place.
  private func interpreter(_ name: String, _ question: String, _ target: RuntimeTarget) throws(Failure)
    -> String
  {
    if let known = state.read({ $0.interpreters[name] }) { return known }
    guard let program = locate(name) else {
      throw Failure(
        reason: "the runtime \(target.runtime) needs '\(name)', which is not installed on this machine")
    }
    let answer = Monitor<String?>(nil)
    let arguments = [program, name == "node" ? "-e" : "-c", question]
    let environment = ChildEnvironment.exactly(["PATH": searchPath, "HOME": home])
    let child = try? ChildProcess.start(
      .init(arguments: arguments, environment: environment, timeout: .seconds(10))
    ) { stream, line in
      if stream == .output { answer.update { $0 = line } }
    }
    let told = child == nil ? nil : answer.wait(until: Monotonic.now() + 10) { $0 }
    let path = told.flatMap { access($0, X_OK) == 0 ? $0 : nil } ?? program
    state.update { $0.interpreters[name] = path }
    return path
  }

  private func locate(_ name: String) -> String? {
    searchPath.split(separator: ":").map { "\($0)/\(name)" }.first {
      access($0, X_OK) == 0 && !Files.isFolder($0)
    }
  }

  /// Where code and programs of the layers are found: what Lambda's runtimes look for below `/opt`, here below each layer's
  /// own folder, the last one first.
  private func layers(_ target: RuntimeTarget) -> [String: String] {
    let path = { (places: [String]) -> String in
      target.layers.reversed().flatMap { layer in places.map { "\(layer)/\($0)" } }.joined(separator: ":")
    }
    guard !target.layers.isEmpty else { return [:] }
    var variables = ["LD_LIBRARY_PATH": path(["lib"])]
    if target.runtime.hasPrefix("python") {
      variables["LAMCTL_LAYER_PATH"] = path(["python/lib/\(target.runtime)/site-packages", "python"])
    }
    if target.runtime.hasPrefix("nodejs") {
      let major = target.runtime.dropFirst("nodejs".count).prefix { $0 != "." }
      variables["NODE_PATH"] = path(["nodejs/node\(major)/node_modules", "nodejs/node_modules"])
    }
    return variables
  }

  /// Lambda's variables and the function's own; nothing of this process's environment but the search path.
  private func environment(_ target: RuntimeTarget, port: Int, logStream: String) -> [String: String] {
    let own: [String: String] = [
      "PATH": searchPath, "HOME": "/tmp", "LANG": "en_US.UTF-8", "TZ": ":UTC",
      "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:\(port)",
      "AWS_LAMBDA_FUNCTION_NAME": target.function, "AWS_LAMBDA_FUNCTION_VERSION": target.version,
      "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": String(target.memory),
      "AWS_LAMBDA_LOG_GROUP_NAME": target.logGroup, "AWS_LAMBDA_LOG_STREAM_NAME": logStream,
      "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "AWS_EXECUTION_ENV": "AWS_Lambda_\(target.runtime)",
      "LAMBDA_TASK_ROOT": target.folder, "LAMBDA_RUNTIME_DIR": folder, "_HANDLER": target.handler,
    ]
    return common.merging(layers(target)) { $1 }.merging(target.variables) { $1 }.merging(own) { $1 }
  }
}
