import Core
import TestSupport
import Testing

@testable import Packager

/// Maven with the plugins of Debian's own repository and nothing from elsewhere.
enum DebianMaven {
  static let plugins = "/usr/share/maven-repo"

  static var isThere: Bool {
    MadePackages.areThere("mvn", "javac", "jar")
      && ["compiler", "dependency", "jar", "resources", "surefire"].allSatisfy {
        Files.exists("\(plugins)/org/apache/maven/plugins/maven-\($0)-plugin")
      }
  }
}

@Suite("Maven itself", .enabled(if: DebianMaven.isThere, "no Maven with Debian's plugins here"))
struct MavenTests {
  private static func module(_ name: String, _ dependencies: [String] = []) -> String {
    let list = dependencies.map { dependency in
      let parts = dependency.split(separator: ":")
      return
        "<dependency><groupId>\(parts[0])</groupId><artifactId>\(parts[1])</artifactId><version>1</version></dependency>"
    }
    return """
      <project>
        <modelVersion>4.0.0</modelVersion>
        <parent><groupId>shop</groupId><artifactId>shop</artifactId><version>1</version></parent>
        <artifactId>\(name)</artifactId>
        <dependencies>\(list.joined())</dependencies>
      </project>

      """
  }

  @Test(
    "a module is built with the modules that it needs and with jars of the local repository, twice to the same bytes"
  )
  func module() async throws {
    let local = try TemporaryFolder()
    // Links: the copy is what a build may write to.
    try await MadePackages.run(["cp", "-rs", "\(DebianMaven.plugins)/.", local.path], in: local.path)
    try local.write(
      "sources/money/Price.java",
      "package money;\npublic class Price { public static int one() { return 7; } }\n")
    try await MadePackages.run(
      ["javac", "--release", "11", "-d", "classes", "sources/money/Price.java"], in: local.path)
    try local.write(
      "money/price/1/price-1.pom",
      "<project><modelVersion>4.0.0</modelVersion><groupId>money</groupId><artifactId>price</artifactId><version>1</version></project>"
    )
    try await MadePackages.run(
      ["jar", "--create", "--file", "money/price/1/price-1.jar", "-C", "classes", "."], in: local.path)
    let repository = try Repository([
      "lamctl.json": #"{"functions": ["fn"], "environments": {"prod": {}}}"#,
      "fn/function.json": #"{"runtime": "java17", "handler": "shop.App::handleRequest"}"#,
      ".mvn/maven.config": "-s\n.mvn/settings.xml\n",
      ".mvn/settings.xml":
        "<settings><localRepository>\(local.path)</localRepository><offline>true</offline></settings>\n",
      "pom.xml": """
      <project>
        <modelVersion>4.0.0</modelVersion>
        <groupId>shop</groupId><artifactId>shop</artifactId><version>1</version><packaging>pom</packaging>
        <modules><module>api</module><module>fn</module></modules>
        <properties>
          <maven.compiler.release>11</maven.compiler.release>
          <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
        </properties>
      </project>

      """,
      "api/pom.xml": Self.module("api"), "fn/pom.xml": Self.module("fn", ["shop:api", "money:price"]),
      "api/src/main/java/com/amazonaws/services/lambda/runtime/Context.java":
        "package com.amazonaws.services.lambda.runtime;\npublic interface Context {}\n",
      "api/src/main/java/com/amazonaws/services/lambda/runtime/RequestHandler.java":
        "package com.amazonaws.services.lambda.runtime;\npublic interface RequestHandler<I, O> { O handleRequest(I i, Context c); }\n",
      "fn/src/main/resources/greeting.txt": "hello\n",
      "fn/src/main/java/shop/App.java": """
      package shop;
      import com.amazonaws.services.lambda.runtime.*;
      public class App implements RequestHandler<String, String> {
        public String handleRequest(String name, Context context) { return name + " " + money.Price.one(); }
        public static void main(String[] names) { System.out.println(new App().handleRequest(names[0], null)); }
      }

      """,
    ])
    let package = try await MadePackages.package(repository)
    #expect(
      package.tree.entries.map(\.path.text) == [
        "greeting.txt", "lib/api-1.jar", "lib/price-1.jar", "shop/App.class",
      ])
    let folder = try await MadePackages.unpack(package)
    #expect(
      try await MadePackages.run(
        ["java", "-cp", "\(folder.path):\(folder.path)/lib/*", "shop.App", "seven"], in: folder.path)
        == ["seven 7"])
    for made in [".lamctl", "api/target", "fn/target"] { try Files.remove("\(repository.path)/\(made)") }
    #expect(try await MadePackages.package(repository).pkg == package.pkg)
  }
}
