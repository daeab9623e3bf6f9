import Core
import TestSupport
import Testing

@testable import Packager

/// A way to write such a graph down in one language.
struct GraphKind: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let files: @Sendable (RandomGraph) -> [String: String]
  let library: @Sendable (Int) -> String
  let function: @Sendable (Int) -> String
  /// What a change of a source appends.
  let edit: String
  /// Files whose change reaches no function.
  var harmless = ["README.md", "docs/guide.md"]
}

extension GraphKind {
  static let all = [go, rust, maven, gradle, dotNet, swift, scripts, aliases, python, pythonTop, ruby]

  private static func list<Element>(_ items: [Element], _ text: (Element) -> String) -> String {
    items.map(text).joined(separator: "\n")
  }

  private static let general = ["README.md": "x", "docs/guide.md": "x"]

  static let go = GraphKind(
    testDescription: "packages of a Go module",
    files: { graph in
      var files = general.merging(["go.mod": "module example.com/m\n\ngo 1.22\n"]) { $1 }
      for library in 0..<graph.libraries {
        files["pkg/l\(library)/l.go"] =
          "package l\(library)\n" + list(graph.edges[library]) { "import _ \"example.com/m/pkg/l\($0)\"" }
        files["pkg/l\(library)/l_test.go"] = "package l\(library)\n"
      }
      for function in 0..<graph.functions {
        files["cmd/f\(function)/main.go"] =
          "package main\nimport \"github.com/aws/aws-lambda-go/lambda\"\n"
          + list(graph.uses[function]) { "import _ \"example.com/m/pkg/l\($0)\"" }
          + "\nfunc main() { lambda.Start(nil) }\n"
      }
      return files
    }, library: { "pkg/l\($0)/l.go" }, function: { "cmd/f\($0)/main.go" }, edit: "\n// x\n",
    harmless: ["README.md", "pkg/l0/l_test.go", "pkg/l8/l_test.go"])

  static let rust = GraphKind(
    testDescription: "packages of a Cargo workspace",
    files: { graph in
      var files = general.merging(["Cargo.toml": "[workspace]\nmembers = [\"crates/*\", \"lambdas/*\"]\n"]) {
        $1
      }
      let paths = { (items: [Int]) in list(items) { "l\($0) = { path = \"../../crates/l\($0)\" }" } }
      for library in 0..<graph.libraries {
        files["crates/l\(library)/Cargo.toml"] =
          "[package]\nname = \"l\(library)\"\n[dependencies]\n" + paths(graph.edges[library])
        files["crates/l\(library)/src/lib.rs"] = "pub fn x() {}\n"
        files["crates/l\(library)/tests/it.rs"] = "\n"
      }
      for function in 0..<graph.functions {
        files["lambdas/f\(function)/Cargo.toml"] =
          "[package]\nname = \"f\(function)\"\n[dependencies]\nlambda_runtime = \"0.13\"\n"
          + paths(graph.uses[function])
        files["lambdas/f\(function)/src/main.rs"] = "use lambda_runtime::run;\nfn main() {}\n"
      }
      return files
    }, library: { "crates/l\($0)/src/lib.rs" }, function: { "lambdas/f\($0)/src/main.rs" }, edit: "\n// x\n",
    harmless: ["README.md", "crates/l0/tests/it.rs"])

  static let maven = GraphKind(
    testDescription: "modules of a Maven reactor",
    files: { graph in
      let project = { (name: String, needs: [Int]) in
        "<project><parent><groupId>g</groupId><artifactId>p</artifactId></parent><artifactId>\(name)</artifactId><dependencies>"
          + list(needs) { "<dependency><groupId>g</groupId><artifactId>l\($0)</artifactId></dependency>" }
          + "</dependencies></project>"
      }
      var files = general
      files["pom.xml"] = "<project><groupId>g</groupId><artifactId>p</artifactId></project>"
      for library in 0..<graph.libraries {
        files["l\(library)/pom.xml"] = project("l\(library)", graph.edges[library])
        files["l\(library)/src/main/java/L.java"] = "class L {}\n"
        files["l\(library)/src/test/java/T.java"] = "class T {}\n"
      }
      for function in 0..<graph.functions {
        files["f\(function)/pom.xml"] = project("f\(function)", graph.uses[function])
        files["f\(function)/src/main/java/H.java"] = "public class H implements RequestHandler<A, B> {}\n"
      }
      return files
    }, library: { "l\($0)/src/main/java/L.java" }, function: { "f\($0)/src/main/java/H.java" },
    edit: "\n// x\n",
    harmless: ["README.md", "l0/src/test/java/T.java"])

