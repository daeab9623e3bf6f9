@testable import Packager

/// Shapes that were written after the code, from memory of how public repositories look.
extension RepositoryShape {
  static let further = [
    nestedLayers, manyServices, sstPackages, cdkLambda, uvWorkspace, goWork, cargoBins, gradleKotlin,
    flatHandlers, terraform, wrapped, rubyService, mixedService, tsPaths,
  ]

  static let nestedLayers: RepositoryShape = {
    var shape = RepositoryShape("SAM, Python, layers in layers")
    var template = "Resources:\n"
    for name in names.prefix(5) {
      template += "  \(name):\n    Type: AWS::Serverless::Function\n    Properties:\n"
      template += "      CodeUri: src/functions/\(name)/\n      Handler: app.lambda_handler\n"
      shape.put(
        "src/functions/\(name)/app.py",
        "from common.log import get_logger\n\nlogger = get_logger()\n\n\n@logger.inject_lambda_context\n"
          + "def lambda_handler(event: dict, context: LambdaContext) -> dict:\n    return {}\n",
        handler: "app.lambda_handler")
      shape.put("src/functions/\(name)/__init__.py")
      shape.put("src/functions/\(name)/requirements.txt", "requests==2.32.0\n")
      shape.put("tests/unit/test_\(name).py", "def test_handler(event, context):\n    pass\n")
    }
    shape.put("template.yaml", template)
    shape.put("src/layers/common/python/common/log.py", "def get_logger():\n    return None\n")
    shape.put("src/layers/common/python/common/handlers.py", "def error_handler(error, context):\n    pass\n")
    shape.put("events/event.json", "{}")
    return shape
  }()

