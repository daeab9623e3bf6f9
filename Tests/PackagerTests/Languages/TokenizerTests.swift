import Core
import Testing

@testable import Packager

@Suite("reading source files")
struct TokenizerTests {
  /// The symbols that count in a file whose name is customary for handlers.
  private static func usual(_ symbols: [HandlerSymbol]) -> [String] {
    symbols.filter { $0.evidence == .signature || $0.evidence == .customary }.map(\.name)
  }

  @Test(
    "a Python handler is told from what merely looks like one",
    arguments: [
      ("def handler(event, context): pass", ["handler"]),
      (
        "def lambda_handler(\n    event: dict[str, Any],\n    context: LambdaContext = None,\n) -> dict:\n    pass",
        ["lambda_handler"]
      ),
      (
        "@tracer.capture\n@logger.inject(log_event=True)\ndef handle(lambda_event, _context): pass",
        ["handle"]
      ),
      ("def sqs_handler(event_data, ctx, client=None): pass", ["sqs_handler"]),
      ("def handler(event, _): pass", ["handler"]),
      ("async def handler(event, context): pass", []),
      ("def handler(request, response): pass", []),
      ("def handler(self, event, context): pass", []),
      ("def handler(event, context, client): pass", []),
      ("def process(event, context): pass", ["process"]),
      ("def process(event, limit): pass", []),
      ("@request_handler\ndef handler(metadata, params, repository): pass", ["handler"]),
      ("@app.route('/')\ndef handler(event, context): pass", []),
      ("lambda_handler = make_handler(run)", ["lambda_handler"]),
      ("# def handler(event, context): pass", []),
      ("x = '''\ndef handler(event, context): pass\n'''", []),
      ("class A:\n    def handler(event, context): pass", []),
      ("if x:\n    def handler(event, context): pass", []),
      ("x = (\n'a', # )\n'b')\ndef main(event, context): pass", ["main"]),
      ("s = 'it\\'s'; t = r'\\'\ndef main(event, context): pass", ["main"]),
      ("from mangum import Mangum\nhandler = Mangum(app)", ["handler"]),
      ("handler = logging.StreamHandler()", []),
    ])
  func python(_ source: String, _ expected: [String]) {
    #expect(Self.usual(PythonHandlers.symbols(in: PythonModule(source: Array(source.utf8)))) == expected)
  }

  @Test("Python imports are read wherever they stand")
  func pythonImports() {
    let module = PythonModule(
      source: Array(
        """
        import os, common.http as http
        from ..shared import (a,
            b as c)  # comment
        try:
            import fast
        except ImportError:
            fast = None
        def f():
            from late import thing
        text = "import nothing"
        from star import *
        """.utf8))
    #expect(
      Set(module.imports.map { "\($0.level):\($0.module)" }) == [
        "0:os", "0:common.http", "2:shared", "0:fast", "0:late", "0:star",
      ])
    #expect(module.bindings.isSuperset(of: ["os", "http", "a", "c", "fast", "f", "text"]))
    #expect(!module.bindings.contains("thing"))
    #expect(module.hasStarImport)
  }

  @Test(
    "a JavaScript or TypeScript handler is told from what merely looks like one",
    arguments: [
      ("exports.handler = async (event) => {}", ["handler"]),
      ("module.exports.handler = function (event, context, callback) {}", ["handler"]),
      ("module.exports = { handler, other: 1 };\nasync function handler(event) {}", ["handler"]),
      ("module.exports = { async lambdaHandler(event) {} }", ["lambdaHandler"]),
      ("export const handler: Handler<In, Out> = async (event) => {}", ["handler"]),
      ("export async function handler(event: X, context: Y): Promise<void> {}", ["handler"]),
      ("export { handler } from './src/handler';", ["handler"]),
      ("const h = async (event) => {};\nexport { h as handler };", ["handler"]),
      (
        "\"use strict\";\nexports.handler = void 0;\nconst handler = async (event) => {};\nexports.handler = handler;",
        ["handler"]
      ),
      ("export const handler = middy(base).use(x());", ["handler"]),
      ("export const sqsHandler = async (event: SQSEvent) => {}", ["sqsHandler"]),
      ("export const scaleUp = async (event) => {}", ["scaleUp"]),
      ("0 && (module.exports = {\n  handler\n});", ["handler"]),
      ("export const hello = async () => 2", ["hello"]),
      ("export const now = () => Date.now()", []),
      ("export function errorHandler(err, req, res, next) {}", []),
      ("export async function handler(req, res) {}", []),
      ("export const createHandler = (options) => async (event) => {}", []),
      ("export const add = (a, b) => a + b", []),
      ("// exports.handler = 1\n/* export const handler = 1 */", []),
      ("const s = 'exports.handler = 1'; const t = `export const handler = ${`x`}`;", []),
      ("const r = /exports.handler = '/; function f() { exports.handler = 1 }", []),
      ("const a = b / c; exports.handler = async () => { return '/' }", ["handler"]),
      ("export type handler = string; export interface fooHandler {}", []),
      ("self.exports.handler = 1", []),
    ])
  func script(_ source: String, _ expected: [String]) {
    #expect(Self.usual(NodeHandlers.symbols(in: ScriptModule(source: Array(source.utf8)))) == expected)
  }

  @Test("modules that a script asks for are read from import, export, require and import()")
  func specifiers() {
    let source = """
      import a from '../a'; import './b'; export * from "./c"
      const d = require('../../d'), e = await import(`./e`)
      // require('./no')
      const s = "require('./no2')"
      """
    #expect(ScriptModule(source: Array(source.utf8)).specifiers == ["../a", "./b", "./c", "../../d", "./e"])
  }
}