  static let gradle = GraphKind(
    testDescription: "projects of a Gradle build",
    files: { graph in
      let script = { (needs: [Int]) in
        "dependencies {\n"
          + list(needs) {
            $0 % 2 == 0 ? "implementation project(':libs:l\($0)')" : "api(projects.libs.l\($0))"
          }
          + "\n}\n"
      }
      var files = general.merging(["settings.gradle": "rootProject.name = 'm'\n"]) { $1 }
      for library in 0..<graph.libraries {
        files["libs/l\(library)/build.gradle"] = script(graph.edges[library])
        files["libs/l\(library)/src/main/kotlin/L.kt"] = "class L\n"
        files["libs/l\(library)/src/test/kotlin/T.kt"] = "class T\n"
      }
      for function in 0..<graph.functions {
        files["fn/f\(function)/build.gradle"] = script(graph.uses[function])
        files["fn/f\(function)/src/main/kotlin/H.kt"] = "class H : RequestHandler<A, B> {}\n"
      }
      return files
    }, library: { "libs/l\($0)/src/main/kotlin/L.kt" }, function: { "fn/f\($0)/src/main/kotlin/H.kt" },
    edit: "\n// x\n",
    harmless: ["README.md", "libs/l0/src/test/kotlin/T.kt"])

  static let dotNet = GraphKind(
    testDescription: "projects of a .NET solution",
    files: { graph in
      let project = { (needs: [Int], extra: String) in
        "<Project><ItemGroup>\(extra)"
          + list(needs) { "<ProjectReference Include=\"..\\L\($0)\\L\($0).csproj\" />" }
          + "</ItemGroup></Project>"
      }
      var files = general.merging(["M.sln": ""]) { $1 }
      for library in 0..<graph.libraries {
        files["src/L\(library)/L\(library).csproj"] = project(graph.edges[library], "")
        files["src/L\(library)/L.cs"] = "public class L {}\n"
      }
      for function in 0..<graph.functions {
        files["src/f\(function)/F.csproj"] = project(
          graph.uses[function], "<PackageReference Include=\"Amazon.Lambda.Core\" />")
        files["src/f\(function)/F.cs"] = "public class F { public int H(int x, ILambdaContext c) => x; }\n"
      }
      return files
    }, library: { "src/L\($0)/L.cs" }, function: { "src/f\($0)/F.cs" }, edit: "\n// x\n",
    harmless: ["README.md", "M.sln"])

  static let swift = GraphKind(
    testDescription: "targets of a Swift package",
    files: { graph in
      let needs = { (items: [Int]) in items.map { ", \"L\($0)\"" }.joined() }
      var manifest = "let package = Package(name: \"m\", targets: [\n"
      var files = general
      for library in 0..<graph.libraries {
        let inner = needs(graph.edges[library]).dropFirst(2)
        manifest += ".target(name: \"L\(library)\", dependencies: [\(inner)]),\n"
        files["Sources/L\(library)/L.swift"] = "struct L {}\n"
      }
      for function in 0..<graph.functions {
        manifest +=
          ".executableTarget(name: \"f\(function)\", dependencies: [.product(name: \"AWSLambdaRuntime\", package: \"r\")"
          + needs(graph.uses[function]) + "]),\n"
        files["Sources/f\(function)/main.swift"] = "import AWSLambdaRuntime\n"
      }
      files["Package.swift"] = manifest + "])\n"
      return files
    }, library: { "Sources/L\($0)/L.swift" }, function: { "Sources/f\($0)/main.swift" }, edit: "\n// x\n")

  static let scripts = GraphKind(
    testDescription: "packages of an npm workspace, by name and by path",
    files: { graph in
      let imports = { (items: [Int], prefix: String) in
        list(items) {
          $0 % 2 == 0 ? "import \"@m/l\($0)\";" : "export * from \"\(prefix)l\($0)/src/index.js\";"
        }
      }
      var files = general.merging(["package.json": "{\"workspaces\": [\"packages/*\", \"services/*\"]}"]) {
        $1
      }
      for library in 0..<graph.libraries {
        let exports = library % 4 == 0 ? ", \"exports\": {\".\": {\"import\": \"./dist/index.js\"}}" : ""
        files["packages/l\(library)/package.json"] = "{\"name\": \"@m/l\(library)\"\(exports)}"
        files["packages/l\(library)/src/index.ts"] = imports(graph.edges[library], "../../")
        files["packages/l\(library)/src/index.test.ts"] = "import './index';\n"
      }
      for function in 0..<graph.functions {
        files["services/f\(function)/package.json"] = "{\"name\": \"f\(function)\"}"
        files["services/f\(function)/src/handler.ts"] =
          imports(graph.uses[function], "../../../packages/") + "\nexport const handler = async () => 1;\n"
      }
      return files
    }, library: { "packages/l\($0)/src/index.ts" }, function: { "services/f\($0)/src/handler.ts" },
    edit: "\n// x\n",
    harmless: ["README.md", "packages/l0/src/index.test.ts"])

