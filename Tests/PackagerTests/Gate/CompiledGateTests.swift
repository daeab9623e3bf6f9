import Core
import TestSupport
import Testing

@testable import Packager

@Suite("bad and good packages of compiled languages")
struct CompiledGateTests {
  private static let go: [String: String] = [
    "go.mod": "module shop\n\nrequire github.com/aws/aws-lambda-go v1.47.0\n",
    "main.go":
      "package main\n\nimport \"github.com/aws/aws-lambda-go/lambda\"\n\nfunc main() { lambda.Start(func() {}) }\n",
  ]
  private static let rust: [String: String] = [
    "Cargo.toml": "[package]\nname = \"fn\"\n[dependencies]\nlambda_runtime = \"0.13\"\n",
    "src/main.rs": "use lambda_runtime::run;\nfn main() {}\n",
  ]
  private static let swift: [String: String] = [
    "Package.swift":
      "// swift-tools-version: 6.0\nimport PackageDescription\nlet package = Package(name: \"fn\", targets: [.executableTarget(name: \"App\", dependencies: [.product(name: \"AWSLambdaRuntime\", package: \"swift-aws-lambda-runtime\")])])\n",
    "Sources/App/main.swift":
      "import AWSLambdaRuntime\nlet runtime = LambdaRuntime { (e: String, c: LambdaContext) in e }\n",
  ]
  private static let dotnet: [String: String] = [
    "fn.csproj":
      "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup><ItemGroup><PackageReference Include=\"Amazon.Lambda.Core\" Version=\"2.2.0\" /></ItemGroup></Project>",
    "Function.cs":
      "using Amazon.Lambda.Core;\nnamespace Shop;\npublic class Function { public string Run(string s, ILambdaContext c) { return s; } }\n",
  ]

  private static let gnu = "/lib64/ld-linux-x86-64.so.2"
  private static let program = ProgramFile()

  /// A pair that differs by its `bootstrap` alone.
  private static func bootstrap(
    _ what: String, _ sources: [String: String], settings: String = "", bad: [UInt8],
    says: String, good: [UInt8] = program.bytes
  ) -> GatePair {
    GatePair(
      what, settings, bad: [:], says: [says], mend: [:], native: ["bootstrap": bad],
      mendNative: ["bootstrap": good], sources: sources)
  }

