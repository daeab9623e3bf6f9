import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

/// Inputs that used to take time or memory beyond all measure. Each is read at two sizes: four times the input must not
/// take much more than four times as long.
@Suite("Readers cost no more than their input is long", .serialized)
struct CostTests {
  struct Reader: Sendable, CustomTestStringConvertible {
    let what: String
    /// Bytes of the smaller input, about.
    let size: Int
    let make: @Sendable (_ size: Int) -> [UInt8]
    let read: @Sendable ([UInt8]) -> Void

    var testDescription: String { what }
  }

  private static func repeated(_ text: String) -> @Sendable (Int) -> [UInt8] {
    { size in Array(String(repeating: text, count: size / text.utf8.count).utf8) }
  }

  private static let python: @Sendable ([UInt8]) -> Void = { _ = PythonModule(source: $0) }
  private static let script: @Sendable ([UInt8]) -> Void = { _ = ScriptModule(source: $0) }
  private static let elf: @Sendable ([UInt8]) -> Void = { _ = ELFFile($0) }

  static let readers: [Reader] = [
    Reader(
      what: "classes in one another", size: 8_000, make: repeated("class A{"),
      read: { _ = JavaSource.reading(of: $0, isKotlin: false) }),
    Reader(
      what: "attributes of C#", size: 8_000, make: repeated("class A{[LambdaFunction]"),
      read: { _ = DotNetSource.reading(of: $0) }),
    Reader(
      what: "a value of many lines", size: 8_000, make: repeated("a=[\n"), read: { _ = TOMLText.object($0) }),
    Reader(
      what: "elements of XML", size: 8_000, make: repeated("<a b='c'/>"),
      read: { _ = try? XMLText.element($0) }),
    Reader(
      what: "names of handlers", size: 8_000, make: repeated("handler: a.b\n"),
      read: { _ = Mentions(text: $0) }),
    Reader(
      what: "entries of functions", size: 8_000, make: repeated("entry: join(d, 'a.ts', "),
      read: { _ = Mentions(text: $0) }),
    Reader(what: "Python statements in one line", size: 8_000, make: repeated("x=1;"), read: python),
    Reader(what: "Python conditions in one line", size: 8_000, make: repeated("if:"), read: python),
    Reader(what: "a chain of assignments", size: 8_000, make: repeated("x="), read: python),
    Reader(what: "open brackets in Python", size: 8_000, make: repeated("x=(;"), read: python),
    Reader(what: "templates in templates", size: 8_000, make: repeated("`${"), read: script),
    Reader(what: "constants without an end", size: 8_000, make: repeated("let a\n"), read: script),
    Reader(what: "functions without parameters", size: 8_000, make: repeated("function a "), read: script),
    Reader(what: "open brackets in a script", size: 8_000, make: repeated("exports.a=({[,"), read: script),
    Reader(what: "slashes", size: 8_000, make: repeated("a=/[/"), read: script),
    Reader(
      what: "exports", size: 8_000,
      make: { size in Array((0..<size / 16).map { "exports.a\($0) = 1;\n" }.joined().utf8) }, read: script),
  ]

  /// What the thread has computed for, whatever else runs on the machine.
  private static func seconds(_ body: () -> Void) -> Double {
    let began = computed
    body()
    return computed - began
  }

  private static var computed: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  @Test("four times as much takes about four times as long", arguments: readers)
  func linear(reader: Reader) {
    let small = reader.make(reader.size)
    let large = reader.make(4 * reader.size)
    reader.read(small)
    // The best of some tries: caches of the processor are shared with what else runs.
    let once = (0..<3).map { _ in Self.seconds { reader.read(small) } }.min() ?? 0
    let fourTimes = (0..<3).map { _ in Self.seconds { reader.read(large) } }.min() ?? 0
    #expect(fourTimes < 10 * once + 0.05, "\(once) s and \(fourTimes) s")
  }

  @Test("200,000 templates in one another are read")
  func templates() {
    #expect(ScriptModule(source: Self.repeated("`${")(600_000)).tokens.isEmpty)
    let closed =
      "exports.handler = `" + String(repeating: "${`", count: 1_000) + String(repeating: "`}", count: 1_000)
      + "`"
    #expect(ScriptModule(source: Array(closed.utf8)).exports.map(\.name) == ["handler"])
  }

  @Test(
    "patterns that used to be tried in all ways are matched in one pass",
    arguments: [
      (
        String(repeating: "*a", count: 8) + String(repeating: "*b", count: 8),
        String(repeating: "a", count: 4_000)
      ),
      (String(repeating: "*a", count: 1_000), String(repeating: "a", count: 4_000) + "b"),
      (String(repeating: "**/a/", count: 500) + "b", String(repeating: "a/", count: 2_000) + "c"),
      (String(repeating: "**/*a*/", count: 300) + "b", String(repeating: "aa/", count: 1_300)),
      (String(repeating: "[[:alpha:]]*", count: 300) + "!", String(repeating: "a", count: 4_000)),
    ])
  func globs(pattern: String, path: String) throws {
    let glob = try #require(Glob(pattern.utf8))
    var isMatch = true
    // Within it even under a sanitizer on a busy machine; the old matcher took years.
    #expect(Self.seconds { isMatch = glob.matches(path) } < 5)
    #expect(!isMatch)
  }

  @Test("a pattern that is longer than any path matches nothing, and an ignore file with one is refused")
  func longPatterns() {
    let pattern = String(repeating: "a", count: 5_000)
    #expect(Glob(pattern.utf8) == nil)
    #expect(
      message {
        _ = try IgnoreRules(text: Array(pattern.utf8), file: ".gitignore", base: .inside(.root), isGit: true)
      }
      .hasPrefix(".gitignore:1: the pattern has more than 4096 bytes"))
    let many = Array(String(repeating: "a\n", count: 20_000).utf8)
    #expect(
      message { _ = try IgnoreRules(text: many, file: ".gitignore", base: .inside(.root), isGit: true) }
        .contains("more than 10000 patterns"))
  }

  @Test(
    "an ELF file whose offsets lead beyond all numbers is read to its end",
    arguments: [40, 58, 60, 64, 88, 104])
  func elf(place: Int) {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    bytes.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1])
    bytes[16] = 3
    bytes[18] = 62
    bytes[40] = 64
    bytes[58] = 64
    bytes[60] = 32
    for section in 0..<32 {
      let header = 64 + section * 64
      bytes.replaceSubrange(header + 4..<header + 8, with: [0xFE, 0xFF, 0xFF, 0x6F])
      bytes[header + 24] = 64
    }
    for index in place..<place + 8 { bytes[index] = index == place + 7 ? 0x7F : 0xFF }
    #expect(ELFFile(bytes)?.machine == "x86_64")
  }
}