  static let aliases = GraphKind(
    testDescription: "TypeScript by the paths of its settings",
    files: { graph in
      let imports = { (items: [Int]) in list(items) { "import { x } from '@lib/l\($0)';" } }
      var files = general
      files["tsconfig.json"] =
        "{ // paths\n \"compilerOptions\": { \"paths\": { \"@lib/*\": [\"src/lib/*\"], }, } }"
      files["package.json"] = "{\"dependencies\": {\"a\": \"1\"}}"
      files["package-lock.json"] = """
        {"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}, "node_modules/a": {"version": "1.0.0"}}}
        """
      for library in 0..<graph.libraries {
        files["src/lib/l\(library).ts"] = imports(graph.edges[library]) + "\nexport const x = 1;\n"
      }
      for function in 0..<graph.functions {
        files["src/functions/f\(function)/index.ts"] =
          imports(graph.uses[function]) + "\nexport const handler = async () => 1;\n"
      }
      return files
    }, library: { "src/lib/l\($0).ts" }, function: { "src/functions/f\($0)/index.ts" }, edit: "\n// x\n")

  static let python = GraphKind(
    testDescription: "packages that uv takes from folders",
    files: { graph in
      let project = { (name: String, needs: [Int]) in
        "[project]\nname = \"\(name)\"\ndependencies = [\(needs.map { "\"l\($0)\"" }.joined(separator: ", "))]\n[tool.uv.sources]\n"
          + list(needs) {
            $0 % 2 == 0 ? "l\($0) = { workspace = true }" : "l\($0) = { path = \"../../libs/l\($0)\" }"
          }
      }
      let locked = { (name: String, folder: String, needs: [Int]) in
        "[[package]]\nname = \"\(name)\"\nversion = \"1\"\nsource = { editable = \"\(folder)/\(name)\" }\n"
          + "dependencies = [\(needs.map { "{ name = \"l\($0)\" }" }.joined(separator: ", "))]\n"
      }
      let imports = { (items: [Int]) in list(items) { "from l\($0).core import x" } }
      var files = general.merging([
        "pyproject.toml": "[tool.uv.workspace]\nmembers = [\"libs/*\", \"functions/*\"]\n"
      ]) { $1 }
      for library in 0..<graph.libraries {
        files["libs/l\(library)/pyproject.toml"] = project("l\(library)", graph.edges[library])
        files["libs/l\(library)/src/l\(library)/__init__.py"] = ""
        files["libs/l\(library)/src/l\(library)/core.py"] = imports(graph.edges[library]) + "\nx = 1\n"
      }
      for function in 0..<graph.functions {
        files["functions/f\(function)/pyproject.toml"] = project("f\(function)", graph.uses[function])
        files["functions/f\(function)/handler.py"] = imports(graph.uses[function]) + "\n" + pythonHandler
      }
      files["uv.lock"] =
        "version = 1\n"
        + list(Array(0..<graph.libraries)) { locked("l\($0)", "libs", graph.edges[$0]) }
        + list(Array(0..<graph.functions)) { locked("f\($0)", "functions", graph.uses[$0]) }
      return files
    }, library: { "libs/l\($0)/src/l\($0)/core.py" }, function: { "functions/f\($0)/handler.py" },
    edit: "\n# x\n")

  static let pythonTop = GraphKind(
    testDescription: "Python whose unit is the whole repository",
    files: { graph in
      let imports = { (items: [Int]) in
        list(items) { $0 % 2 == 0 ? "from core.l\($0) import x" : "from core import l\($0)" }
      }
      var files = general.merging([
        "requirements.txt": "requests==2.32.0\n", "core/__init__.py": "", "terraform/main.tf": "",
        "tests/test_a.py": "",
      ]) { $1 }
      for library in 0..<graph.libraries {
        files["core/l\(library).py"] = imports(graph.edges[library]) + "\nx = 1\n"
      }
      for function in 0..<graph.functions {
        files["api/f\(function)/handler.py"] = imports(graph.uses[function]) + "\n" + pythonHandler
      }
      return files
    }, library: { "core/l\($0).py" }, function: { "api/f\($0)/handler.py" }, edit: "\n# x\n",
    harmless: ["README.md", "terraform/main.tf", "tests/test_a.py"])

  static let ruby = GraphKind(
    testDescription: "Ruby whose unit is the whole repository",
    files: { graph in
      var files = general.merging(["Gemfile": "source 'https://rubygems.org'\n"]) { $1 }
      for library in 0..<graph.libraries {
        files["core/l\(library).rb"] = list(graph.edges[library]) { "require_relative 'l\($0)'" }
      }
      for function in 0..<graph.functions {
        files["api/f\(function)/app.rb"] =
          list(graph.uses[function]) { "require_relative '../../core/l\($0)'" }
          + "\ndef handler(event:, context:)\nend\n"
      }
      return files
    }, library: { "core/l\($0).rb" }, function: { "api/f\($0)/app.rb" }, edit: "\n# x\n")
}