  private static let programs: [GatePair] = [
    bootstrap(
      "Go for another processor", go, bad: ProgramFile(machine: 183).bytes,
      says: "bootstrap is built for arm64; the function runs on x86_64"),
    bootstrap(
      "Go for a processor of 32 bits", go, bad: [0x7F, 0x45, 0x4C, 0x46, 1, 1] + program.bytes.dropFirst(6),
      says:
        "bootstrap is no program for a processor of 64 bits, or was cut off; Linux starts whole programs for x86_64"
    ),
    bootstrap(
      "Go of a package that is no program", go, bad: Array("!<arch>\n__.PKGDEF".utf8),
      says:
        "bootstrap is neither a program for Linux nor a script; it must be an ELF file or begin with #!"),
    bootstrap(
      "Go for this developer's machine", go,
      bad: [0xCF, 0xFA, 0xED, 0xFE] + [UInt8](repeating: 0, count: 80),
      says:
        "bootstrap is neither a program for Linux nor a script; it must be an ELF file or begin with #!"),
    bootstrap(
      "Go that a full disk cut off", go, bad: Array(ProgramFile(libraries: ["libc.so.6"]).bytes.dropLast(8)),
      says:
        "bootstrap was cut off: it is shorter than its header says; Linux starts whole programs for x86_64"),
    GatePair(
      "Go under the name of its package", "", bad: [:],
      says: ["bootstrap is missing; the package has main; provided.al2023 starts a program of this name"],
      mend: [:], native: ["main": program.bytes], mendNative: ["bootstrap": program.bytes],
      executables: ["main"], sources: go),
    bootstrap(
      "Go with C, built against a newer C library", go,
      bad: ProgramFile(interpreter: gnu, libraries: ["libc.so.6"], glibc: "GLIBC_2.38").bytes,
      says: "bootstrap needs GLIBC 2.38; provided.al2023 has 2.34",
      good: ProgramFile(interpreter: gnu, libraries: ["libc.so.6"], glibc: "GLIBC_2.34").bytes),
    bootstrap(
      "Rust built against a newer C library", rust, settings: #""runtime": "provided.al2""#,
      bad: ProgramFile(interpreter: gnu, libraries: ["libc.so.6"], glibc: "GLIBC_2.28").bytes,
      says: "bootstrap needs GLIBC 2.28; provided.al2 has 2.26",
      good: ProgramFile(interpreter: gnu, libraries: ["libc.so.6"], glibc: "GLIBC_2.26").bytes),
    bootstrap(
      "Rust linked to musl's C library", rust,
      bad: ProgramFile(interpreter: "/lib/ld-musl-x86_64.so.1", libraries: ["libc.musl-x86_64.so.1"]).bytes,
      says: "bootstrap is loaded by /lib/ld-musl-x86_64.so.1; provided.al2023 has GNU's C library only"),
    bootstrap(
      "Rust linked to an OpenSSL that the runtime has not", rust,
      bad: ProgramFile(interpreter: gnu, libraries: ["libssl.so.1.1", "libc.so.6"]).bytes,
      says: "bootstrap needs the library libssl.so.1.1; neither provided.al2023 nor the package has it",
      good: ProgramFile(interpreter: gnu, libraries: ["libssl.so.3", "libc.so.6"]).bytes),
    bootstrap(
      "Rust as a library", rust, bad: ProgramFile(type: 3, entry: 0).bytes,
      says:
        "bootstrap is a library or an object file, which nothing can start; Linux starts whole programs for x86_64",
      good: ProgramFile(type: 3).bytes),
    bootstrap(
      "Rust for another processor", rust, settings: #""architectures": ["arm64"]"#, bad: program.bytes,
      says: "bootstrap is built for x86_64; the function runs on arm64", good: ProgramFile(machine: 183).bytes
    ),
    bootstrap(
      "Swift with its library beside the compiler", swift,
      bad: ProgramFile(interpreter: gnu, libraries: ["libswiftCore.so", "libc.so.6"]).bytes,
      says: "bootstrap needs the library libswiftCore.so; neither provided.al2023 nor the package has it",
      good: ProgramFile(interpreter: gnu, libraries: ["libstdc++.so.6", "libc.so.6"]).bytes),
    bootstrap(
      "Swift for another processor", swift, bad: ProgramFile(machine: 183, interpreter: gnu).bytes,
      says: "bootstrap is built for arm64; the function runs on x86_64"),
    bootstrap(
      "Swift built on a newer system", swift,
      bad: ProgramFile(interpreter: gnu, libraries: ["libm.so.6"], glibc: "GLIBC_2.35").bytes,
      says: "bootstrap needs GLIBC 2.35; provided.al2023 has 2.34"),
  ]

  private static let shop = AssemblyFile(types: [
    AssemblyFile.DeclaredType(space: "Shop", name: "Prices", methods: [".ctor", "Read"]),
    AssemblyFile.DeclaredType(space: "Shop", name: "Function", methods: [".ctor", "Run"]),
  ])
  private static let settings =
    #"{"runtimeOptions": {"framework": {"name": "Microsoft.NETCore.App", "version": "V"}}}"#
  private static let published: [String: [UInt8]] = [
    "fn.dll": shop.bytes, "fn.runtimeconfig.json": Array(settings.replacing("V", with: "8.0.0").utf8),
  ]

  /// A pair of what `dotnet publish` made; `bad` is written over it, and `mend` over that.
  private static func assembly(
    _ what: String, bad: [String: [UInt8]], says: [String], mend: [String: [UInt8]?] = published
  ) -> GatePair {
    GatePair(
      what, "", bad: [:], says: says, mend: [:], native: published.merging(bad) { $1 }, mendNative: mend,
      sources: dotnet)
  }

