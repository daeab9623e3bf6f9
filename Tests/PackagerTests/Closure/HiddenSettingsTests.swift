import Core
import TestSupport
import Testing

@testable import Packager

/// Settings of a build in a folder whose name begins with a dot.
struct HiddenSettings: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let files: [String: String]
  /// The settings, from the root: above the unit and in it.
  let settings: [String]
  /// What lies beside them and is nobody's.
  let others: [String]
}

@Suite("Settings in folders whose names begin with a dot")
struct HiddenSettingsTests {
  static let kinds: [HiddenSettings] = [
    HiddenSettings(
      testDescription: "Maven",
      files: [
        "pom.xml": "<project><modules><module>fn</module></modules></project>",
        "fn/pom.xml": "<project></project>",
        "fn/src/main/java/shop/App.java":
          "package shop;\nimport com.amazonaws.services.lambda.runtime.*;\npublic class App implements RequestHandler<String, String> { public String handleRequest(String s, Context c) { return s; } }\n",
      ],
      settings: [
        ".mvn/maven.config", ".mvn/extensions.xml", ".mvn/wrapper/maven-wrapper.properties",
        "fn/.mvn/jvm.config",
      ], others: [".idea/maven.xml", ".github/workflows/ci.yml", "other/.mvn/maven.config"]),
    HiddenSettings(
      testDescription: ".NET",
      files: [
        "fn/fn.csproj":
          "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup><ItemGroup><PackageReference Include=\"Amazon.Lambda.Core\" Version=\"2.2.0\" /></ItemGroup></Project>",
        "fn/Function.cs":
          "using Amazon.Lambda.Core;\nnamespace Shop;\npublic class Function { public string Run(string s, ILambdaContext c) { return s; } }\n",
      ], settings: [".config/dotnet-tools.json", "fn/.config/dotnet-tools.json"],
      others: [".config/other.json", ".vs/settings.json"]),
    HiddenSettings(
      testDescription: "Cargo",
      files: [
        "fn/Cargo.toml": "[package]\nname = \"fn\"\n[dependencies]\nlambda_runtime = \"0.13\"\n",
        "fn/src/main.rs": "use lambda_runtime::run;\nfn main() {}\n",
      ], settings: [".cargo/config.toml", "fn/.cargo/config.toml", "fn/.cargo/config"],
      others: [".cargo/credentials.toml", "fn/.cargo/README"]),
    HiddenSettings(
      testDescription: "Swift",
      files: [
        "fn/Package.swift":
          "// swift-tools-version: 6.0\nimport PackageDescription\nlet package = Package(name: \"fn\", targets: [.executableTarget(name: \"App\", dependencies: [.product(name: \"AWSLambdaRuntime\", package: \"swift-aws-lambda-runtime\")])])\n",
        "fn/Sources/App/main.swift":
          "import AWSLambdaRuntime\nlet runtime = LambdaRuntime { (e: String, c: LambdaContext) in e }\n",
      ], settings: ["fn/.swiftpm/configuration/mirrors.json"], others: ["fn/.swiftpm/xcode/x.plist"]),
    HiddenSettings(
      testDescription: "Yarn",
      files: [
        "package.json": #"{"workspaces": ["fn"]}"#, "yarn.lock": "__metadata:\n  version: 8\n",
        ".yarnrc.yml": "yarnPath: .yarn/releases/yarn-4.0.0.cjs\n", "fn/package.json": #"{"name": "fn"}"#,
        "fn/index.js": nodeHandler,
      ], settings: [".yarn/releases/yarn-4.0.0.cjs", ".yarn/plugins/x.cjs", ".yarn/patches/a.patch"],
      others: [".yarn/cache/a.zip", ".yarn/install-state.gz"]),
  ]

  private func src(_ repository: Repository) async throws -> (Digest, FunctionDefinition) {
    let definitions = try await repository.functions()
    let definition = try #require(definitions.first { $0.unit == "fn" })
    let workspace = try repository.open()
    let digests = try await Digester(workspace, tools: ToolVersions()).digest(definitions)
    return (try #require(digests[definition.name]).src, definition)
  }

  @Test("are inputs where the language says so, and nothing else in such folders is", arguments: kinds)
  func digests(_ kind: HiddenSettings) async throws {
    let all = Dictionary((kind.settings + kind.others).map { ($0, "1\n") }) { first, _ in first }
    let repository = try Repository(kind.files.merging(all) { $1 })
    let (first, _) = try await src(repository)
    for file in kind.settings {
      try repository.folder.write(file, "2\n")
      #expect(try await src(repository).0 != first, "\(file)")
      try repository.folder.write(file, "1\n")
    }
    for file in kind.others {
      try repository.folder.write(file, "2\n")
      #expect(try await src(repository).0 == first, "\(file)")
    }
    withExtendedLifetime(repository) {}
  }

  @Test("are in the copy that a command of the unit's own works in", arguments: kinds)
  func staging(_ kind: HiddenSettings) async throws {
    let all = Dictionary((kind.settings + kind.others).map { ($0, "1\n") }) { first, _ in first }
    let own = #"{"build": ["sh", "-c", "mkdir out; echo 1 > out/x; cd ..; find . -type f"], "output": "out"}"#
    let repository = try Repository(kind.files.merging(all) { $1 }.merging(["fn/function.json": own]) { $1 })
    let found = Set(try await BuilderTests().build(repository).lines.map { String($0.dropFirst(2)) })
    #expect(found.isSuperset(of: kind.settings), "\(found)")
    // Those in the unit are among its own files, as all are.
    let above = kind.others.filter { !$0.hasPrefix("fn/") }
    #expect(found.isDisjoint(with: above), "\(found)")
  }

  @Test("are left out where git ignores them")
  func ignored() async throws {
    let kind = Self.kinds[0]
    let repository = try Repository(
      kind.files.merging([".mvn/wrapper/maven-wrapper.jar": "1", ".gitignore": "*.jar\n"]) { $1 })
    let (first, _) = try await src(repository)
    try repository.folder.write(".mvn/wrapper/maven-wrapper.jar", "2")
    #expect(try await src(repository).0 == first)
    withExtendedLifetime(repository) {}
  }

  @Test(
    "what version control and lamctl keep is no input, whoever asks for it",
    arguments: ["../.git", "../.lamctl", "../.git/config"])
  func bars(_ input: String) async throws {
    let repository = try Repository([
      "fn/handler.py": pythonHandler, "fn/function.json": #"{"inputs": ["\#(input)"]}"#, ".git/config": "x",
      ".lamctl/x": "x",
    ])
    let text = await message { _ = try await src(repository) }
    #expect(text.contains("is of this machine alone and never an input"), "\(text)")
  }

  @Test("another folder of that kind is one where \"inputs\" names it")
  func named() async throws {
    let repository = try Repository([
      "fn/handler.py": pythonHandler, "fn/function.json": #"{"inputs": ["../.tools"]}"#, ".tools/x": "1",
    ])
    let (first, _) = try await src(repository)
    try repository.folder.write(".tools/x", "2")
    #expect(try await src(repository).0 != first)
    withExtendedLifetime(repository) {}
  }
}
