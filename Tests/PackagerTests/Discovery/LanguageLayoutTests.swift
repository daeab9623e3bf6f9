import Core
import Testing

@testable import Packager

@Suite("functions of every language")
struct LanguageLayoutTests {
  typealias Layout = DiscoveryTests.Layout

  private static let goMain = """
    package main

    import (
    	"context"
    	runtime "github.com/aws/aws-lambda-go/lambda"
    )

    func main() { runtime.Start(func(ctx context.Context) error { return nil }) }
    """
  private static let rustMain =
    "use lambda_runtime::{run, service_fn, Error};\nfn main() { run(service_fn(f)) }\n"
  private static let cargo = "[package]\nname = \"orders\"\n[dependencies]\nlambda_runtime = \"0.13\"\n"
  private static let pom = "<project><artifactId>a</artifactId></project>"
  private static let csproj = """
    <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>
    <ItemGroup><PackageReference Include="Amazon.Lambda.Core" Version="2.2.0" /></ItemGroup></Project>
    """

  static let layouts = [
    Layout(
      name: "one Go module with many programs",
      files: [
        "go.mod": "module example.com/shop\n\ngo 1.22\n", "cmd/orders/main.go": goMain,
        "cmd/mail/main.go": goMain,
        "cmd/tool/main.go": "package main\nfunc main() {}\n", "internal/store/store.go": "package store\n",
        "internal/start/start.go":
          "package start\nimport \"github.com/aws/aws-lambda-go/lambda\"\nfunc Go() { lambda.StartWithOptions(nil) }\n",
        "internal/billing/invoice/main/lambda.go":
          "package main\nimport \"example.com/shop/internal/start\"\nfunc main() { start.Go() }\n",
        "cmd/orders/main_test.go": goMain,
      ],
      expected: [
        "invoice internal/billing/invoice/main bootstrap Z1", "mail cmd/mail bootstrap Z1",
        "orders cmd/orders bootstrap Z1",
      ]),
    Layout(
      name: "a Cargo workspace and a crate with several programs",
      files: [
        "Cargo.toml":
          "[workspace]\nmembers = [\"lambdas/*\"]\n[workspace.dependencies]\nlambda_http = \"0.13\"\n",
        "lambdas/orders/Cargo.toml": cargo, "lambdas/orders/src/main.rs": rustMain,
        "lambdas/api/Cargo.toml": "[package]\nname = \"api\"\n[dependencies]\nlambda_http.workspace = true\n",
        "lambdas/api/src/bin/get.rs": "use lambda_http::run;\n",
        "lambdas/api/src/bin/put/main.rs": "lambda_http::run(f)",
        "lambdas/api/src/bin/migrate.rs": "fn main() {}\n", "lambdas/api/src/lib.rs": "",
        "lambdas/ext/Cargo.toml": "[package]\nname = \"ext\"\n[dependencies]\nlambda-extension = \"0.1\"\n",
        "lambdas/ext/src/main.rs": "fn main() {}",
      ],
      expected: [
        "get lambdas/api bootstrap Z1", "orders lambdas/orders bootstrap Z1", "put lambdas/api bootstrap Z1",
      ]),
    Layout(
      name: "a Maven reactor and a Kotlin project by Gradle",
      files: [
        "pom.xml": "<project><modules><module>orders</module></modules></project>", "orders/pom.xml": pom,
        "orders/src/main/java/com/shop/CreateHandler.java":
          "package com.shop;\npublic class CreateHandler extends Base<String> {}\n",
        "orders/src/main/java/com/shop/Base.java":
          "package com.shop;\nabstract class Base<T> implements RequestHandler<T, String> {}\n",
        "orders/src/test/java/com/shop/Fake.java": "class Fake implements RequestHandler<A, B> {}\n",
        "mail/build.gradle.kts": "",
        "mail/src/main/kotlin/Mail.kt":
          "package mail\nclass Mail(private val x: Y) : RequestStreamHandler {}\nclass Other : Thing()\n",
        "mail/src/main/kotlin/Stats.kt":
          "package mail\nclass Stats : RequestHandler<Map<String, String>, Unit> {}\n",
      ],
      expected: [
        "Mail mail mail.Mail::handleRequest Z1", "Stats mail mail.Stats::handleRequest Z1",
        "orders orders com.shop.CreateHandler::handleRequest Z1",
      ]),
    Layout(
      name: "applications of Spring Cloud Function, whose handler is the library's",
      files: [
        "orders/pom.xml":
          "<project><dependencies><dependency><artifactId>spring-cloud-function-adapter-aws</artifactId></dependency></dependencies></project>",
        "orders/src/main/java/shop/Orders.java":
          "package shop;\nimport org.springframework.boot.autoconfigure.SpringBootApplication;\n@SpringBootApplication\npublic class Orders {}\n",
        "orders/src/main/java/shop/Price.java": "package shop;\npublic class Price {}\n",
        // It has a handler of its own.
        "mail/build.gradle": "implementation 'org.springframework.cloud:spring-cloud-function-adapter-aws'\n",
        "mail/src/main/java/Mail.java": "class Mail implements RequestHandler<A, B> {}\n",
        "mail/src/main/java/App.java":
          "import org.springframework.boot.autoconfigure.*;\n@SpringBootApplication\nclass App {}\n",
        // A service of its own: nothing of it runs on Lambda.
        "site/pom.xml": "<project/>",
        "site/src/main/java/Site.java":
          "import org.springframework.boot.autoconfigure.SpringBootApplication;\n@SpringBootApplication\nclass Site {}\n",
      ],
      expected: [
        "mail mail Mail::handleRequest Z1",
        "orders orders org.springframework.cloud.function.adapter.aws.FunctionInvoker::handleRequest Z1",
      ]),
    Layout(
      name: "a .NET solution",
      files: [
        "Shop.sln": "", "src/Orders/Orders.csproj": csproj,
        "src/Orders/Function.cs":
          "namespace Shop.Orders;\npublic class Function { public string Handle(string input, ILambdaContext context) => input; private void X(ILambdaContext c) {} }\n",
        "src/Mail/Mail.csproj": csproj,
        "src/Mail/Send.cs":
          "namespace Shop { namespace Mail { public class Send { [LambdaFunction]\n [HttpApi(Get, \"/x\")]\n public async Task<string> Run(string a) { } } } }\n",
        "src/Store/Store.csproj": "<Project />", "src/Store/Store.cs": "public class Store {}\n",
        "test/Orders.Tests/Orders.Tests.csproj": csproj,
        "test/Orders.Tests/FunctionTest.cs": "public class T { public void A(ILambdaContext c) {} }\n",
        "src/Api/Api.csproj": csproj,
        "src/Api/Program.cs": "await LambdaBootstrapBuilder.Create(h).Build().RunAsync();\n",
        // Neither is a function: an extension of the context, and the method that a program hands to its bootstrap.
        "src/Orders/Contexts.cs":
          "public static class Contexts { public static int Left(this ILambdaContext context) => 1; }\n",
        "src/Own/Own.csproj": csproj,
        "src/Own/Function.cs":
          "public class Function { static Task Main() => LambdaBootstrapBuilder.Create(Handle).Build().RunAsync(); public static string Handle(string input, ILambdaContext context) => input; }\n",
      ],
      expected: [
        "Api src/Api Api Z1", "Mail src/Mail Mail::Shop.Mail.Send_Run_Generated::Run Z1",
        "Orders src/Orders Orders::Shop.Orders.Function::Handle Z1", "Own src/Own Own Z1",
      ]),
    Layout(
      name: "Ruby methods and those of modules",
      files: [
        "functions/hello/app.rb": "require 'json'\ndef lambda_handler(event:, context:)\nend\n",
        "functions/mail/mailer.rb":
          "module Shop\n  class Mailer\n    def self.send(event:, context:)\n    end\n    def other(a)\n    end\n  end\nend\n",
        "functions/mail/spec/mailer_spec.rb": "def lambda_handler(event:, context:)\nend\n",
      ],
      expected: [
        "hello functions/hello app.lambda_handler Z1", "mailer functions/mail mailer.Shop::Mailer.send Z1",
      ]),
    Layout(
      name: "programs of Swift packages",
      files: [
        "Package.swift": """
        let package = Package(name: "shop", targets: [
          .executableTarget(name: "Orders", dependencies: [.product(name: "AWSLambdaRuntime", package: "runtime"), "Store"]),
          .executableTarget(name: "Tool", dependencies: [.target(name: "Store")]),
          .executableTarget(name: "Mail", dependencies: [.product(name: "AWSLambdaRuntime", package: "runtime")], path: "mail"),
          .target(name: "Store"),
        ])
        """,
        "Sources/Orders/main.swift": "import AWSLambdaRuntime\n",
        "Sources/Tool/main.swift": "import Foundation\n",
        "mail/Mail.swift": "import Foundation\nimport AWSLambdaRuntime\n@main struct Mail {}\n",
        "Sources/Store/Store.swift": "",
      ],
      expected: ["Mail . bootstrap Z1", "Orders . bootstrap Z1"]),
    Layout(
      name: "container images, and a Dockerfile of something else",
      files: [
        "services/scan/Dockerfile":
          "FROM public.ecr.aws/lambda/python:3.13\nCOPY app.py .\nCMD [\"app.handler\"]\n",
        "services/scan/app.py": "def handler(event, context):\n    pass\n",
        "services/web/Dockerfile": "FROM nginx\n", "functions/own/Dockerfile": "FROM scratch\n",
      ],
      expected: ["own functions/own - Z3", "scan services/scan - Z1"]),
    Layout(
      name: "several files with handlers in one tree",
      files: [
        "packages/functions/package.json": "{}",
        "packages/functions/src/index.ts": "export const handler = async () => 1",
        "packages/functions/src/auth.ts": "export const handler = async (event) => 1",
        "packages/functions/src/billing/cron.ts": "export async function handler() {}",
        "packages/functions/src/billing/money.ts": "export const parse = (text) => text",
      ],
      expected: [
        "auth packages/functions src/auth.handler Z1", "cron packages/functions src/billing/cron.handler Z1",
        "packages packages/functions src/index.handler Z1",
      ]),
    Layout(
      name: "a handler that another file hands on",
      files: [
        "fn/pay/index.ts": "export { handler } from './handler';\n",
        "fn/pay/handler.ts": "export const handler = async (event) => 1;\n",
      ],
      expected: ["pay fn/pay index.handler Z1"]),
    Layout(
      name: "two runtimes in one folder",
      files: [
        "lambdas/stats/index.js": nodeHandler, "lambdas/stats/report.py": pythonHandler,
      ],
      expected: ["report lambdas/stats report.lambda_handler Z1", "stats lambdas/stats index.handler Z1"]),
    Layout(
      name: "exports that a template, Terraform or CDK names",
      files: [
        "serverless.yml":
          "functions:\n  up:\n    handler: src/scale.up\n  down:\n    handler: src/scale.down\n",
        "src/scale.js": "exports.up = () => 1; exports.down = (n) => n; exports.pad = (s) => s;\n",
        "main.tf": "resource x y {\n  handler = \"report.run\"\n}\n",
        "report.py": "def run(a, b):\n  pass\n\ndef make(event, context):\n  pass\n",
        "infra/stack.ts":
          "new NodejsFunction(this, 'a', { entry: path.join(__dirname, '../svc/pay/charge.ts'), handler: 'main' });\n",
        "svc/pay/charge.ts": "export const main = wrap(run);\n",
        "svc/pay/util.ts": "export const run = (x) => x;\n",
      ],
      expected: [
        "charge svc/pay charge.main Z1", "report . report.run Z1", "scale-down src scale.down Z1",
        "scale-up src scale.up Z1",
      ]),
    Layout(
      name: passedOverLayout,
      files: [
        "api/handler.js": "exports.handler = async (req, res) => res.send(1);\n",
        "orders/index.ts": "export const handler = async () => 1\n", "orders/index.js": nodeHandler,
        "workshop/step1/orders/index.ts": "export const handler = async () => 1\n",
      ],
      expected: ["orders orders index.handler Z1"]),
  ]

