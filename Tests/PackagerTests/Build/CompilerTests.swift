import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

/// A unit that is compiled, and the call that is to be made of the compiler.
struct CompiledUnit: Sendable, CustomTestStringConvertible {
  let what: String
  let files: [String: String]
  /// Names of programs that stand in, and what each does once it has said how it was called.
  let programs: [String: String]
  let calls: [String]
  let package: [String]

  var testDescription: String { what }
}

@Suite("compiled units")
struct CompilerTests {
  private static let environment = [
    "PATH": String(cString: getenv("PATH")), "HOME": getenv("HOME").map { String(cString: $0) } ?? "/",
  ]

  private static let arm = #""architectures": ["arm64"]"#

  static let units: [CompiledUnit] = [
    CompiledUnit(
      what: "Rust by cargo",
      files: [
        "fn/Cargo.toml": "[package]\nname = \"fn\"\n[dependencies]\nlambda_runtime = \"0.13\"\n",
        "fn/src/main.rs": "use lambda_runtime::run;\nfn main() {}\n",
      ],
      programs: [
        "cargo":
          "mkdir -p target/x86_64-unknown-linux-gnu/release; printf '#!/bin/sh\\n' > target/x86_64-unknown-linux-gnu/release/fn",
        "cargo-lambda": "exit 1",
      ],
      calls: [
        "cargo build --release --locked --target x86_64-unknown-linux-gnu --bin fn --target-dir ROOT/fn/target"
      ],
      package: ["bootstrap"]),
    CompiledUnit(
      what: "Rust by cargo-lambda",
      files: [
        "fn/Cargo.toml": "[package]\nname = \"fn\"\n[dependencies]\nlambda_runtime = \"0.13\"\n",
        "fn/src/main.rs": "use lambda_runtime::run;\nfn main() {}\n",
      ],
      programs: [
        "cargo": "mkdir -p target/lambda/fn; printf '#!/bin/sh\\n' > target/lambda/fn/bootstrap",
        "cargo-lambda": "",
      ],
      calls: ["cargo lambda build --release --locked --x86-64 --bin fn --target-dir ROOT/fn/target"],
      package: ["bootstrap"]),
    CompiledUnit(
      what: "Java by Maven",
      files: [
        "fn/pom.xml": "<project></project>",
        "fn/src/main/java/shop/App.java":
          "package shop;\nimport com.amazonaws.services.lambda.runtime.*;\npublic class App implements RequestHandler<String, String> { public String handleRequest(String s, Context c) { return s; } }\n",
      ],
      programs: [
        "mvn": "mkdir -p target/classes/shop; echo > target/classes/shop/App.class", "java": "",
      ],
      calls: [
        "mvn -B -q -DskipTests -Dproject.build.outputTimestamp=1980-01-01T00:00:02Z -pl . -am package dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=TARGET/lib"
      ],
      package: ["shop/App.class"]),
    CompiledUnit(
      what: "Java by Gradle",
      files: [
        "settings.gradle": "", "fn/build.gradle": "",
        "fn/src/main/java/shop/App.java":
          "package shop;\nimport com.amazonaws.services.lambda.runtime.*;\npublic class App implements RequestHandler<String, String> { public String handleRequest(String s, Context c) { return s; } }\n",
      ],
      programs: [
        "gradle":
          "for a; do case $a in -PlamctlTarget=*) t=${a#*=};; esac; done; mkdir -p $t/shop; echo > $t/shop/App.class",
        "java": "",
      ],
      calls: [
        "gradle -q --console=plain --init-script TARGET.gradle -PlamctlTarget=TARGET :fn:lamctlPackage"
      ],
      package: ["shop/App.class"]),
    CompiledUnit(
      what: "C# by the .NET tools",
      files: [
        "fn/fn.csproj":
          "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup><ItemGroup><PackageReference Include=\"Amazon.Lambda.Core\" Version=\"2.2.0\" /></ItemGroup></Project>",
        "fn/Function.cs":
          "using Amazon.Lambda.Core;\nnamespace Shop;\npublic class Function { public string Run(string s, ILambdaContext c) { return s; } }\n",
      ],
      programs: [
        "dotnet":
          "for a; do [ \"$p\" = -o ] && t=$a; p=$a; done; mkdir -p $t; echo > $t/fn.dll; echo > $t/fn.pdb"
      ],
      calls: [
        "dotnet publish fn.csproj -c Release -r linux-x64 --self-contained false -o TARGET -p:ContinuousIntegrationBuild=true -p:Deterministic=true -p:GenerateRuntimeConfigurationFiles=true --nologo"
      ],
      package: ["fn.dll"]),
    CompiledUnit(
      what: "Ruby by bundler",
      files: [
        "fn/Gemfile": "source \"https://rubygems.org\"\ngem \"tiny\"\n",
        "fn/Gemfile.lock":
          "GEM\n  remote: https://rubygems.org/\n  specs:\n    tiny (1.0)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  tiny\n",
        "fn/handler.rb": "require 'tiny'\ndef handler(event:, context:)\n  1\nend\n",
      ],
      programs: [
        "bundle":
          "d=vendor/bundle/ruby/3.1.0; mkdir -p $d/gems/tiny-1.0/lib $d/cache; echo > $d/gems/tiny-1.0/lib/tiny.rb; echo > $d/cache/x",
        "ruby": "",
      ],
      calls: ["bundle install --quiet --jobs 2"],
      package: [
        "Gemfile", "Gemfile.lock", "handler.rb", "vendor/bundle/ruby/3.3.0/gems/tiny-1.0/lib/tiny.rb",
      ]),
    CompiledUnit(
      what: "Swift",
      files: [
        "fn/Package.swift":
          "// swift-tools-version: 6.0\nimport PackageDescription\nlet package = Package(name: \"fn\", targets: [.executableTarget(name: \"App\", dependencies: [.product(name: \"AWSLambdaRuntime\", package: \"swift-aws-lambda-runtime\")])])\n",
        "fn/Sources/App/main.swift":
          "import AWSLambdaRuntime\nlet runtime = LambdaRuntime { (e: String, c: LambdaContext) in e }\n",
      ],
      programs: [
        "swift":
          "mkdir -p .build/release; cd .build/release; printf '#!/bin/sh\\n' > App; mkdir -p App.product App.build; echo $PWD/App.build/main.swift.o > App.product/Objects.LinkFileList; echo 'App.o: /x' > App.build/App.d"
      ],
      calls: ["swift build -c release --static-swift-stdlib --product App"], package: ["bootstrap"]),
    CompiledUnit(
      what: "Swift, a program that is called otherwise than its target",
      files: [
        "fn/Package.swift":
          "// swift-tools-version: 6.0\nimport PackageDescription\nlet package = Package(name: \"fn\", products: [.executable(name: \"orders\", targets: [\"App\"])], targets: [.executableTarget(name: \"App\", dependencies: [.product(name: \"AWSLambdaRuntime\", package: \"swift-aws-lambda-runtime\")])])\n",
        "fn/Sources/App/main.swift":
          "import AWSLambdaRuntime\nlet runtime = LambdaRuntime { (e: String, c: LambdaContext) in e }\n",
      ],
      programs: [
        "swift":
          "mkdir -p .build/release; cd .build/release; printf '#!/bin/sh\\n' > orders; mkdir -p orders.product App.build; echo $PWD/App.build/main.swift.o > orders.product/Objects.LinkFileList; echo 'App.o: /x' > App.build/App.d"
      ],
      calls: ["swift build -c release --static-swift-stdlib --product orders"], package: ["bootstrap"]),
  ]

