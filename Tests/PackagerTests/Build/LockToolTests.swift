import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

/// A tool that locks, and what it is asked for.
struct LockTool: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// The manifest, with `INDEX` where the address of the index goes.
  let manifest: (name: String, text: String)
  let command: [String]

  static let poetry = LockTool(
    testDescription: "Poetry",
    manifest: (
      "pyproject.toml",
      """
      [tool.poetry]
      name = "fn"
      version = "0.1.0"
      package-mode = false
      [tool.poetry.dependencies]
      python = ">=3.8"
      tiny = { version = "^1.0", extras = ["fast"] }
      pick = [{ version = "1.0", python = "<3.10" }, { version = "2.0", python = ">=3.10" }]
      money = { path = "../libs/money" }
      [tool.poetry.group.dev.dependencies]
      dev = "*"
      [[tool.poetry.source]]
      name = "local"
      url = "INDEX"

      """
    ), command: ["poetry", "lock", "--no-interaction"])

  static let pipenv = LockTool(
    testDescription: "Pipenv",
    manifest: (
      "Pipfile",
      """
      [[source]]
      name = "local"
      url = "INDEX"
      verify_ssl = false
      [packages]
      tiny = { version = "*", extras = ["fast"] }
      pick = "==2.0"
      old = { version = "==1.0", markers = "python_version < '3.9'" }
      money = { path = "../libs/money" }
      [dev-packages]
      dev = "*"

      """
    ), command: ["pipenv", "lock"])

  static let uv = LockTool(
    testDescription: "uv",
    manifest: (
      "pyproject.toml",
      """
      [project]
      name = "fn"
      version = "0.1.0"
      requires-python = ">=3.8"
      dependencies = [
        "tiny[fast]>=1", "money", "pick==1.0; python_version < '3.10'", "pick==2.0; python_version >= '3.10'",
      ]
      [dependency-groups]
      dev = ["dev"]
      [tool.uv.sources]
      money = { path = "../libs/money" }
      [[tool.uv.index]]
      url = "INDEX"
      default = true

      """
    ), command: ["uv", "lock"])

  static let none = LockTool(
    testDescription: "nobody",
    manifest: (
      "requirements.txt",
      """
      --index-url INDEX
      tiny[fast]
      pick==2.0; python_version >= "3.12"
      pick==1.0; python_version < "3.12"
      ../libs/money

      """
    ), command: ["true"])
}

/// What the real tools write is read, and installed from where it came.
@Suite("Locks of the tools themselves", .enabled(if: LockTools.areThere, LockTools.missing))
struct LockToolTests {
  /// By pip and by uv, which get the same requirements whatever they come from.
  static let cases: [(tool: LockTool, byUv: Bool)] = [
    (.poetry, false), (.pipenv, false), (.uv, true), (.none, true),
  ]

  /// Makes a wheel of the package beside it, without a tool that would have to be fetched.
  private static let backend = #"""
    import zipfile
    def build_wheel(folder, settings=None, metadata=None):
      info = 'money-0.1.0.dist-info/'
      with zipfile.ZipFile(f'{folder}/money-0.1.0-py3-none-any.whl', 'w') as wheel:
        wheel.write('money/__init__.py')
        wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\nName: money\nVersion: 0.1.0\n')
        wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n')
        wheel.writestr(info + 'RECORD', '')
      return 'money-0.1.0-py3-none-any.whl'
    """#

  @Test(
    "what a tool has locked is installed for the runtime, from its index alone, and imported",
    arguments: cases)
  func locked(_ tool: LockTool, byUv: Bool) async throws {
    let folder = try #require(LockTools.folder)
    let home = try TemporaryFolder()
    let path = String(cString: getenv("PATH"))
    // Whoever is asked besides the index does not answer.
    let nobody = try ClosedPort()
    defer { withExtendedLifetime(nobody) {} }
    let environment = [
      "HOME": home.path, "LANG": "C.UTF-8", "PIP_CONFIG_FILE": "/dev/null", "NO_PROXY": "127.0.0.1",
      "https_proxy": nobody.url, "PIP_RETRIES": "0",
    ]
    let locking = environment.merging(["PATH": "\(folder):\(path)", "PIPENV_IGNORE_VIRTUALENVS": "1"]) { $1 }
    let index = try await WheelIndex(
      [
        (
          "tiny", "1.0",
          [
            "deep>=1", "old==1.0; python_version < '3.9'", "winonly; sys_platform == 'win32'",
            "speed; extra == 'fast'",
          ]
        ),
        ("deep", "1.0", []), ("old", "1.0", []), ("winonly", "1.0", []), ("speed", "1.0", []),
        ("dev", "1.0", []), ("pick", "1.0", []), ("pick", "2.0", []),
      ], environment: ["PATH": path])
    let repository = try Repository([
      "lamctl.json": #"{"functions": ["fn"], "environments": {"prod": {}}}"#,
      "fn/handler.py": """
      import deep, money, pick, speed, tiny
      def handler(event, context):
          return f"{tiny.version} {deep.version} {speed.version} {pick.version} {money.PRICE}"

      """,
      "fn/function.json": #"{"runtime": "python3.13", "handler": "handler.handler"}"#,
      "fn/\(tool.manifest.name)": tool.manifest.text.replacing("INDEX", with: index.address),
      "libs/money/pyproject.toml": """
      [project]
      name = "money"
      version = "0.1.0"
      requires-python = ">=3.8"
      [build-system]
      requires = []
      build-backend = "backend"
      backend-path = ["."]

      """,
      "libs/money/backend.py": Self.backend, "libs/money/money/__init__.py": "PRICE = 7\n",
    ])
    try await run(tool.command, in: "\(repository.path)/fn", locking)
    let building = environment.merging(["PATH": byUv ? "\(folder):\(path)" : path]) { $1 }
    let workspace = try repository.open(building)
    let definitions = try await repository.functions(environment: building)
    let digests = try await Digester(workspace).digest(definitions)
    let definition = try #require(definitions.first)
    let lines = Lock<[String]>([])
    let package = try await Builder(workspace, timeout: .minutes(5)).package(
      definition, digests: try #require(digests[definition.name])
    ) { event in
      if case .line(_, _, let text) = event { lines.withLock { $0.append(text) } }
    }
    let modules = package.tree.entries.map(\.path.text).filter { $0.hasSuffix(".py") }
    #expect(
      modules == ["deep.py", "handler.py", "money/__init__.py", "pick.py", "speed.py", "tiny.py"],
      "\(lines.withLock { $0 })")
    if !byUv { #expect(lines.withLock { $0.filter { $0.contains("pypi") } } == []) }
    try Gate.check(package, for: definition, hasBucket: false)
    let said = try await run(
      [
        "python3", "-I", "-c",
        "import sys; sys.path.insert(0, sys.argv[1]); import handler; print(handler.handler(None, None))",
        package.zip.path,
      ], in: repository.path, building)
    #expect(said == ["1.0 1.0 1.0 2.0 7"])
  }

  @discardableResult
  private func run(_ command: [String], in folder: String, _ environment: [String: String]) async throws
    -> [String]
  {
    let lines = Lock<[String]>([])
    let exit = try await ChildProcess.run(
      ChildProcess.Specification(
        arguments: command, environment: .exactly(environment), folder: folder, timeout: .minutes(5),
        mergesStreams: true)
    ) { _, line in lines.withLock { $0.append(line) } }
    try #require(exit.isSuccess, "\(lines.withLock { $0 })")
    return lines.withLock { $0 }
  }
}
