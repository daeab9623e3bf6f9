import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

@Suite("Python locks")
struct PythonPinsTests {
  private static let environment = [
    "PATH": String(cString: getenv("PATH")), "HOME": getenv("HOME").map { String(cString: $0) } ?? "/",
  ]

  /// A wheel of one module, or of the named files with their texts.
  private func wheel(
    _ name: String, _ files: [String: String] = [:], requires: [String] = [], tag: String = "py3-none-any",
    in folder: String
  ) async throws {
    let script = """
      import re, sys, zipfile
      name, folder, tag, requires, *files = sys.argv[1:]
      needs = ''.join(f'Requires-Dist: {line}\\n' for line in requires.splitlines())
      needs += ''.join(f'Provides-Extra: {name}\\n' for name in re.findall("extra == '(.*?)'", requires))
      z = zipfile.ZipFile(f'{folder}/{name}-1.0-{tag}.whl', 'w')
      for path, text in zip(files[::2], files[1::2]):
        z.writestr(path, text)
      info = f'{name}-1.0.dist-info/'
      z.writestr(info + 'METADATA', f'Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n{needs}')
      z.writestr(info + 'WHEEL', f'Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: {tag}\\n')
      z.writestr(info + 'RECORD', '')
      """
    try Files.createFolder(folder)
    let made = try await ChildProcess.run(
      ChildProcess.Specification(
        arguments: ["python3", "-c", script, name, folder, tag, requires.joined(separator: "\n")]
          + (files.isEmpty ? ["\(name).py": "x = 1\n"] : files).flatMap { [$0, $1] },
        environment: .exactly(Self.environment))
    ) { _, _ in }
    try #require(made.isSuccess)
  }

  @Test("a source distribution is never taken, however it is the only one there is")
  func sources() async throws {
    let repository = try Repository([
      "lamctl.json": #"{"defaults": {"runtime": "python3.13"}, "environments": {"prod": {}}}"#,
      "fn/handler.py": "import tiny\n\(pythonHandler)", "fn/requirements.txt": "tiny==1.0\n",
    ])
    let folder = try TemporaryFolder()
    let script = """
      import io, sys, tarfile
      with tarfile.open(sys.argv[1] + '/tiny-1.0.tar.gz', 'w:gz') as archive:
        for name, text in [('setup.py', 'raise SystemExit("code of a stranger")'), ('tiny.py', 'x = 1'),
                           ('PKG-INFO', 'Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n')]:
          entry = tarfile.TarInfo('tiny-1.0/' + name)
          entry.size = len(text)
          archive.addfile(entry, io.BytesIO(text.encode()))
      """
    let made = try await ChildProcess.run(
      ChildProcess.Specification(
        arguments: ["python3", "-c", script, folder.path], environment: .exactly(Self.environment))
    ) { _, _ in }
    try #require(made.isSuccess)
    let environment = Self.environment.merging([
      "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": folder.path, "UV_NO_INDEX": "1", "UV_FIND_LINKS": folder.path,
    ]) { $1 }
    let workspace = try repository.open(environment)
    let definitions = try await repository.functions(environment: environment)
    let digests = try await Digester(workspace).digest(definitions)
    let results = await Builder(workspace, timeout: .seconds(60)).packages(definitions, digests: digests)
    guard case .failure(.inputs(_, let reason, _))? = results["fn"] else {
      Issue.record("\(results)")
      return
    }
    #expect(reason.hasPrefix("there is no wheel of 'tiny==1.0' for python3.13 on x86_64"), "\(reason)")
    withExtendedLifetime(repository.folder) {}
  }

