import Testing

@testable import Packager

@Suite("syntax of Python's versions")
struct PythonSyntaxTests {
  private func what(_ source: String, _ minor: Int) -> String? {
    let bytes = Array(source.utf8)
    return PythonSyntax.fault(in: bytes, PythonTokenizer.tokens(of: bytes), minor: minor)?.what
  }

  @Test(
    "what a version does not read yet is told, and the next one reads it",
    arguments: [
      ("match x:\n  case 1: pass\n", 10, "a 'match' statement"),
      ("if a:\n  match (x, y):\n    case (1, *_):\n      pass\n", 10, "a 'match' statement"),
      ("try: pass\nexcept* ValueError: pass\n", 11, "'except*'"),
      ("try: pass\nexcept *(A, B): pass\n", 11, "'except*'"),
      ("type A = int\n", 12, "a 'type' statement"), ("type A[T] = list[T]\n", 12, "a 'type' statement"),
      ("def f[T](x: T): pass\n", 12, "'def' with type parameters"),
      ("async def f[T](x): pass\n", 12, "'def' with type parameters"),
      ("class A[T]: pass\n", 12, "'class' with type parameters"),
      ("x = f'{a['b']}'\n", 12, "an f-string with its own quotes in a field"),
      ("x = f'{\n  a}'\n", 12, "an f-string with its own quotes in a field"),
      (#"x = rf'{re.sub(r"\d", "", a)}'"#, 12, "an f-string with a backslash in a field"),
      ("try: pass\nexcept A, B: pass\n", 14, "'except' with several types and no brackets"),
    ] as [(String, Int, String)])
  func newer(_ source: String, _ minor: Int, _ expected: String) {
    #expect(what(source, minor - 1) == expected)
    #expect(what(source, minor) == nil)
  }

  @Test(
    "names of the user's own and strings that look alike are none of that",
    arguments: [
      "match = {}\nmatch['x'] = 1\nmatch (x)\nprint(match)\nmatch: dict\n",
      "case = 1\nif case:\n  match = 2\n",
      "type = 1\ntype == 2\ntype(x)\ntype[0] = 1\nx = type if type else 0\ntype: int = 1\n",
      "try: pass\nexcept (A, B): pass\nexcept f(a, b): pass\nexcept: pass\n",
      #"x = f'{a["b"]}' f"{', '.join(b)}""#, "x = f'{a:{w}.{p}}' f'{{' f'}}' f'{{{a}}}'\n",
      #"x = f'\N{EN DASH}{a}\n' rf'\{a}' f'\{a}'"#, #"x = f'{a!r:>{w}}' f'{a:%H:%M \n}'"#,
      "x = f'''{\n a\n}''' f'{ {\"a\": 1}[\"a\"] }' f'{(lambda y: y)(1)}' f''\n",
      #"x = f"{d['{']}" f"{d['}']}""#, "x = f'{x:{{}}}'\n", "'''\nmatch x:\n  case 1: pass\n'''\n",
      "x = (\n  type\n  [0]\n)\n", "class A(B): pass\ndef f(x): pass\n", "f = 'x'\nt = f\n",
    ])
  func same(_ source: String) {
    #expect(what(source, 9) == nil)
  }

  @Test("from 3.12 on strings in strings are cut in another way, and nothing is said of them")
  func nested() {
    #expect(what(#"x = f"{a["t"]}" f"{b["f"]}""#, 12) == nil)
    #expect(what("x = t'{a}'\n", 11) == "a template string (t\"…\")")
    #expect(what("x = t'{a}'\n", 14) == nil)
  }
}
