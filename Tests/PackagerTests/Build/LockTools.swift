import Core
import Glibc
import TestSupport
import Testing

/// Poetry, Pipenv and uv themselves, where `scripts/test` has put them.
enum LockTools {
  /// The folder of their programs.
  static let folder = getenv("LAMCTL_TEST_LOCK_TOOLS").map { String(cString: $0) }

  static let missing: Comment =
    "LAMCTL_TEST_LOCK_TOOLS names no folder with poetry, pipenv and uv; run scripts/test"

  static var areThere: Bool {
    folder.map { folder in ["poetry", "pipenv", "uv"].allSatisfy { Files.exists("\(folder)/\($0)") } }
      ?? false
  }
}

/// An index of packages on this machine, with wheels that a script makes.
final class WheelIndex {
  let folder: TemporaryFolder
  /// The address of its list.
  let address: String
  private let server: ChildProcess

  /// Makes wheels of one module each, and serves them.
  ///
  /// - Parameter wheels: name, version and what each needs.
  init(
    _ wheels: [(name: String, version: String, needs: [String])], environment: [String: String]
  ) async throws {
    folder = try TemporaryFolder()
    let list = wheels.map { ([$0.name, $0.version] + $0.needs).joined(separator: "|") }
    let lines = Lock<[String]>([])
    server = try ChildProcess.start(
      ChildProcess.Specification(
        arguments: ["python3", "-u", "-c", Self.script, folder.path] + list,
        environment: .exactly(environment), mergesStreams: true)
    ) { _, line in lines.withLock { $0.append(line) } }
    let isUp = await eventually(within: .seconds(30)) { lines.withLock { !$0.isEmpty } }
    let port = lines.withLock { $0.first.flatMap { Int($0) } }
    address = "http://127.0.0.1:\(port ?? 0)/simple"
    try #require(isUp && port != nil, "\(lines.withLock { $0 })")
  }

  deinit { server.terminate() }

  private static let script = #"""
    import functools, http.server, os, sys, zipfile
    root = sys.argv[1]
    for line in sys.argv[2:]:
      name, version, *needs = line.split('|')
      folder = f'{root}/simple/{name}'
      os.makedirs(folder, exist_ok=True)
      info = f'{name}-{version}.dist-info/'
      extras = [need.split("'")[1] for need in needs if 'extra ==' in need]
      with zipfile.ZipFile(f'{folder}/{name}-{version}-py3-none-any.whl', 'w') as wheel:
        wheel.writestr(f'{name}.py', f'version = "{version}"\n')
        wheel.writestr(info + 'METADATA', f'Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n'
          + ''.join(f'Requires-Dist: {need}\n' for need in needs)
          + ''.join(f'Provides-Extra: {extra}\n' for extra in extras))
        wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n')
        wheel.writestr(info + 'RECORD', '')
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=root)
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler) as server:
      print(server.server_address[1])
      server.serve_forever()
    """#
}