  /// The package of the one function of `repository`.
  private func package(_ repository: Repository) async throws -> BuiltPackage {
    let workspace = try repository.open(Self.environment)
    let definitions = try await repository.functions(environment: Self.environment)
    let digests = try await Digester(workspace).digest(definitions)
    let definition = try #require(definitions.first)
    return try await Builder(workspace, timeout: .seconds(60)).package(
      definition, digests: try #require(digests[definition.name]))
  }

  private func modules(_ package: BuiltPackage) -> [String] {
    package.tree.entries.map(\.path.text).filter { $0.hasSuffix(".py") }
  }

  @Test(
    "what a wheel needs on the installer's Python alone is no part of the package, unless it is asked for")
  func needless() async throws {
    let repository = try Repository([
      "fn/function.json": #"{"runtime": "python3.13"}"#, "fn/handler.py": "import lib\n" + pythonHandler,
      "fn/requirements.txt": "--no-index\n--find-links wheels\nlib[quick]\n-r more.txt\n",
      "fn/more.txt": "asked\n",
    ])
    let wheels = repository.path + "/fn/wheels"
    let elsewhere = "python_version != '3.13'"
    try await wheel(
      "lib",
      requires: [
        "backport; \(elsewhere)", "asked; \(elsewhere)", "fast; extra == 'quick'", "slow; extra == 'slow'",
        "patch; python_full_version >= '3.13.2' or \(elsewhere)",
      ], in: wheels)
    try await wheel("backport", ["acme/backport.py": "", "a,b.py": ""], requires: ["deep"], in: wheels)
    try await wheel("deep", ["acme/deep.py": "", "acme/same.py": ""], in: wheels)
    try await wheel("fast", ["acme/fast.py": "", "acme/same.py": ""], in: wheels)
    for name in ["asked", "patch"] { try await wheel(name, in: wheels) }
    // A Python of the runtime's own version takes in neither.
    let found = try await package(repository)
    let names = Set(found.tree.entries.map(\.path.text).filter { $0.hasSuffix(".dist-info/METADATA") })
    let expected = ["asked", "fast", "lib"].map { "\($0)-1.0.dist-info/METADATA" }
    #expect(names.subtracting(["patch-1.0.dist-info/METADATA"]) == Set(expected))
    #expect(
      modules(found).filter { $0 != "patch.py" } == [
        "acme/fast.py", "acme/same.py", "asked.py", "handler.py", "lib.py",
      ])
  }

