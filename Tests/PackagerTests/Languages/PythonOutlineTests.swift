import Core
import Testing

@testable import Packager

@Suite("the lines of Python sources that matter")
struct PythonOutlineTests {
  @Test("have the imports and handlers of the whole source", arguments: 0..<400)
  func property(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let count = Int.random(in: 1...40, using: &random)
    var text = ""
    for _ in 0..<count { text += Self.pieces.randomElement(using: &random) ?? "" }
    let source = Array(text.utf8)
    var whole = Python().reading(of: source, file: "a.py")
    whole.handlers.removeAll { $0.evidence == .nameable }
    let outline = Python().outline(of: source, file: "a.py")
    #expect(outline == whole, "\(text)")
  }

  @Test("have the imports of the whole source where there is nothing else", arguments: 0..<200)
  func imports(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let count = Int.random(in: 1...6, using: &random)
    let lines = (0..<count).map { _ in Self.importLines.randomElement(using: &random) ?? "" }
    let source = Array(lines.joined(separator: "\n").utf8)
    let module = PythonModule(source: source)
    let found = PythonImportLines(source + [UInt8(ascii: "\n")])?.imports
    let expected = Set(
      module.imports.map {
        SourceImport(module: String(repeating: ".", count: $0.level) + $0.module, names: $0.names)
      })
    #expect(found.map(Set.init) ?? expected == expected, "\(lines)")
    #expect(found?.count ?? expected.count == expected.count)
    let isPlain = lines.allSatisfy { Self.importLines.prefix(Self.plainLines).contains($0) }
    #expect(!isPlain || found != nil, "\(lines)")
  }

  /// The first are plain.
  private static let plainLines = 12
  private static let importLines = [
    "import json", "import os.path", "import os.path as p, sys", "from . import a",
    "from .. import a, b as c",
    "from ..lib.x import b", "from x import y as z", "import\ta ,b", "from .a import b\r",
    "from a import b, b",
    "from ...a.b.c import d", "import _x9 as y",
    "from x import *", "import a;import b", "import a # no", "import a\\", "from x import (a, b)", "import é",
    "from . a import b", "import a . b", "import a.b.", "from x import a b", "from x import", "import",
    "from",
    "importlib.x", "from x.import y", "import 9a", "import a,", "from import x", "from . import import", "_",
    "  import deep", "handler = Mangum(app)", "def handler(event, context): pass", "import a as", "", "  ",
    "from a import b.c", "import a as b.c", "from.a import b", "from .import a", "import from", "x.import y",
  ]

  @Test("are few")
  func short() {
    let step = "def step(items):\n    \"\"\"Imports nothing: import x.\"\"\"\n    return items\n"
    let body = String(repeating: step, count: 99)
    let source = Array(("import json\n" + body + pythonHandler).utf8)
    let outline = String(decoding: PythonOutline(source).source, as: UTF8.self)
    let functions = outline.split(separator: "\n").filter { $0.hasPrefix("def") }
    #expect(functions == ["def lambda_handler(event, context):"])
    #expect(outline.utf8.count < body.utf8.count * 2 / 3)
  }

  @Test(
    "survive being kept between runs",
    arguments: [
      SourceReading(),
      SourceReading(
        handlers: [HandlerSymbol("a", .unusual("why"), handler: "b"), HandlerSymbol("c", .nameable)],
        imports: [SourceImport(module: "..x", names: ["y", "z"])], package: "p", files: ["*.txt"],
        types: [SourceType(name: "a.B", simpleName: "B", parents: ["C"], isAbstract: true, handlers: ["h"])]),
    ])
  func bytes(_ reading: SourceReading) {
    let bytes = reading.bytes
    #expect(SourceReading(bytes: bytes[...]) == reading)
    #expect(SourceReading(bytes: (bytes + [0])[...]) == nil)
    for cut in bytes.indices { #expect(SourceReading(bytes: bytes[..<cut]) == nil) }
  }

  /// Lines, and what may stand open at their ends.
  private static let pieces = [
    "import json\n", "    import os.path as p, sys\n", "from . import a\n",
    "from ..lib.x import (b,\n    c as d)\n", "try: import q\nexcept ImportError: q = None\n",
    "x = 1; import y\n", "if True:\n", "    handler = Mangum(app)\n", "handler = make()\n",
    "main = Mangum(app)\n", "lambda_handler = build(1)\n", "def f(a):\n    return a\n",
    "def lambda_handler(event, context):\n", "async def handler(event, context): pass\n",
    "def process(\n    event,\n    context,\n):\n    import inner\n", "@app.route('/x')\n", "@decorated\n",
    "class A:\n", "    def handler(self, event): import deep\n", "text = \"import no\"\n",
    "text = '''\nimport no\n", "'''\n", "\"\"\"\n", "# import no\n", "items = [\n  'a',\n", "]\n", ")\n",
    "(\n",
    "\\\n", "\n", "  \n", "'", "\"", "def my_handler(evt, _): ...\n", "def DO_Event(Event, ctx): ...\n",
    "\r\n",
    "r'\\'\n", "import\n", "f(event)\n",
  ]
}