  static let manyServices: RepositoryShape = {
    var shape = RepositoryShape("Serverless Framework, a service a folder")
    for name in names.prefix(4) {
      var file = "service: \(name)\nprovider:\n  name: aws\n  runtime: nodejs20.x\nfunctions:\n"
      shape.put("services/\(name)/package.json", #"{"dependencies": {"@middy/core": "5.0.0"}}"#)
      for action in ["create", "get", "list"] {
        file += "  \(action):\n    handler: src/functions/\(action).main\n"
        shape.put(
          "services/\(name)/src/functions/\(action).ts",
          "import { middyfy } from '../libs/lambda';\nconst \(action) = async (event) => ({ statusCode: 200 });\n"
            + "export const main = middyfy(\(action));\n", handler: "src/functions/\(action).main")
      }
      shape.put("services/\(name)/serverless.yml", file)
      shape.put(
        "services/\(name)/src/libs/lambda.ts",
        "import middy from '@middy/core';\nexport const middyfy = (handler) => middy(handler);\n")
      shape.put("services/\(name)/jest.config.js", "module.exports = {};\n")
    }
    return shape
  }()

  static let sstPackages: RepositoryShape = {
    var shape = RepositoryShape("SST, packages/functions/src")
    var stack = "export default $config({ async run() {\n"
    shape.put("package.json", #"{"workspaces": ["packages/*"], "devDependencies": {"sst": "3.0.0"}}"#)
    shape.put("packages/functions/package.json", #"{"name": "@app/functions"}"#)
    shape.put("packages/core/package.json", #"{"name": "@app/core"}"#)
    shape.put("packages/core/src/user.ts", "export async function create() { return 1; }\n")
    for name in names.prefix(6) {
      stack +=
        "  new sst.aws.Function(\"\(name)\", { handler: \"packages/functions/src/\(name).handler\" });\n"
      shape.put(
        "packages/functions/src/\(name).ts",
        "import { create } from '@app/core/user';\nexport const handler = ApiHandler(async (_evt) => create());\n",
        handler: "src/\(name).handler")
    }
    shape.put("sst.config.ts", stack + "} });\n")
    shape.put("packages/web/src/app.ts", "export const render = () => 1;\n")
    return shape
  }()

  static let cdkLambda: RepositoryShape = {
    var shape = RepositoryShape("CDK, lib/lambda")
    shape.put("cdk.json", #"{"app": "npx ts-node bin/app.ts"}"#)
    shape.put("package.json", #"{"dependencies": {"aws-cdk-lib": "2.150.0"}}"#)
    shape.put("bin/app.ts", "import { Shop } from '../lib/shop-stack';\nnew Shop(app, 'Shop');\n")
    var stack = "export class Shop extends Stack {\n"
    for name in names.prefix(5) {
      stack +=
        "  new NodejsFunction(this, '\(name)', { entry: join(__dirname, 'lambda/\(name)/index.ts') });\n"
      shape.put(
        "lib/lambda/\(name)/index.ts",
        "export const handler: Handler = async (event) => ({ statusCode: 200 });\n",
        handler: "lib/lambda/\(name)/index.handler")
    }
    shape.put("lib/shop-stack.ts", stack + "}\n")
    shape.put("test/shop.test.ts", "test('x', () => {});\n")
    return shape
  }()

  static let uvWorkspace: RepositoryShape = {
    var shape = RepositoryShape("uv workspace")
    shape.put(
      "pyproject.toml", "[project]\nname = \"root\"\n[tool.uv.workspace]\nmembers = [\"packages/*\"]\n")
    for name in names.prefix(5) {
      shape.put(
        "packages/\(name)/pyproject.toml",
        "[project]\nname = \"\(name)\"\nrequires-python = \">=3.12\"\ndependencies = [\"shared\"]\n"
          + "[tool.uv.sources]\nshared = { workspace = true }\n")
      shape.put(
        "packages/\(name)/src/\(name)/handler.py", "from shared import x\n" + pythonHandler,
        handler: "\(name)/handler.lambda_handler")
      shape.put("packages/\(name)/src/\(name)/__init__.py")
      shape.put("packages/\(name)/tests/test_handler.py", "def test_x():\n    pass\n")
    }
    shape.put("packages/shared/pyproject.toml", "[project]\nname = \"shared\"\n")
    shape.put("packages/shared/src/shared/__init__.py", "x = 1\n")
    // Where imports start is told by the imports; here none goes to the member's own package.
    shape.functions = Set(
      shape.functions.map { text in
        let parts = text.split(separator: " ")
        return "\(parts[0]) src/\(parts[1])"
      })
    return shape
  }()

  static let goWork: RepositoryShape = {
    var shape = RepositoryShape("go.work, several modules")
    shape.put("go.work", "go 1.22\n\nuse (\n\t./shared\n\t./orders\n\t./users\n)\n")
    shape.put("shared/go.mod", "module example.com/shared\n\ngo 1.22\n")
    shape.put("shared/db/db.go", "package db\n\nfunc Open() {}\n")
    for name in ["orders", "users"] {
      shape.put("\(name)/go.mod", "module example.com/\(name)\n\ngo 1.22\n")
      for action in ["create", "remove"] {
        shape.put(
          "\(name)/cmd/\(action)/main.go",
          "package main\n\nimport (\n\t\"context\"\n\n\t\"github.com/aws/aws-lambda-go/lambda\"\n\t\"example.com/shared/db\"\n)\n\n"
            + "func handle(ctx context.Context) error { db.Open(); return nil }\n\nfunc main() {\n\tlambda.Start(handle)\n}\n",
          handler: "bootstrap")
      }
      shape.put("\(name)/cmd/seed/main.go", "package main\n\nfunc main() {}\n")
    }
    return shape
  }()

  static let cargoBins: RepositoryShape = {
    var shape = RepositoryShape("Cargo, several programs a crate")
    shape.put(
      "Cargo.toml",
      "[workspace]\nresolver = \"2\"\nmembers = [\n  \"api\", # the functions\n  \"core\",\n]\n\n[workspace.dependencies]\nlambda_runtime = \"0.13\"\n"
    )
    shape.put(
      "api/Cargo.toml",
      "[package]\nname = \"api\"\nversion.workspace = true\n\n[dependencies]\nlambda_runtime.workspace = true\ncore = { path = \"../core\" }\n\n[[bin]]\nname = \"purge\"\npath = \"src/purge.rs\"\n"
    )
    let source =
      "use lambda_runtime::{run, service_fn};\n#[tokio::main]\nasync fn main() { run(service_fn(f)).await }\n"
    for name in ["create", "list", "show"] {
      shape.put("api/src/bin/\(name).rs", source, handler: "bootstrap")
    }
    shape.put("api/src/purge.rs", source, handler: "bootstrap")
    shape.put("api/src/lib.rs", "pub mod model;\n")
    shape.put("api/src/model.rs", "pub struct A;\n")
    shape.put("core/Cargo.toml", "[package]\nname = \"core\"\n")
    shape.put("core/src/lib.rs", "")
    shape.put("core/src/bin/tool.rs", "fn main() {}\n")
    return shape
  }()

  static let gradleKotlin: RepositoryShape = {
    var shape = RepositoryShape("Gradle, Kotlin")
    shape.put(
      "settings.gradle.kts", "rootProject.name = \"shop\"\ninclude(\"common\", \"orders\", \"users\")\n")
    shape.put("build.gradle.kts", "plugins { kotlin(\"jvm\") version \"2.0.0\" }\n")
    shape.put("common/build.gradle.kts", "")
    shape.put(
      "common/src/main/kotlin/shop/Base.kt",
      "package shop\n\nabstract class Base : RequestHandler<Map<String, Any>, String> {}\n")
    for name in ["orders", "users"] {
      shape.put("\(name)/build.gradle.kts", "dependencies { implementation(project(\":common\")) }\n")
      shape.put(
        "\(name)/src/main/kotlin/shop/\(name)/Handler.kt",
        "package shop.\(name)\n\nimport com.amazonaws.services.lambda.runtime.RequestHandler\n\n"
          + "class Handler : RequestHandler<Map<String, Any>, String> {\n  override fun handleRequest(e: Map<String, Any>, c: Context) = \"\"\n}\n",
        handler: "shop.\(name).Handler::handleRequest")
      shape.put("\(name)/src/test/kotlin/shop/\(name)/HandlerTest.kt", "class HandlerTest\n")
    }
    return shape
  }()

  static let flatHandlers: RepositoryShape = {
    var shape = RepositoryShape("thirteen handlers in a folder")
    for verb in ["get", "put", "delete", "list"] {
      for noun in ["user", "order", "item"] {
        shape.put(
          "lambdas/\(verb)_\(noun).py",
          "import boto3\nfrom utils import response\n\n\ndef handler(event, _context):\n    return response(200)\n",
          handler: "\(verb)_\(noun).handler")
      }
    }
    shape.put("lambdas/utils.py", "def response(status):\n    return {'statusCode': status}\n")
    shape.put("scripts/deploy.py", "def main():\n    pass\n")
    return shape
  }()

  static let terraform: RepositoryShape = {
    var shape = RepositoryShape("Terraform beside the sources")
    var text = ""
    for name in names.prefix(5) {
      text += "resource \"aws_lambda_function\" \"\(name)\" {\n  handler = \"main.lambda_handler\"\n}\n"
      shape.put("lambda/\(name)/main.py", "import os\n\n\n" + pythonHandler, handler: "main.lambda_handler")
      shape.put("lambda/\(name)/requirements.txt", "")
    }
    shape.put("terraform/main.tf", text)
    shape.put("terraform/scripts/zip.py", "def main(event, context):\n    pass\n")
    return shape
  }()

  static let wrapped: RepositoryShape = {
    var shape = RepositoryShape("web frameworks and wrappers")
    shape.put("api/package.json", #"{"dependencies": {"express": "4"}}"#)
    shape.put("api/src/app.js", "const app = express();\nmodule.exports = app;\n")
    shape.put(
      "api/src/lambda.js",
      "const serverlessExpress = require('@codegenie/serverless-express');\nconst app = require('./app');\nexports.handler = serverlessExpress({ app });\n",
      handler: "src/lambda.handler")
    shape.put("worker/package.json", #"{"dependencies": {"@sentry/serverless": "7"}}"#)
    shape.put(
      "worker/index.js",
      "const Sentry = require('@sentry/serverless');\nmodule.exports.handler = Sentry.AWSLambda.wrapHandler(async () => {});\n",
      handler: "index.handler")
    shape.put("django/requirements.txt", "mangum==0.17\n")
    shape.put(
      "django/asgi.py",
      "from mangum import Mangum\nfrom app import application\n\nhandler = Mangum(application)\n",
      handler: "asgi.handler")
    shape.put("django/app.py", "application = make()\n")
    return shape
  }()

  static let rubyService: RepositoryShape = {
    var shape = RepositoryShape("Ruby")
    for name in names.prefix(4) {
      shape.put("functions/\(name)/Gemfile", "source 'https://rubygems.org'\n")
      shape.put(
        "functions/\(name)/app.rb",
        "require 'json'\nrequire_relative 'lib/store'\n\ndef lambda_handler(event:, context:)\n  { statusCode: 200 }\nend\n",
        handler: "app.lambda_handler")
      shape.put("functions/\(name)/lib/store.rb", "class Store\n  def call(event)\n  end\nend\n")
      shape.put("functions/\(name)/spec/app_spec.rb", "describe 'x' do\nend\n")
    }
    return shape
  }()

  static let mixedService: RepositoryShape = {
    var shape = RepositoryShape("several languages")
    shape.put("services/thumbs/requirements.txt", "pillow==10.0\n")
    shape.put(
      "services/thumbs/handler.py", "def resize(image):\n    pass\n\n\n" + pythonHandler,
      handler: "handler.lambda_handler")
    shape.put("services/hooks/package.json", #"{"type": "module"}"#)
    shape.put(
      "services/hooks/index.mjs", "export async function handler(event) { return {}; }\n",
      handler: "index.handler")
    shape.put("services/stats/go.mod", "module stats\n")
    shape.put(
      "services/stats/main.go",
      "package main\n\nimport \"github.com/aws/aws-lambda-go/lambda\"\n\nfunc main() { lambda.Start(f) }\n",
      handler: "bootstrap")
    shape.put("frontend/src/index.ts", "export const handler = (event: MouseEvent) => {};\n")
    shape.put("docs/example.py", pythonHandler)
    return shape
  }()

  static let tsPaths: RepositoryShape = {
    var shape = RepositoryShape("TypeScript with paths, one package")
    shape.put("package.json", #"{"dependencies": {"uuid": "9"}}"#)
    shape.put(
      "tsconfig.json",
      "{\n  // aliases\n  \"compilerOptions\": { \"baseUrl\": \".\", \"paths\": { \"@lib/*\": [\"src/lib/*\"] }, },\n}\n"
    )
    for name in names.prefix(6) {
      shape.put(
        "src/handlers/\(name).ts",
        "import { db } from '@lib/db';\nexport const handler = async (event: APIGatewayProxyEventV2): Promise<unknown> => db(event);\n",
        handler: "src/handlers/\(name).handler")
    }
    shape.put("src/lib/db.ts", "export const db = async (x: unknown) => x;\n")
    shape.put("src/types/index.d.ts", "export declare const handler: Handler;\n")
    return shape
  }()
}
