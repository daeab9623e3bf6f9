import Core
import Testing

@testable import Packager

@Suite("discovery")
struct DiscoveryTests {
  struct Layout: Sendable, CustomTestStringConvertible {
    let name: String
    let files: [String: String]
    /// `name unit handler rule`, sorted by name.
    let expected: [String]
    var testDescription: String { name }
  }

  private static let main = "def main(event, context):\n    pass\n"
  private static let typed = """
    import type { APIGatewayProxyEvent } from "aws-lambda";
    export const handler = async (event: APIGatewayProxyEvent): Promise<Result> => { return ok(event); };
    """

  static let layouts = [
    Layout(
      name: "service/src/function/main.py",
      files: [
        "orders/src/create/main.py": pythonHandler, "orders/src/cancel/main.py": pythonHandler,
        "orders/tests/test_create.py": pythonHandler,
      ],
      expected: [
        "cancel orders/src/cancel main.lambda_handler Z1", "create orders/src/create main.lambda_handler Z1",
      ]),
    Layout(
      name: "src/service/index.js with tests inside",
      files: [
        "src/cart/index.js": nodeHandler, "src/cart/index.test.js": nodeHandler,
        "src/mail/index.js": "module.exports = { handler };\nasync function handler(event) {}\n",
        "package.json": "{\"devDependencies\":{\"jest\":\"1\"}}",
      ],
      expected: ["cart src/cart index.handler Z1", "mail src/mail index.handler Z1"]),
    Layout(
      name: "packages/function/src/function.ts",
      files: [
        "packages/resize/src/resize.ts": typed, "packages/resize/package.json": "{}",
        "package.json": "{\"workspaces\":[\"packages/*\"]}",
      ],
      expected: ["resize packages/resize src/resize.handler Z1"]),
    Layout(
      name: "13 handlers in one folder",
      files: [
        "lambda/get.js": nodeHandler, "lambda/put.js": nodeHandler,
        "lambda/util.js": "exports.pad = (s) => s",
      ],
      expected: ["get lambda get.handler Z1", "put lambda put.handler Z1"]),
    Layout(
      name: "repeated last components",
      files: [
        "orders/table_update/main.py": main, "stock/table_update/main.py": main,
      ],
      expected: [
        "orders-table_update orders/table_update main.main Z1",
        "stock-table_update stock/table_update main.main Z1",
      ]),
    Layout(
      name: "one unit, several exports",
      files: [
        "lambdas/functions/scaler/package.json": "{}",
        "lambdas/functions/scaler/src/lambda.ts": """
        export async function scaleUpHandler(event: SQSEvent, context: Context): Promise<void> {}
        export const scaleDownHandler = async (event, context) => {};
        export function addMiddleware(x: string) {}
        """,
        "lambdas/functions/scaler/src/scale.ts": "export async function scaleUp(payload: X) {}",
      ],
      expected: [
        "scaler-scaleDownHandler lambdas/functions/scaler src/lambda.scaleDownHandler Z1",
        "scaler-scaleUpHandler lambdas/functions/scaler src/lambda.scaleUpHandler Z1",
      ]),
    Layout(
      name: "a helper that looks like a handler",
      files: [
        "orders/handler.py": pythonHandler,
        "orders/errors.py": "def error_handler(event, context):\n    pass\n",
        "orders/helpers/retry.py": "def retry_handler(event, context):\n    pass\n",
        "libs/common/http.py": "def handler(event, context):\n    pass\n",
        "infra/app.py": "def main(event, context):\n    pass\n",
        "web/src/index.js": nodeHandler,
        "dist/index.js": nodeHandler,
        "node_modules/x/index.js": nodeHandler,
      ],
      expected: ["orders orders handler.lambda_handler Z1"]),
    Layout(
      name: "functions below infrastructure and a prebuilt bootstrap",
      files: [
        "infra/lambda/stamp/index.js": nodeHandler, "functions/native/bootstrap": "#!/bin/sh\n",
        "lambdas/rust/notes.txt": "",
      ],
      expected: ["native functions/native bootstrap Z3", "stamp infra/lambda/stamp index.handler Z1"]),
    Layout(
      name: "the unit is the nearest folder with a manifest",
      files: [
        "svc/billing/requirements.txt": "requests\n", "svc/billing/src/charge/app.py": pythonHandler,
        "svc/billing/src/refund/app.py": pythonHandler, "pyproject.toml": "[tool.ruff]\n",
      ],
      expected: [
        "charge svc/billing src/charge/app.lambda_handler Z1",
        "refund svc/billing src/refund/app.lambda_handler Z1",
      ]),
    Layout(
      name: "ignored files are not looked at",
      files: [".gitignore": "old/\n", "old/handler.py": pythonHandler, "new/handler.py": pythonHandler],
      expected: ["new new handler.lambda_handler Z1"]),
    Layout(
      name: "patterns with exceptions take precedence over function.json",
      files: [
        "lamctl.json": #"{"functions": ["services/*/functions/*", "!**/legacy/**"]}"#,
        "services/a/functions/f/handler.py": pythonHandler,
        "services/a/functions/g/function.json": #"{"handler": "src.go.run"}"#,
        "services/a/functions/g/src/go.py": "run = wrap(real)\n",
        "services/legacy/functions/old/handler.py": pythonHandler,
        "services/legacy/functions/old/function.json": "{}",
        "elsewhere/function.json":
          #"{"functions": {"up": {"handler": "index.up"}, "down": {"handler": "index.down"}}}"#,
        "elsewhere/index.mjs": "export const up = 1, x = 2\nexport { down } from './d.mjs'\n",
        "ignored/handler.py": pythonHandler,
      ],
      expected: [
        "down elsewhere index.down E2", "f services/a/functions/f handler.lambda_handler E1",
        "g services/a/functions/g src.go.run E1", "up elsewhere index.up E2",
      ]),
    Layout(
      name: "shared folders are no units",
      files: [
        "lamctl.json": #"{"functions": ["fn/*"], "shared": {"fn/base": {}}}"#,
        "fn/a/handler.py": pythonHandler, "fn/a/function.json": #"{"uses": ["../kit"]}"#,
        "fn/kit/function.json": "{}", "fn/kit/kit.py": "", "fn/base/b.py": "",
      ],
      expected: ["a fn/a handler.lambda_handler E1"]),
  ]

