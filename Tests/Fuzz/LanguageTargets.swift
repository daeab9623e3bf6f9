import Core

@testable import Packager

extension FuzzTarget {
  /// The readers of sources and manifests by which functions are found.
  static let languageTargets: [FuzzTarget] = [
    FuzzTarget(
      "python-outlines",
      seeds: [
        "import a, b as c\nfrom ..d import (e,\n  f)\n@g.h\ndef handler(event, context):\n  'x'\n  try: import i\n",
        "main = Mangum(a)\nx = \"\"\"\nimport no\n\"\"\"\nasync def y(evt, _): pass\n",
      ],
      words: ["\"\"\"", "'", "\\\n", "(", ")", "import ", "def ", "\n", "#", "handler", "@", "event"]
    ) { bytes in
      let reading = Python().outline(of: bytes, file: "a.py")
      precondition(SourceReading(bytes: reading.bytes[...]) == reading)
    },
    FuzzTarget(
      "kept-readings",
      seeds: ["\u{1}\u{1}a\u{3}\u{1}b\u{0}\u{1}\u{1}c\u{1}\u{1}d\u{0}\u{0}\u{0}"],
      words: ["\u{0}", "\u{1}", "\u{7F}"]
    ) { bytes in _ = SourceReading(bytes: bytes[...]) },
    FuzzTarget(
      "go-sources",
      seeds: [
        "package main\nimport (\n\tr \"github.com/aws/aws-lambda-go/lambda\"\n\t_ \"a/b\"\n)\n//go:embed x/*\nvar f = `raw`\nfunc main() { r.Start(h) }\n"
      ],
      words: ["`", "\"", "(", ")", "import", "//go:embed ", "/*", "*/", "."]
    ) { bytes in _ = GoSource.reading(of: bytes) },
    FuzzTarget(
      "rust-sources",
      seeds: [
        "use lambda_runtime::{run, Error};\nlet s = r#\"x\"#; fn f<'a>(x: &'a str) { include_str!(\"../a\") }"
      ],
      words: ["'", "r#\"", "\"#", "/*", "*/", "::", "include_str!(", "#"]
    ) { bytes in _ = RustSource.reading(of: bytes) },
    FuzzTarget(
      "java-sources",
      seeds: [
        "package a.b;\nimport c.D;\npublic abstract class H<T extends X> extends Y<T> implements RequestHandler<A, B> { class I implements J {} }\n",
        "package a\nclass H(val x: Y) : RequestHandler<A, B>, Z() { }\n",
      ],
      words: ["class ", "{", "}", "<", ">", "extends ", ":", "\"\"\"", "'", "abstract "]
    ) { bytes in
      _ = JavaSource.reading(of: bytes, isKotlin: false)
      _ = JavaSource.reading(of: bytes, isKotlin: true)
    },
    FuzzTarget(
      "csharp-sources",
      seeds: [
        "using A;\nnamespace B.C;\npublic class F : G<H> { [LambdaFunction(X = 1)] [Y] public string M(string a, ILambdaContext c) { return @\"x\"; } }\n"
      ],
      words: [
        "ILambdaContext", "[LambdaFunction]", "(", ")", "{", "}", "[", "]", "class ", "namespace ", "@\"",
      ]
    ) { bytes in _ = DotNetSource.reading(of: bytes) },
    FuzzTarget(
      "ruby-sources",
      seeds: [
        "require_relative '../a'\nmodule A\n  class B\n    def self.h(event:, context:)\n    end\n  end\nend\n=begin\n=end\n"
      ],
      words: ["def ", "end", "class ", "(event:, context:)", "'", "\"", "self.", "\n"]
    ) { bytes in _ = RubySource.reading(of: bytes) },
    FuzzTarget(
      "xml-manifests",
      seeds: [
        "<?xml version=\"1.0\"?><!-- c --><p:project a='b'><x y=\"&lt;\"/>t<![CDATA[u]]></p:project>"
      ],
      words: ["<a>", "</a>", "<a/>", "<!--", "-->", "<?", "?>", "<![CDATA[", "]]>", "\"", "=", "&amp;"]
    ) { bytes in _ = try? XMLText.element(bytes) },
    FuzzTarget(
      "toml-settings",
      seeds: [
        "[package]\nname = \"a\" # b\n[[bin]]\npath='c'\n[d.e]\nf = { path = \"../g\", x = [1,\n2] }\n"
      ],
      words: ["[", "]", "{", "}", "=", "\"", "'", "#", "\n", "[["]
    ) { bytes in _ = PythonManifest.local(bytes) },
    FuzzTarget(
      "swift-manifests",
      seeds: [
        ".executableTarget(name: \"a\", dependencies: [.product(name: \"b\", package: \"c\")], path: \"d\"),"
      ],
      words: [".target(", "name:", "dependencies:", "[", "]", ")", "\"", "\"\"\"", "#\""]
    ) { bytes in _ = CodeTokenizer.tokens(of: bytes, .swift) },
    FuzzTarget(
      "typescript-settings",
      seeds: ["{ // a\n \"compilerOptions\": { \"paths\": { \"@a/*\": [\"b/*\",], /* c */ }, }, }"],
      words: ["//", "/*", "*/", ",", "}", "]", "\"", "\\", "\n"]
    ) { bytes in
      if let object = JSONWithComments.object(bytes) {
        _ = NodeExports.targets(of: "./a", in: .object(object))
      }
    },
    FuzzTarget(
      "mentions",
      seeds: [
        "Handler: src/a.handler\nhandler = \"b.c\"\nnew Fn(this, 'x', { entry: join(d, '../e.ts'), handler: 'main' });\n"
      ],
      words: ["handler:", "handler", "entry:", "'", "\"", ".ts'", ";", "\n", "../"]
    ) { bytes in _ = Mentions(text: bytes).symbols(of: "src/a.ts") },
  ]
}