  @Test("the compiler is called to build for Lambda, and what it makes is the package", arguments: units)
  func calls(_ unit: CompiledUnit) async throws {
    let repository = try Repository(unit.files)
    var scripts: [String: String] = [:]
    for (name, script) in unit.programs {
      scripts[name] = """
        case "$*" in *--version*) \(script == "exit 1" ? "exit 1" : "echo 9.8.7; exit 0");; esac
        echo "\(name) $*"
        \(script)
        """
    }
    let tools = try StandIns(scripts)
    let (package, lines) = try await build(repository, environment: tools.environment)
    let shown = lines.map { line in
      line.replacing(/[^\s=]*lamctl-build\.\w+\/target/, with: "TARGET").replacing(
        repository.path, with: "ROOT")
    }
    #expect(shown == unit.calls)
    #expect(package.tree.entries.map(\.path.text) == unit.package)
  }

  @Test("a Go program is built for the function's processor, and the same on every machine")
  func go() async throws {
    let repository = try Repository([
      "fn/go.mod":
        "module shop/fn\n\ngo 1.19\n\nrequire github.com/aws/aws-lambda-go v1.0.0\n\nreplace github.com/aws/aws-lambda-go => ./lambda\n",
      "fn/lambda/go.mod": "module github.com/aws/aws-lambda-go\n\ngo 1.19\n",
      "fn/lambda/lambda/entry.go": "package lambda\n\nfunc Start(handler interface{}) {}\n",
      "fn/main.go":
        "package main\n\nimport \"github.com/aws/aws-lambda-go/lambda\"\n\nfunc main() { lambda.Start(func() {}) }\n",
      "fn/function.json": #"{\#(Self.arm)}"#,
    ])
    let (package, _) = try await build(repository)
    #expect(package.tree.entries.map(\.path.text) == ["bootstrap"])
    guard case .file(let file, _, true)? = package.tree.entries.first?.content else {
      Issue.record("bootstrap is no program")
      return
    }
    #expect(ELFFile(try Files.read(file, limit: 1 << 26))?.machine == "arm64")
    try Files.remove(repository.path + "/.lamctl")
    #expect(try await build(repository).package.pkg == package.pkg)
  }

