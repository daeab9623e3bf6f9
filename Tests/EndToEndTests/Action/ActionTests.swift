import Core
import Glibc
import TestSupport
import Testing

/// What the action of GitHub's runs, with a release in a folder in the place of one on GitHub.
@Suite("The action")
struct ActionTests {
  private let folder: TemporaryFolder

  init() async throws {
    folder = try TemporaryFolder()
    for name in ["temp", "home", "release"] { try Files.createFolder("\(folder.path)/\(name)") }
    try await shell(
      """
      mkdir -p build/lamctl-1.2.3-linux-x86_64 release/v1.2.3
      printf '#!/bin/sh\\necho "lamctl 1.2.3 (0123456789ab)"\\n' > build/lamctl-1.2.3-linux-x86_64/lamctl
      chmod 755 build/lamctl-1.2.3-linux-x86_64/lamctl
      cp -R build/lamctl-1.2.3-linux-x86_64 build/lamctl-1.2.3-linux-arm64
      for platform in x86_64 arm64; do
        tar -C build -czf release/v1.2.3/lamctl-1.2.3-linux-$platform.tar.gz lamctl-1.2.3-linux-$platform
      done
      cd release/v1.2.3 && sha256sum *.tar.gz > SHA256SUMS
      """)
  }

  /// Runs a script in the folder and returns its exit code and what it said.
  @discardableResult
  private func shell(_ script: String, _ variables: [String: String] = [:]) async throws -> (Int32?, String) {
    let lines = Lock<[String]>([])
    var environment = variables
    environment["PATH"] = variables["PATH"] ?? "/usr/bin:/bin"
    environment["HOME"] = "\(folder.path)/home"
    let child = try ChildProcess.start(
      ChildProcess.Specification(
        arguments: ["bash", "-c", script], environment: .exactly(environment), folder: folder.path,
        timeout: .minutes(1), mergesStreams: true)
    ) { _, line in lines.withLock { $0.append(line) } }
    guard case .code(let code) = await child.exit() else { return (nil, "") }
    return (code, lines.withLock { $0.joined(separator: "\n") })
  }

  private func install(_ variables: [String: String]) async throws -> (Int32?, String) {
    let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    let fixed = [
      "RUNNER_TEMP": "\(folder.path)/temp", "RUNNER_TOOL_CACHE": "\(folder.path)/tools",
      "GITHUB_PATH": "\(folder.path)/paths", "GITHUB_OUTPUT": "\(folder.path)/outputs",
      "GITHUB_ACTION_PATH": "\(root)/.github/actions/lamctl",
      "LAMCTL_ACTION_RELEASES": "file://\(folder.path)/release",
    ]
    return try await shell("exec '\(root)/.github/actions/lamctl/install'", fixed.merging(variables) { $1 })
  }

  @Test(
    "a release is put on the path by its number, or by the tag that the action is used by",
    arguments: [
      ["LAMCTL_ACTION_VERSION": "1.2.3"], ["LAMCTL_ACTION_VERSION": "v1.2.3"],
      ["LAMCTL_ACTION_REF": "v1.2.3"],
    ])
  func installs(variables: [String: String]) async throws {
    let (code, text) = try await install(variables)
    #expect(code == 0, "\(text)")
    let path = try folder.read("paths").split(separator: "\n").map(String.init)
    let answer = try await shell("PATH=\(try #require(path.first)):$PATH lamctl version")
    #expect(answer.1 == "lamctl 1.2.3 (0123456789ab)")
    #expect(try folder.read("outputs") == "path=\(path[0])/lamctl\nversion=1.2.3\n")
  }

  @Test("an archive that is not the expected one is not installed, not even beside one that was")
  func refusesOthers() async throws {
    let wrong = String(repeating: "0", count: 64)
    let first = try await install(["LAMCTL_ACTION_VERSION": "1.2.3", "LAMCTL_ACTION_SHA256": wrong])
    #expect(first.0 == 1)
    #expect(first.1.contains("not \(wrong); nothing was installed"), "\(first.1)")
    #expect(!Files.exists("\(folder.path)/tools") && !Files.exists("\(folder.path)/paths"))

    #expect(try await install(["LAMCTL_ACTION_VERSION": "1.2.3"]).0 == 0)
    let second = try await install(["LAMCTL_ACTION_VERSION": "1.2.3", "LAMCTL_ACTION_SHA256": wrong])
    #expect(second.0 == 1)
  }

  @Test("an archive that was damaged on the way is not installed")
  func refusesDamaged() async throws {
    try await shell("for file in release/v1.2.3/*.gz; do printf x >> $file; done")
    let (code, text) = try await install(["LAMCTL_ACTION_VERSION": "1.2.3"])
    #expect(code == 1)
    #expect(text.contains("is not what was expected"), "\(text)")
    #expect(!Files.exists("\(folder.path)/paths"))
  }

  @Test("for any other reference the action's own sources are built, once for equal sources")
  func builds() async throws {
    try folder.write(
      "bin/swift",
      """
      #!/bin/sh
      echo "$*" >> \(folder.path)/swift-calls
      case "$*" in *--show-bin-path) echo \(folder.path)/build/lamctl-1.2.3-linux-x86_64 ;; esac
      """, mode: 0o755)
    let variables = [
      "LAMCTL_ACTION_REF": "main", "LAMCTL_ACTION_SOURCES": "abc", "PATH": "\(folder.path)/bin:/usr/bin:/bin",
    ]
    for _ in 1...2 { #expect(try await install(variables).0 == 0) }
    let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    let build = "build -c release --product lamctl --package-path \(root)"
    #expect(try folder.read("swift-calls") == "\(build)\n\(build) --show-bin-path\n")
    let path = "\(folder.path)/home/.cache/lamctl/abc"
    #expect(try folder.read("paths") == "\(path)\n\(path)\n")
  }

  @Test(
    "what cannot be meant is refused with a sentence",
    arguments: [
      (["LAMCTL_ACTION_VERSION": "9.9.9"], "is there such a release?"),
      (["LAMCTL_ACTION_VERSION": "latest"], "version is like 1.2.3 or source, not 'latest'"),
      (["LAMCTL_ACTION_VERSION": "../1.2.3"], "not '../1.2.3'"),
      (["LAMCTL_ACTION_REF": "main", "LAMCTL_ACTION_SHA256": "0"], "name its version, too"),
    ] as [([String: String], String)])
  func refusesNonsense(variables: [String: String], sentence: String) async throws {
    let (code, text) = try await install(variables)
    #expect(code == 1)
    #expect(text.contains("::error title=lamctl::"), "\(text)")
    #expect(text.contains(sentence), "\(text)")
    #expect(!Files.exists("\(folder.path)/paths"))
  }
}