  @Test("functions are found, and nothing else", arguments: layouts)
  func layout(_ layout: Layout) throws {
    let repository = try Repository(layout.files)
    let found = try repository.discover().functions
    #expect(
      found.map {
        "\($0.name) \($0.unit.isRoot ? "." : $0.unit.text) \($0.handler ?? "-") \($0.rule.rawValue)"
      }.sorted()
        == layout.expected)
  }

  private static let passedOverLayout = "a middleware, a workshop's copy and what was built"

  @Test("what looked like a handler is listed with the reason")
  func passedOver() throws {
    let layout = try #require(Self.layouts.first { $0.name == Self.passedOverLayout })
    let passed = try Repository(layout.files).discover().passedOver
    #expect(
      passed.map { "\($0.path): \($0.reason)" } == [
        "api/handler.js: 'handler' takes a request and a response, as a web server's functions do",
        "orders/index.js: was built from orders/index.ts",
        "workshop/step1/orders/index.ts: lies in a folder 'workshop', beside functions that do not",
      ])
  }

  @Test(
    "the runtime that the repository states is proposed",
    arguments: [
      (
        [
          "a/handler.py": pythonHandler,
          "a/pyproject.toml": "[project]\nrequires-python = \">=3.11,<3.13\"\n",
        ], "python3.11"
      ),
      (
        ["a/handler.py": pythonHandler, "pyproject.toml": "[project]\nrequires-python = \">=3.9\"\n"],
        "python3.13"
      ),
      (["a/handler.py": pythonHandler, ".python-version": "3.12.4\n"], "python3.12"),
      (
        [
          "a/handler.py": pythonHandler, "pyproject.toml": "[tool.poetry.dependencies]\npython = \"^3.10\"\n",
        ], "python3.10"
      ),
      (["a/index.js": nodeHandler, ".nvmrc": "v20\n"], "nodejs20.x"),
      (
        ["a/index.js": nodeHandler, "a/package.json": #"{"engines": {"node": "20.x || 22.x"}}"#], "nodejs20.x"
      ),
      (["a/index.js": nodeHandler, "package.json": #"{"engines": {"node": ">=18"}}"#], "nodejs22.x"),
      (["a/index.js": nodeHandler, ".tool-versions": "ruby 3.2\nnodejs 24.1.0\n"], "nodejs24.x"),
      (["a/app.rb": "def h(event:, context:)\nend\n", ".ruby-version": "3.2.2\n"], "ruby3.2"),
      (
        [
          "a/pom.xml": "<project><properties><java.version>17</java.version></properties></project>",
          "a/src/main/java/H.java": "class H implements RequestHandler<A, B> {}",
        ], "java17"
      ),
      (
        [
          "a/build.gradle": "java { toolchain { languageVersion = JavaLanguageVersion.of(25) } }",
          "a/src/main/java/H.java": "class H implements RequestHandler<A, B> {}",
        ], "java25"
      ),
      (["a/handler.py": pythonHandler], "python3.13"),
    ])
  func stated(_ files: [String: String], _ runtime: String) throws {
    #expect(try Repository(files).discover().functions.map(\.runtime) == [runtime])
  }
}
