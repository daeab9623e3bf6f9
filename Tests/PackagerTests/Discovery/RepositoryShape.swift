@testable import Packager

/// A repository in the shape of a kind that is common, with what is a function in it.
struct RepositoryShape: Sendable {
  let name: String
  var files: [String: String] = [:]
  /// `file handler` of each function; of container images the file.
  var functions: Set<String> = []

  init(_ name: String) {
    self.name = name
  }

  mutating func put(_ path: String, _ text: String = "", handler: String? = nil) {
    files[path] = text
    if let handler { functions.insert("\(path) \(handler)") }
  }

  static let event =
    "export const handler = async (event: APIGatewayProxyEvent) => ({ statusCode: 200 });\n"
  static let names = ["orders", "users", "mail", "billing", "search", "audit", "report", "login"]

  static let all = [
    lerna, nx, turborepo, pnpm, express, poetry, flatPython, powertools, sam, goCommands, goAreas, cargo,
    reactor, gradle,
    solution, sst, cdk, serverless, rubySAM,
  ]

  static let lerna: RepositoryShape = {
    var shape = RepositoryShape("Lerna")
    shape.put("package.json", #"{"private": true, "workspaces": ["packages/*"]}"#)
    shape.put("lerna.json", "{}")
    for name in names {
      shape.put("packages/\(name)/package.json", #"{"name": "@shop/\#(name)", "main": "dist/index.js"}"#)
      shape.put("packages/\(name)/src/index.ts", event, handler: "src/index.handler")
      shape.put("packages/\(name)/src/\(name).test.ts", event)
      shape.put("packages/\(name)/src/lib/parse.ts", "export const parse = (event: string) => event;\n")
    }
    shape.put("packages/common/package.json", #"{"name": "@shop/common"}"#)
    shape.put(
      "packages/common/src/index.ts",
      "export const withLog = (f) => f;\nexport function now() { return 1; }\n")
    return shape
  }()

  static let nx: RepositoryShape = {
    var shape = RepositoryShape("Nx")
    shape.put("nx.json", "{}")
    shape.put("package.json", #"{"dependencies": {"a": "1"}}"#)
    for name in names {
      shape.put("apps/\(name)/project.json", "{}")
      shape.put("apps/\(name)/src/main.ts", event, handler: "apps/\(name)/src/main.handler")
    }
    shape.put("apps/web/src/main.tsx", "render()")
    shape.put("libs/data/src/index.ts", "export const load = async () => 1;\n")
    return shape
  }()

  static let turborepo: RepositoryShape = {
    var shape = RepositoryShape("Turborepo")
    shape.put("turbo.json", "{}")
    shape.put("package.json", #"{"workspaces": ["apps/*", "packages/*"]}"#)
    for name in names.prefix(6) {
      shape.put("apps/\(name)/package.json", "{}")
      shape.put(
        "apps/\(name)/src/handler.ts", "export const handler = middy(run).use(log());\n",
        handler: "src/handler.handler")
      shape.put("apps/\(name)/src/run.ts", "export const run = async (event) => 1;\n")
      shape.put("apps/\(name)/dist/handler.js", nodeHandler)
    }
    shape.put("apps/web/package.json", "{}")
    shape.put("apps/web/src/pages/api/hello.ts", "export default function handler(req, res) { res.end(); }\n")
    shape.put("packages/ui/src/index.ts", "export const Button = (props) => null;\n")
    return shape
  }()

  static let pnpm: RepositoryShape = {
    var shape = RepositoryShape("pnpm")
    shape.put("pnpm-workspace.yaml", "packages:\n  - 'functions/*'\n  - 'libs/*'\n")
    shape.put("package.json", "{}")
    shape.put("functions/api/package.json", "{}")
    for name in names {
      shape.put(
        "functions/api/src/\(name).ts", "export async function handler(event: Event) {}\n",
        handler: "src/\(name).handler")
    }
    shape.put(
      "functions/api/src/billing/cron.ts", "export const handler = async () => {};\n",
      handler: "src/billing/cron.handler")
    shape.put("functions/api/src/util.ts", "export const pad = (s: string) => s;\n")
    shape.put("libs/db/index.ts", "export const connect = async () => 1;\n")
    return shape
  }()

  static let express: RepositoryShape = {
    var shape = RepositoryShape("plain JavaScript beside a web server")
    for name in names.prefix(5) {
      shape.put("lambdas/\(name)/index.js", nodeHandler, handler: "index.handler")
    }
    shape.put("lambdas/hello/index.js", "exports.hello = async () => 2;\n", handler: "index.hello")
    shape.put(
      "lambdas/greet/handlerGreet.js", "module.exports.greet = async (event) => 2;\n",
      handler: "handlerGreet.greet")
    shape.put("server/routes/handler.js", "exports.handler = (req, res) => res.send(1);\n")
    shape.put(
      "server/middleware/errorHandler.js", "exports.errorHandler = (err, req, res, next) => next();\n")
    shape.put("server/app.js", "module.exports = express();\n")
    shape.put("workshop/solution/orders/index.js", nodeHandler)
    shape.put("lambdas/orders/__tests__/index.js", nodeHandler)
    return shape
  }()

  static let poetry: RepositoryShape = {
    var shape = RepositoryShape("Poetry with path dependencies")
    for name in names {
      shape.put(
        "services/\(name)/pyproject.toml",
        "[tool.poetry]\nname = \"\(name)\"\n[tool.poetry.dependencies]\npython = \"^3.12\"\ncommon = { path = \"../../libs/common\" }\n"
      )
      shape.put("services/\(name)/\(name)/__init__.py")
      shape.put(
        "services/\(name)/\(name)/main.py",
        "from common.log import log\nfrom \(name).store import x\n" + pythonHandler,
        handler: "\(name)/main.lambda_handler")
      shape.put("services/\(name)/\(name)/store.py", "x = 1\ndef error_handler(event, context):\n    pass\n")
      shape.put("services/\(name)/tests/test_main.py", pythonHandler)
    }
    shape.put("libs/common/pyproject.toml", "[tool.poetry]\nname = \"common\"\n")
    shape.put("libs/common/common/log.py", "def handler(event, context):\n    pass\n")
    return shape
  }()

  static let flatPython: RepositoryShape = {
    var shape = RepositoryShape("13 handlers in one folder")
    for name in names {
      shape.put(
        "lambda_functions/\(name).py", "import helper\n\ndef lambda_handler(event, context):\n    pass\n",
        handler: "\(name).lambda_handler")
    }
    shape.put("lambda_functions/helper.py", "def build(a):\n    return a\n")
    shape.put("scripts/run.py", "def main(event, context):\n    pass\n")
    shape.put(
      "terraform/main.tf",
      "resource \"aws_lambda_function\" \"x\" {\n  handler = \"orders.lambda_handler\"\n}\n")
    return shape
  }()

  static let powertools: RepositoryShape = {
    var shape = RepositoryShape("decorated handlers")
    for name in names.prefix(5) {
      shape.put("src/\(name)/requirements.txt", "aws-lambda-powertools==3.0.0\n")
      shape.put(
        "src/\(name)/src/app.py",
        "import helper\n@tracer.capture_lambda_handler\n@logger.inject_lambda_context(log_event=True)\ndef lambda_handler(event: dict, context: LambdaContext) -> dict:\n    pass\n",
        handler: "app.lambda_handler")
      shape.put("src/\(name)/src/helper.py", "x = 1\n")
    }
    shape.put(
      "src/legacy_api/handler.py", "@request_handler\ndef handler(metadata, params, repository):\n    pass\n",
      handler: "handler.handler")
    shape.put("src/stream/main.py", "async def handler(event, context):\n    pass\n")
    return shape
  }()

  static let sam: RepositoryShape = {
    var shape = RepositoryShape("SAM with layers")
    var template = "Resources:\n"
    for name in names {
      template +=
        "  \(name):\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: src/\(name)/\n      Handler: code.run_\(name)\n"
      shape.put(
        "src/\(name)/code.py", "from util import x\ndef run_\(name)(payload, ctx):\n    pass\n",
        handler: "code.run_\(name)")
      shape.put("src/\(name)/requirements.txt")
    }
    shape.put("template.yaml", template)
    shape.put("layers/common/python/util.py", "x = 1\ndef handler(event, context):\n    pass\n")
    return shape
  }()

  static let sst: RepositoryShape = {
    var shape = RepositoryShape("SST")
    shape.put("package.json", #"{"workspaces": ["packages/*"]}"#)
    shape.put("packages/functions/package.json", "{}")
    var config =
      "export default { stacks(app) { app.stack(({ stack }) => { new Api(stack, 'api', { routes: {\n"
    for name in names {
      config +=
        "  'GET /\(name)': 'packages/functions/src/\(name).main',\n  cron: { handler: \"packages/functions/src/\(name).main\" },\n"
      shape.put(
        "packages/functions/src/\(name).ts", "export const main = ApiHandler(async () => 1);\n",
        handler: "src/\(name).main")
    }
    shape.put("sst.config.ts", config + "} }) }) } };\n")
    shape.put("packages/core/src/index.ts", "export const create = (x: string) => x;\n")
    shape.put("packages/functions/src/util.ts", "export const main = 1;\n")
    return shape
  }()

  static let cdk: RepositoryShape = {
    var shape = RepositoryShape("CDK")
    shape.put("cdk.json", "{}")
    shape.put("package.json", #"{"devDependencies": {"aws-cdk-lib": "2"}}"#)
    var stack = "export class ShopStack extends Stack {\n"
    for name in names {
      stack +=
        "    new NodejsFunction(this, '\(name)', {\n      entry: path.join(__dirname, '../lambda/\(name)/entry.ts'),\n      handler: '\(name)Main',\n    });\n"
      shape.put(
        "lambda/\(name)/entry.ts", "export const \(name)Main = (x: Y) => 1;\n", handler: "entry.\(name)Main")
    }
    shape.put("lib/shop-stack.ts", stack + "}\n")
    shape.put("bin/shop.ts", "const app = new App();\n")
    shape.put("test/shop.test.ts", event)
    return shape
  }()

  static let serverless: RepositoryShape = {
    var shape = RepositoryShape("serverless.yml")
    for name in names {
      var yml = "service: \(name)\nfunctions:\n"
      for verb in ["create", "list"] {
        yml +=
          "  \(verb):\n    handler: src/\(verb).\(verb == "list" ? "findAll" : "create")\n    events:\n      - http: GET /\n"
      }
      shape.put("services/\(name)/serverless.yml", yml)
      shape.put("services/\(name)/package.json", "{}")
      shape.put(
        "services/\(name)/src/create.js", "'use strict';\nmodule.exports.create = async (event) => 1;\n",
        handler: "src/create.create")
      shape.put(
        "services/\(name)/src/list.js", "module.exports.findAll = () => 1;\n", handler: "src/list.findAll")
      shape.put("services/\(name)/src/store.js", "module.exports.create = (item) => item;\n")
    }
    return shape
  }()

  static let rubySAM: RepositoryShape = {
    var shape = RepositoryShape("Ruby")
    for name in names.prefix(5) {
      shape.put(
        "functions/\(name)/app.rb", "require 'json'\n\ndef lambda_handler(event:, context:)\n  {}\nend\n",
        handler: "app.lambda_handler")
      shape.put("functions/\(name)/Gemfile", "source 'https://rubygems.org'\n")
    }
    shape.put("functions/orders/lib/store.rb", "class Store\n  def handler(event)\n  end\nend\n")
    return shape
  }()
}
