@testable import Packager

extension RepositoryShape {
  static let goCommands: RepositoryShape = {
    var shape = RepositoryShape("Go cmd/*")
    shape.put("go.mod", "module example.com/shop\n")
    for name in names {
      shape.put(
        "cmd/\(name)/main.go",
        "package main\nimport \"github.com/aws/aws-lambda-go/lambda\"\nfunc main() { lambda.Start(h) }\n",
        handler: "bootstrap")
    }
    shape.put("cmd/migrate/main.go", "package main\nfunc main() {}\n")
    shape.put("internal/lambda/start.go", "package lambda\n// lambda.Start is called elsewhere\n")
    return shape
  }()

  static let goAreas: RepositoryShape = {
    var shape = RepositoryShape("Go by areas, a module each")
    for name in names.prefix(5) {
      shape.put("services/\(name)/go.mod", "module example.com/\(name)\n")
      shape.put(
        "services/\(name)/functions/get/main.go",
        "package main\nimport (\n\t\"github.com/aws/aws-lambda-go/lambda\"\n)\nfunc main() { lambda.StartWithOptions(h) }\n",
        handler: "bootstrap")
      shape.put(
        "services/\(name)/functions/put/main.go",
        "package main\nimport l \"github.com/aws/aws-lambda-go/lambda\"\nfunc main() { l.Start(h) }\n",
        handler: "bootstrap")
    }
    return shape
  }()

  static let cargo: RepositoryShape = {
    var shape = RepositoryShape("Cargo workspace")
    shape.put("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n")
    for name in names.prefix(5) {
      shape.put(
        "crates/\(name)/Cargo.toml", "[package]\nname = \"\(name)\"\n[dependencies]\nlambda_http = \"0.13\"\n"
      )
      shape.put(
        "crates/\(name)/src/main.rs", "use lambda_http::{run, Error};\nfn main() {}\n", handler: "bootstrap")
    }
    shape.put(
      "crates/jobs/Cargo.toml",
      "[package]\nname = \"jobs\"\n[dependencies]\nlambda_runtime = { version = \"0.13\" }\n")
    shape.put("crates/jobs/src/bin/daily.rs", "fn main() { lambda_runtime::run(f) }\n", handler: "bootstrap")
    shape.put("crates/jobs/src/bin/weekly.rs", "fn main() { lambda_runtime::run(f) }\n", handler: "bootstrap")
    shape.put("crates/jobs/src/bin/seed.rs", "fn main() {}\n")
    shape.put("crates/core/Cargo.toml", "[package]\nname = \"core\"\n")
    shape.put("crates/core/src/lib.rs", "")
    return shape
  }()

  static let reactor: RepositoryShape = {
    var shape = RepositoryShape("Maven reactor")
    shape.put("pom.xml", "<project><packaging>pom</packaging></project>")
    for name in names {
      let type = name.beginningLarge + "Handler"
      shape.put("\(name)/pom.xml", "<project><artifactId>\(name)</artifactId></project>")
      shape.put(
        "\(name)/src/main/java/shop/\(type).java",
        "package shop;\n/** A handler. */\npublic final class \(type) implements RequestHandler<Map<String, String>, Void> {\n  static class Request {}\n}\n",
        handler: "shop.\(type)::handleRequest")
      shape.put(
        "\(name)/src/test/java/shop/FakeHandler.java",
        "class FakeHandler implements RequestHandler<A, B> {}\n")
    }
    shape.put("common/pom.xml", "<project><artifactId>common</artifactId></project>")
    shape.put(
      "common/src/main/java/shop/Base.java", "public abstract class Base implements RequestStreamHandler {}\n"
    )
    return shape
  }()

  static let gradle: RepositoryShape = {
    var shape = RepositoryShape("Gradle with Kotlin")
    shape.put("settings.gradle.kts", "include(\":api\")\n")
    for name in names.prefix(5) {
      shape.put("\(name)/build.gradle.kts", "plugins { kotlin(\"jvm\") }\n")
      shape.put(
        "\(name)/src/main/kotlin/shop/App.kt",
        "package shop\nimport x\nclass App(val y: Z = Z()) : Base<Event>() {}\n",
        handler: "shop.App::handleRequest")
      shape.put(
        "\(name)/src/main/kotlin/shop/Model.kt", "package shop\ndata class Model(val handler: String)\n")
    }
    shape.put("core/build.gradle.kts", "")
    shape.put(
      "core/src/main/kotlin/shop/Base.kt",
      "package shop\nabstract class Base<T> : RequestHandler<T, Unit> {}\n")
    return shape
  }()

  static let solution: RepositoryShape = {
    var shape = RepositoryShape(".NET solution")
    shape.put("Shop.sln")
    let package = "<PackageReference Include=\"Amazon.Lambda.Core\" Version=\"2\" />"
    for name in names.prefix(6) {
      let type = name.beginningLarge
      shape.put("src/\(type)/\(type).csproj", "<Project><ItemGroup>\(package)</ItemGroup></Project>")
      shape.put(
        "src/\(type)/Function.cs",
        "using Amazon.Lambda.Core;\n[assembly: LambdaSerializer(typeof(X))]\nnamespace Shop.\(type);\npublic class Function\n{\n  public Function() {}\n  public async Task<string> FunctionHandler(Input input, ILambdaContext context)\n  {\n    return await Run(input, context);\n  }\n  private Task<string> Run(Input i, ILambdaContext c) => null;\n}\n",
        handler: "\(type)::Shop.\(type).Function::FunctionHandler")
    }
    shape.put(
      "test/Tests/Tests.csproj",
      "<Project><ItemGroup>\(package)<PackageReference Include=\"xunit\" /></ItemGroup></Project>")
    shape.put("test/Tests/T.cs", "public class T { public void A(ILambdaContext c) {} }\n")
    shape.put("src/Common/Common.csproj", "<Project />")
    shape.put("src/Common/Log.cs", "public class Log { public void Write(ILambdaContext c) {} }\n")
    return shape
  }()
}

extension String {
  var beginningLarge: String { prefix(1).uppercased() + dropFirst() }
}
