import Core
import TestSupport
import Testing

@testable import Packager

@Suite("gate of Java and .NET")
struct JavaGateTests {
  private func faults(_ config: String, _ folder: TemporaryFolder) async throws -> [GateFault] {
    let repository = try Repository([
      "fn/function.json": #"{"output": "out", "build": ["true"], \#(config)}"#, "fn/x": "",
    ])
    let definition = try #require(try await repository.functions().first)
    return Gate.faults(definition, tree: try PackageTree(folder: folder.path), zipSize: 1, hasBucket: true)
  }

  private static let java = #""runtime": "java21", "handler": "shop.App::handleRequest""#

  @Test("a class that this machine's compiler made is read, at the top and in a jar, with what it names")
  func classes() async throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "src/shop/App.java",
      "package shop; public class App { Dep d; void handleRequest() { d = new Dep(); d.go(); } }\n"
    )
    try folder.write("src/shop/Dep.java", "package shop; class Dep { void go() { java.util.List.of(1); } }\n")
    let made = try await ChildProcess.run(
      ChildProcess.Specification(
        arguments: [
          "javac", "-d", "\(folder.path)/out", "\(folder.path)/src/shop/App.java",
          "\(folder.path)/src/shop/Dep.java",
        ],
        environment: .exactly(["PATH": "/usr/local/bin:/usr/bin:/bin"]))
    ) { _, _ in }
    try #require(made.isSuccess)
    let bytes = try Files.read("\(folder.path)/out/shop/App.class")
    #expect(ClassFile(bytes)?.references == ["java/lang/Object", "shop/App", "shop/Dep"])

    let whole = try TemporaryFolder()
    try whole.write("shop/x", "")
    for name in ["App", "Dep"] {
      try Files.writeAtomically(
        try Files.read("\(folder.path)/out/shop/\(name).class"), to: "\(whole.path)/shop/\(name).class")
    }
    #expect(try await faults(Self.java, whole) == [])
    try Files.remove("\(whole.path)/shop/Dep.class")
    #expect(
      try await faults(Self.java, whole).map { "\($0)" } == [
        "shop/App.class names shop.Dep; neither the runtime nor the package has them"
      ])

    let older = #""runtime": "java8.al2", "handler": "shop.App::handleRequest""#
    let version = try #require(ClassFile(bytes)?.version)
    #expect(
      try await faults(older, whole).map { "\($0)" } == [
        "shop/App.class is compiled for Java \(version); java8.al2 has Java 8"
      ])

    let other = Self.java.replacing("handleRequest", with: "handle")
    #expect(
      try await faults(other, whole).map { "\($0)" } == [
        "shop/App.class has no method 'handle' in shop.App; the handler is 'shop.App::handle'"
      ])

    let jar = try TemporaryFolder()
    try jar.write("lib/x", "")
    let packed = try await ChildProcess.run(
      ChildProcess.Specification(
        arguments: ["jar", "cf", "\(jar.path)/lib/app.jar", "-C", "\(folder.path)/out", "."],
        environment: .exactly(["PATH": "/usr/local/bin:/usr/bin:/bin"]))
    ) { _, _ in }
    try #require(packed.isSuccess)
    #expect(try await faults(Self.java, jar) == [])
    let absent = #""runtime": "java21", "handler": "shop.Gone::handleRequest""#
    #expect(
      try await faults(absent, jar).map { "\($0)" } == [
        "the class shop.Gone of the handler is not there; the runtime loads classes from the package's top and from jars in lib/; the package has no such class"
      ])
  }

  @Test("sources are no classes: the refusal says what the package holds instead")
  func sources() async throws {
    let folder = try TemporaryFolder()
    try folder.write("src/main/java/shop/App.java", "package shop; public class App {}")
    #expect(
      try await faults(Self.java, folder).map { "\($0)" } == [
        "the class shop.App of the handler is not there; the runtime loads classes from the package's top and from jars in lib/; the package holds sources (src/main/java/shop/App.java)"
      ])
  }

  @Test(".NET needs the handler's assembly, its settings and what it was built against")
  func dotnet() async throws {
    let config = #""runtime": "dotnet8", "handler": "Shop::Shop.App::Run""#
    let folder = try TemporaryFolder()
    try folder.write("Shop.dll", "MZ")
    #expect(
      try await faults(config, folder).map { "\($0)" } == [
        "Shop.runtimeconfig.json is not in the package; the handler 'Shop::Shop.App::Run' needs it"
      ])
    try folder.write("Shop.runtimeconfig.json", "{}")
    try folder.write(
      "Shop.deps.json",
      #"{"targets": {".NETCoreApp,Version=v8.0": {"Shop/1.0": {"runtime": {"Shop.dll": {}}}, "Dep/2.0": {"runtime": {"lib/net8.0/Dep.dll": {}}}}}}"#
    )
    #expect(
      try await faults(config, folder).map { "\($0)" } == [
        "Shop.deps.json names Dep.dll; the package does not have it"
      ])
    try folder.write("Dep.dll", "")
    let types = [AssemblyFile.DeclaredType(space: "Shop", name: "App", methods: ["Run"])]
    try Files.writeAtomically(AssemblyFile(types: types).bytes, to: "\(folder.path)/Shop.dll")
    #expect(try await faults(config, folder) == [])
  }
}