  @Test("functions are found in the layouts of real repositories", arguments: layouts)
  func layout(_ layout: Layout) throws {
    let found = try Repository(layout.files).discover().functions
    #expect(
      found.map { "\($0.name) \($0.unit) \($0.handler ?? "-") \($0.rule.rawValue)" }.sorted()
        == layout.expected)
    for function in found { #expect(!function.explanation.isEmpty && !function.path.isRoot) }
  }

  @Test("what looked like a handler is reported with the reason")
  func passedOver() throws {
    let passed = try Repository(Self.layouts[6].files).discover().passedOver
    #expect(passed.map(\.path) == ["orders/errors.py", "orders/helpers/retry.py"])
  }

  @Test(
    "what cannot be resolved is an error with the way out",
    arguments: [
      (
        ["lamctl.json": #"{"functions": ["service/*"]}"#, "services/a/handler.py": pythonHandler],
        "lamctl.json:1:16: no folder matches \"service/*\"; did you mean \"services/a\"?"
      ),
      (
        ["a/function.json": #"{"handler": "handler.lambda_handlr"}"#, "a/handler.py": pythonHandler],
        "a/function.json:1:13: a/handler.py has no 'lambda_handlr'; did you mean 'lambda_handler'?"
      ),
      (
        [
          "a/function.json": #"{"handler": "app.run", "runtime": "python3.12"}"#,
          "a/handler.py": pythonHandler,
        ],
        "a/function.json:1:13: a has no file for the handler 'app.run': looked for a/app.py, a/app/__init__.py; correct \"handler\" or add the file"
      ),
      (
        [
          "a/function.json": #"{"handler": "app.run", "runtime": "python3.12"}"#, "a/app.py": "run = 1",
          ".gitignore": "app.py",
        ],
        "a/function.json:1:13: the handler's file a/app.py is left out by .gitignore:1: app.py; take it in with \"package\": { \"include\": [\"app.py\"] }"
      ),
      (
        ["a/function.json": "{}", "a/x.py": "x = 1\n"],
        "a has no handler: 1 file (*.py, *.js, *.mjs, *.cjs, *.ts, *.mts, *.cts, *.java, *.kt, *.cs, *.rb, *.go, *.rs, *.swift) was read for a function 'handler' or 'lambda_handler' that takes an event and a context, or an export 'handler'"
      ),
      (
        ["a/function.json": "{}", "a/app.py": pythonHandler, "a/main.py": pythonHandler],
        "a has a handler in a/app.py and in a/main.py, and both names are customary"
      ),
      (
        ["a/function.json": #"{"functions": {"app2": {"timeout": 3}}}"#, "a/app.py": pythonHandler],
        "a/function.json:1:24: the function 'app2' has no \"handler\"; add it to a/function.json"
      ),
      (
        [
          "a/function.json": #"{"uses": ["../libs/comon"]}"#, "a/handler.py": pythonHandler,
          "libs/common/x.py": "",
        ],
        "a/function.json:1:11: \"uses\": there is no folder 'libs/comon' with files; did you mean 'libs/common'?"
      ),
    ])
  func errors(_ files: [String: String], _ expected: String) throws {
    #expect(message { _ = try Repository(files).discover() } == expected)
  }

  @Test("the fix of a program with a loop of its own is what builds it, and not a symbol of a file")
  func program() throws {
    let repository = try Repository([
      "lamctl.json": #"{"functions": ["fn"]}"#, "fn/go.mod": "module fn\n",
      "fn/main.go": "package main\n\nfunc main() { loop() }\n",
    ])
    #expect {
      _ = try repository.discover()
    } throws: { error in
      (error as? PackagerError)?.fix?.hasPrefix(
        #"add fn/function.json: { "runtime": "provided.al2023", "handler": "bootstrap", "build": ["#) == true
    }
  }

  @Test("the fix of an ambiguous unit is a file that can be pasted")
  func readyFix() throws {
    let repository = try Repository([
      "a/function.json": "{}", "a/app.py": pythonHandler, "a/main.py": pythonHandler,
    ])
    #expect {
      _ = try repository.discover()
    } throws: { error in
      (error as? PackagerError)?.fix
        == #"write a/function.json: { "functions": { "app": { "handler": "app.handler" }, "main": { "handler": "main.handler" } } }"#
    }
  }

  @Test(
    "what looks like a handler where none is looked for is told when somebody asks", arguments: [true, false])
  func unseen(isListed: Bool) throws {
    var files = [
      "services/a/app.py": pythonHandler, "services/b/app.py": pythonHandler,
      "tests/test_app.py": pythonHandler,
      "services/a/test_b.py": pythonHandler, "services/a/tests/handler.py": pythonHandler,
      "scripts/handler.py": pythonHandler,
      "old/handler.py": pythonHandler, "node_modules/x/index.js": nodeHandler, "libs/plain.py": "x = 1\n",
    ]
    if isListed { files["lamctl.json"] = #"{"functions": ["services/a", "!old"]}"# }
    let repository = try Repository(files)
    let workspace = try repository.open()
    #expect(try workspace.discoverWithPassedOver().passedOver == [])
    let told = try workspace.discoverWithPassedOver(isExplained: true).passedOver
    #expect(
      told.map(\.path.text)
        == (isListed
          ? [
            "scripts/handler.py", "services/a/test_b.py", "services/a/tests/handler.py", "services/b/app.py",
            "tests/test_app.py",
          ]
          : [
            "scripts/handler.py", "services/a/test_b.py", "services/a/tests/handler.py", "tests/test_app.py",
          ]))
    let reason = told.first { $0.path.text == "services/b/app.py" }?.reason
    #expect(
      reason
        == (isListed
          ? "looks like a handler, and its folder matches no pattern of \"functions\" in lamctl.json" : nil))
  }
}