  private static let goFiles = [
    "go.mod":
      "module shop\n\ngo 1.19\n\nrequire github.com/aws/aws-lambda-go v1.0.0\n\nreplace github.com/aws/aws-lambda-go => ./lambda\n",
    "lambda/go.mod": "module github.com/aws/aws-lambda-go\n\ngo 1.19\n",
    "lambda/lambda/entry.go": "package lambda\n\nfunc Start(handler interface{}) {}\n",
    "cmd/fn/main.go":
      "package main\n\nimport (\n\t\"github.com/aws/aws-lambda-go/lambda\"\n\t\"shop/price\"\n)\n\nfunc main() { lambda.Start(func() string { return price.List }) }\n",
    "price/price.go":
      "package price\n\nimport _ \"embed\"\n\n//go:embed list.txt\nvar List string\n",
    "price/list.txt": "1\n",
  ]

  @Test("what Go's compiler has read is held against the inputs: a file that none of them covers is named")
  func goReadFiles() async throws {
    let repository = try Repository(Self.goFiles)
    _ = try await build(repository)
    try repository.folder.write(".gitignore", "list.txt\n")
    let refused = await message { _ = try await build(repository) }
    #expect(refused.contains("the compiler read price/list.txt, which no digest of the function covers"))
    try repository.folder.write("lamctl.json", #"{"globalInputs": ["price/list.txt"]}"#)
    _ = try await build(repository)
  }

  @Test("Cargo's local packages are built for real, and what it has read is held against the inputs")
  func cargo() async throws {
    let repository = try Repository([
      "fn/Cargo.toml":
        "[package]\nname = \"fn\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\nlambda_runtime = { path = \"../runtime\" }\n",
      "fn/Cargo.lock":
        "version = 3\n\n[[package]]\nname = \"fn\"\nversion = \"0.1.0\"\ndependencies = [\n \"lambda_runtime\",\n]\n\n[[package]]\nname = \"lambda_runtime\"\nversion = \"0.13.0\"\n",
      "fn/src/main.rs":
        "use lambda_runtime::run;\nfn main() { run(include_str!(\"../../data/list.txt\")); }\n",
      "runtime/Cargo.toml":
        "[package]\nname = \"lambda_runtime\"\nversion = \"0.13.0\"\nedition = \"2021\"\n",
      "runtime/src/lib.rs": "pub fn run(_: &str) {}\n", "data/list.txt": "1\n",
    ])
    let (package, _) = try await build(repository)
    #expect(package.tree.entries.map(\.path.text) == ["bootstrap"])
    guard case .file(let file, _, true)? = package.tree.entries.first?.content else {
      Issue.record("bootstrap is no program")
      return
    }
    #expect(ELFFile(try Files.read(file, limit: 1 << 26))?.isRunnable == true)
    try repository.folder.write(".gitignore", "/data\n")
    let refused = await message { _ = try await build(repository) }
    #expect(refused.contains("the compiler read data/list.txt, which no digest of the function covers"))
  }

  @Test(
    "a Swift package is built for real, with the packages beside it, and needs nothing of Swift's where it runs"
  )
  func swift() async throws {
    let repository = try Repository([
      "fn/Package.swift": """
      // swift-tools-version: 6.0
      import PackageDescription
      let package = Package(
        name: "fn", dependencies: [.package(path: "../swift-aws-lambda-runtime")],
        targets: [
          .executableTarget(
            name: "App",
            dependencies: [.product(name: "AWSLambdaRuntime", package: "swift-aws-lambda-runtime")])
        ])

      """,
      "fn/Sources/App/main.swift": "import AWSLambdaRuntime\nserve { $0 + \"!\" }\n",
      "swift-aws-lambda-runtime/Package.swift": """
      // swift-tools-version: 6.0
      import PackageDescription
      let package = Package(
        name: "swift-aws-lambda-runtime",
        products: [.library(name: "AWSLambdaRuntime", targets: ["AWSLambdaRuntime"])],
        targets: [.target(name: "AWSLambdaRuntime", dependencies: ["CSerial"]), .target(name: "CSerial")])

      """,
      "swift-aws-lambda-runtime/Sources/AWSLambdaRuntime/Serve.swift":
        "public func serve(_ body: (String) -> String) { print(body(\"ready\")) }\n",
      "swift-aws-lambda-runtime/Sources/CSerial/include/CSerial.h": "int serial(void);\n",
      "swift-aws-lambda-runtime/Sources/CSerial/inner/first.h": "#define FIRST 1\n",
      "swift-aws-lambda-runtime/Sources/CSerial/inner/second.h": "#define SECOND 2\n",
      "swift-aws-lambda-runtime/Sources/CSerial/inner/serial.c":
        "#include \"CSerial.h\"\n#include \"first.h\"\n#include \"second.h\"\nint serial(void) { return FIRST + SECOND; }\n",
      ".gitignore": ".build\n",
    ])
    let (package, _) = try await build(repository)
    #expect(package.tree.entries.map(\.path.text) == ["bootstrap"])
    guard case .file(let file, _, true)? = package.tree.entries.first?.content else {
      Issue.record("bootstrap is no program")
      return
    }
    let program = try #require(ELFFile(try Files.read(file, limit: 1 << 28)))
    #expect(program.isProgram && program.isWhole)
    #expect(program.libraries.filter { $0.contains("swift") } == [])
    let lines = Lock<[String]>([])
    let exit = try await ChildProcess.run(
      ChildProcess.Specification(arguments: [file], environment: .exactly([:]))
    ) { _, line in lines.withLock { $0.append(line) } }
    #expect(exit.isSuccess && lines.withLock { $0 } == ["ready!"])
    // What the compiler read of the target, and of the one that it imports, is held against the inputs.
    try repository.folder.write("common/Word.swift", "let word = 1\n")
    repository.link("fn/Sources/App/Common", to: "../../../common")
    try repository.folder.write(
      "swift-aws-lambda-runtime/Sources/AWSLambdaRuntime/Serial.swift", "let serial = 1\n")
    _ = try await build(repository)
    try repository.folder.write(".gitignore", ".build\nSerial.swift\n")
    let refused = await message { _ = try await build(repository) }
    #expect(
      refused.contains(
        "the compiler read swift-aws-lambda-runtime/Sources/AWSLambdaRuntime/Serial.swift, which no digest"),
      "\(refused)")
    // Clang's list of a C file goes over several lines.
    try repository.folder.write(".gitignore", ".build\nsecond.h\n")
    let header = await message { _ = try await build(repository) }
    #expect(
      header.contains(
        "the compiler read swift-aws-lambda-runtime/Sources/CSerial/inner/second.h, which no digest"),
      "\(header)")
  }

  @Test(
    "what Swift's compiler read is looked for beside the objects that the program is linked from, whatever they are called; none of it is refused",
    arguments: [
      (
        "mkdir -p Inner.build; echo $PWD/Inner.build/x.swift.o > App.product/Objects.LinkFileList; echo \"x.o: $OLDPWD/list.txt\" > Inner.build/x.d",
        "the compiler read fn/list.txt, which no digest of the function covers"
      ), ("", "swift left no list of what it read for 'App'"),
    ])
  func swiftObjects(_ script: String, _ says: String) async throws {
    let unit = try #require(Self.units.first { $0.what == "Swift" })
    let repository = try Repository(
      unit.files.merging(["fn/list.txt": "1\n", ".gitignore": ".build\nlist.txt\n"]) { $1 })
    let tools = try StandIns([
      "swift": """
      case "$*" in *--version*) echo 9.8.7; exit 0;; esac
      mkdir -p .build/release/App.product
      cd .build/release
      printf '#!/bin/sh\\n' > App
      \(script)
      """
    ])
    let refused = await message { _ = try await build(repository, environment: tools.environment) }
    #expect(refused.contains(says), "\(refused)")
  }

  @Test("make's rules are read with spaces in names, comments, several targets and lines that go on")
  func dependencyFile() {
    let broken = "dependencies: \\\n  /r/a.c \\\n  /r/b.h /r/c\\ d.h\n/t/x: /r/e\n"
    #expect(DependencyFile(Array(broken.utf8)).paths == ["/r/a.c", "/r/b.h", "/r/c d.h", "/r/e"])
    let text = "# made\n/t/a b: /x\n/t/fn: /r/a\\ b.rs /r/c\\d.rs\n\n/r/c.rs:\n"
    #expect(DependencyFile(Array(text.utf8)).paths == ["/x", "/r/a b.rs", "/r/c\\d.rs"])
  }

  private func build(
    _ repository: Repository, environment: [String: String] = [:]
  ) async throws -> (package: BuiltPackage, lines: [String]) {
    let environment = Self.environment.merging(environment) { $1 }
    let workspace = try repository.open(environment)
    let definitions = try await repository.functions(environment: environment)
    let digests = try await Digester(workspace).digest(definitions)
    let definition = try #require(definitions.first)
    let lines = Lock<[String]>([])
    let package = try await Builder(workspace, timeout: .minutes(5)).package(
      definition, digests: try #require(digests[definition.name])
    ) { event in
      if case .line(_, _, let text) = event { lines.withLock { $0.append(text) } }
    }
    return (package, lines.withLock { $0 })
  }
}