  @Test("a wheel that is there in a version for another Python alone is not taken for the right one")
  func otherVersion() async throws {
    let repository = try Repository([
      "fn/function.json": #"{"runtime": "python3.13"}"#, "fn/handler.py": "import lib\n" + pythonHandler,
      "fn/requirements.txt": "--no-index\n--find-links wheels\nlib\n",
    ])
    let wheels = repository.path + "/fn/wheels"
    try await wheel(
      "lib",
      requires: ["tiny>=1.0; python_version != '3.13'", "tiny<1.0; python_version == '3.13'"], in: wheels)
    try await wheel("tiny", in: wheels)
    let refused = await message { _ = try await package(repository) }
    #expect(
      refused.contains("tiny in another version (lib requires 'tiny<1.0; python_version == '3.13'')")
        || refused.contains("there is no wheel of 'tiny<1.0"), "\(refused)")
  }

  @Test("wheels of the repository count, wherever the requirements say that they lie")
  func stores() async throws {
    let repository = try Repository([
      "lamctl.json": #"{"functions": ["fns/*"], "defaults": {"runtime": "python3.13"}}"#,
      "fns/fn/handler.py": "import tiny, other\n" + pythonHandler,
      "fns/fn/requirements.txt": "-r ../../pip/base.txt\n../../more/other-1.0-py3-none-any.whl\n",
      "pip/base.txt": "--no-index\n--find-links=wheels\ntiny\n", ".gitignore": "/pip/wheels\n",
    ])
    try await wheel("tiny", in: repository.path + "/pip/wheels")
    try await wheel("other", in: repository.path + "/more")
    let package = try await package(repository)
    #expect(modules(package) == ["handler.py", "other.py", "tiny.py"])
    let before = try await digests(repository)
    try await wheel("tiny", ["tiny.py": "x = 2\n"], in: repository.path + "/pip/wheels")
    #expect(try await digests(repository) != before)
    try repository.folder.write("pip/base.txt", "--no-index\n-f ../../../wheels\ntiny\n")
    let refused = await message { _ = try await digests(repository) }
    #expect(
      refused
        == "fns/fn: pip/base.txt takes packages from '../../../wheels', which is no file or folder of the repository"
    )
  }

  private func digests(_ repository: Repository) async throws -> [Digest] {
    let definitions = try await repository.functions(environment: Self.environment)
    let digests = try await Digester(repository.open(Self.environment)).digest(definitions)
    return definitions.compactMap { digests[$0.name]?.src }
  }

  @Test("a wheel that there is none of for the processor is named, with what would be taken")
  func processor() async throws {
    let repository = try Repository([
      "fn/function.json": #"{"runtime": "python3.12", "architectures": ["arm64"]}"#,
      "fn/handler.py": "import tiny\n" + pythonHandler,
      "fn/requirements.txt": "--no-index\n--find-links wheels\ntiny==1.0\n",
    ])
    try await wheel(
      "tiny", tag: "cp312-cp312-manylinux2014_x86_64", in: repository.path + "/fn/wheels")
    let refused = await message { _ = try await package(repository) }
    #expect(
      refused
        == "fn: there is no wheel of 'tiny==1.0' for python3.12 on arm64 (cp312, manylinux_2_34_aarch64 down to manylinux2014_aarch64, or any)"
    )
  }

  @Test(
    "what installers say of wheels that are missing is understood, and an index that does not answer is none",
    arguments: [
      (
        [
          "ERROR: Could not find a version that satisfies the requirement x<2,>=1 (from y) (from versions: 0.1, 0.2)",
          "ERROR: No matching distribution found for x<2,>=1",
        ], "x<2,>=1", "0.1, 0.2"
      ),
      (["ERROR: Could not find a version that satisfies the requirement x (from versions: none)"], "x", nil),
      (
        [
          "  × No solution found when resolving dependencies:",
          "  ╰─▶ Because tiny==1.0 has no wheels with a matching platform tag (e.g., `manylinux_2_34_aarch64`) and you require tiny==1.0, we can conclude that your requirements are unsatisfiable.",
        ], "tiny==1.0", nil
      ),
      (
        [
          "  ╰─▶ Because tiny==1.0 has no usable wheels and building from source is disabled and you require tiny, we can"
        ], "tiny==1.0", nil
      ),
      (
        [
          "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'",
          "ERROR: Could not find a version that satisfies the requirement x (from versions: none)",
        ], nil, nil
      ), (["error: No space left on device"], nil, nil),
    ] as [([String], String?, String?)])
  func lacks(_ output: [String], _ requirement: String?, _ versions: String?) {
    let lack = MissingWheel(output: output)
    #expect(lack?.requirement == requirement && lack?.versions == versions)
  }

  @Test(
    "what a lock pins for the runtime is installed, and neither what a condition rules out nor what is for development",
    arguments: [
      [
        "fn/Pipfile": "[packages]\ntiny = \"*\"\n",
        "fn/Pipfile.lock": #"""
        {"_meta": {}, "default": {
          "tiny": {"file": "./wheels/tiny-1.0-py3-none-any.whl"},
          "old": {"version": "==1.0", "markers": "python_version < '3.9'"}},
         "develop": {"dev": {"version": "==1.0"}}}
        """#,
      ],
      [
        "fn/pyproject.toml":
          "[tool.poetry]\nname = \"fn\"\n[tool.poetry.dependencies]\npython = \"^3.9\"\ntiny = {path = \"wheels/tiny-1.0-py3-none-any.whl\"}\nold = {version = \"1.0\", markers = \"python_version < '3.9'\"}\n",
        "fn/poetry.lock": """
        [[package]]
        name = "tiny"
        version = "1.0"
        files = []
        [package.source]
        type = "file"
        url = "wheels/tiny-1.0-py3-none-any.whl"

        [[package]]
        name = "old"
        version = "1.0"
        files = []

        [metadata]
        lock-version = "2.0"

        """,
      ],
      [
        "fn/pyproject.toml":
          "[project]\nname = \"fn\"\nversion = \"0.1.0\"\nrequires-python = \">=3.10\"\ndependencies = [\"tiny\"]\n",
        "fn/uv.lock": """
        version = 1
        requires-python = ">=3.10"

        [[package]]
        name = "fn"
        version = "0.1.0"
        source = { virtual = "." }
        dependencies = [
            { name = "old", marker = "python_full_version < '3.11'" },
            { name = "tiny" },
        ]

        [[package]]
        name = "old"
        version = "1.0"
        source = { registry = "wheels" }
        wheels = [{ path = "old-1.0-py3-none-any.whl" }]

        [[package]]
        name = "tiny"
        version = "1.0"
        source = { registry = "wheels" }
        wheels = [{ path = "tiny-1.0-py3-none-any.whl" }]

        """,
      ],
    ] as [[String: String]])
  func locks(_ files: [String: String]) async throws {
    let repository = try Repository(files.merging(["fn/handler.py": "import tiny\n" + pythonHandler]) { $1 })
    try await wheel("tiny", in: repository.path + "/fn/wheels")
    let workspace = try repository.open(Self.environment)
    let definitions = try await repository.functions(environment: Self.environment)
    let digests = try await Digester(workspace).digest(definitions)
    let definition = try #require(definitions.first)
    let package = try await Builder(workspace, timeout: .seconds(60)).package(
      definition, digests: try #require(digests[definition.name]))
    let modules = package.tree.entries.map(\.path.text).filter { $0.hasSuffix(".py") }
    #expect(modules == ["handler.py", "tiny.py"])
    // What installs is an input, whatever names the dependencies.
    #expect(digests[definition.name]?.items[.tools]?.isEmpty == false)
    try Gate.check(package, for: definition, hasBucket: false)
  }

  /// What an index has and what an address names go through pip apart, and into one package.
  private func namespace(
    logging: [String: String], common: [String: String]
  ) async throws -> BuiltPackage {
    let repository = try Repository([
      "fn/handler.py": "import acme.common, acme.logging\n" + pythonHandler,
      "fn/pyproject.toml":
        "[project]\nname = \"fn\"\nversion = \"0.1.0\"\nrequires-python = \">=3.10\"\ndependencies = [\"acme-logging\", \"acme-common\"]\n",
      "fn/uv.lock": """
      version = 1
      requires-python = ">=3.10"

      [[package]]
      name = "acme-common"
      version = "1.0"
      source = { path = "wheels/acme_common-1.0-py3-none-any.whl" }
      wheels = [{ filename = "acme_common-1.0-py3-none-any.whl" }]

      [[package]]
      name = "acme-logging"
      version = "1.0"
      source = { registry = "wheels" }
      wheels = [{ path = "acme_logging-1.0-py3-none-any.whl" }]

      [[package]]
      name = "fn"
      version = "0.1.0"
      source = { virtual = "." }
      dependencies = [
          { name = "acme-common" },
          { name = "acme-logging" },
      ]

      """,
    ])
    try await wheel("acme_logging", logging, in: repository.path + "/fn/wheels")
    try await wheel("acme_common", common, in: repository.path + "/fn/wheels")
    let workspace = try repository.open(Self.environment)
    let definitions = try await repository.functions(environment: Self.environment)
    let digests = try await Digester(workspace).digest(definitions)
    let definition = try #require(definitions.first)
    return try await Builder(workspace, timeout: .seconds(60)).package(
      definition, digests: try #require(digests[definition.name]))
  }

  @Test("a package with parts from an index and parts from a path has all of them")
  func parts() async throws {
    let package = try await namespace(
      logging: ["acme/logging.py": "x = 1\n", "acme/same.py": "y = 1\n"],
      common: ["acme/common.py": "x = 1\n", "acme/same.py": "y = 1\n"])
    let modules = package.tree.entries.map(\.path.text).filter { $0.hasSuffix(".py") }
    #expect(modules == ["acme/common.py", "acme/logging.py", "acme/same.py", "handler.py"])
  }

  @Test("a file that two distributions have, each in its own way, is refused with the names of both")
  func clash() async throws {
    let refused = await message {
      _ = try await namespace(
        logging: ["acme/__init__.py": "", "acme/logging.py": "x = 1\n"],
        common: ["acme/__init__.py": "y = 1\n", "acme/common.py": "x = 1\n"])
    }
    #expect(
      refused.contains(
        "acme_common-1.0 and acme_logging-1.0 both have a file acme/__init__.py, and not the same")
        || refused.contains(
          "acme_logging-1.0 and acme_common-1.0 both have a file acme/__init__.py, and not the same"),
      "\(refused)")
  }

  @Test(
    "a lock that would say something else to pip, or that leads out of the repository, is refused before pip runs",
    arguments: [
      (#"{"version": "==1\n--index-url http://x"}"#, #"'1\u{A}--index-url http://x'"#),
      (#"{"version": "==1", "hashes": ["sha256:0 -e /x"]}"#, "'sha256:0 -e /x'"),
      (#"{"git": "https://x\n-e /x"}"#, "which is no name, version, digest or address"),
      (#"{"path": "../../out"}"#, "takes x from '../../out', which is outside of the repository"),
    ])
  func foreign(_ entry: String, _ says: String) async throws {
    let repository = try Repository([
      "fn/handler.py": pythonHandler, "fn/Pipfile": "[packages]\nx = \"*\"\n",
      "fn/Pipfile.lock": #"{"_meta": {}, "default": {"x": \#(entry)}, "develop": {}}"#,
    ])
    let workspace = try repository.open(Self.environment)
    let definitions = try await repository.functions(environment: Self.environment)
    let digests = try await Digester(workspace).digest(definitions)
    let definition = try #require(definitions.first)
    let refused = await message {
      _ = try await Builder(workspace, timeout: .seconds(60)).package(
        definition, digests: try #require(digests[definition.name]))
    }
    #expect(refused.contains(says), "\(refused)")
  }
}