  private static let dependencies =
    #"{"targets": {".NETCoreApp,Version=v8.0/linux-x64": {"fn/1.0": {"runtime": {"fn.dll": {}}}, "Dep/2.0": {"runtime": {"lib/net8.0/Dep.dll": {}}, "native": {"runtimes/linux-x64/native/libdep.so": {}}}}}}"#

  private static let assemblies: [GatePair] = [
    assembly(
      ".NET whose class is called otherwise",
      bad: [
        "fn.dll": AssemblyFile(types: [
          AssemblyFile.DeclaredType(space: "Shop", name: "Functions", methods: ["Run"])
        ]).bytes
      ],
      says: [
        "fn.dll has no type 'Shop.Function'; did you mean 'Shop.Functions'?; the handler is 'fn::Shop.Function::Run'"
      ]),
    assembly(
      ".NET whose method is called otherwise",
      bad: [
        "fn.dll": AssemblyFile(
          types: [
            AssemblyFile.DeclaredType(space: "Shop", name: "Other", methods: ["Run"]),
            AssemblyFile.DeclaredType(space: "Shop", name: "Function", methods: [".ctor", "Ran"]),
            AssemblyFile.DeclaredType(space: "Shop", name: "Third", methods: ["Run"]),
          ], isWide: true
        ).bytes
      ],
      says: [
        "fn.dll has no method 'Run' in Shop.Function; did you mean 'Ran'?; the handler is 'fn::Shop.Function::Run'"
      ],
      mend: [
        "fn.dll": AssemblyFile(
          types: [
            AssemblyFile.DeclaredType(
              space: "Shop", name: "Function", parent: ("Shop.Base", "Handler"), methods: [".ctor"])
          ]
        ).bytes
      ]),
    assembly(
      ".NET whose build was cut off", bad: ["fn.dll": []],
      says: ["fn.dll is no .NET assembly; the handler is 'fn::Shop.Function::Run'"]),
    assembly(
      ".NET for a newer .NET than the runtime's",
      bad: ["fn.runtimeconfig.json": Array(settings.replacing("V", with: "9.0.1").utf8)],
      says: ["fn.runtimeconfig.json asks for .NET 9; dotnet8 has .NET 8"]),
    assembly(
      ".NET that was built and not published", bad: ["fn.deps.json": Array(dependencies.utf8)],
      says: [
        "fn.deps.json names Dep.dll; the package does not have it",
        "fn.deps.json names libdep.so; the package does not have it",
      ],
      mend: ["Dep.dll": [], "libdep.so": program.bytes]),
    assembly(
      ".NET with a library for another processor",
      bad: [
        "fn.deps.json": Array(dependencies.utf8), "Dep.dll": [],
        "libdep.so": ProgramFile(machine: 183, type: 3, entry: 0).bytes,
      ], says: ["libdep.so is built for arm64; the function runs on x86_64"],
      mend: ["libdep.so": ProgramFile(type: 3, entry: 0).bytes]),
  ]

  @Test("a program that Lambda could not start is refused, and its sibling passes", arguments: programs)
  func program(_ pair: GatePair) async throws { try await pair.check() }

  @Test("a .NET package that Lambda could not load is refused, and its sibling passes", arguments: assemblies)
  func assembly(_ pair: GatePair) async throws { try await pair.check() }

  @Test("a type that another assembly has, and one inside of another, are taken for there")
  func types() throws {
    let file = AssemblyFile(
      types: [
        AssemblyFile.DeclaredType(space: "Shop", name: "Outer", methods: []),
        AssemblyFile.DeclaredType(space: "", name: "Inner", methods: ["Run"]),
      ], forwards: true)
    let assembly = try #require(DotNetAssembly(file.bytes))
    #expect(assembly.forwards)
    #expect(assembly.type(named: "Shop.Outer+Inner")?.methods == ["Run"])
    #expect(assembly.type(named: "Shop.Inner") == nil)
    #expect(assembly.typeNames == ["<Module>", "Shop.Outer", "Inner"])
    for length in 0..<file.bytes.count where DotNetAssembly(Array(file.bytes.prefix(length))) != nil {
      Issue.record("\(length) bytes of \(file.bytes.count) are taken for all")
    }
  }
}
