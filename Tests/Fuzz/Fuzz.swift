import Core
import Glibc

/// Feeds the parsers of the program with broken input: `Fuzz CORPUS SECONDS|costs [TARGET]...`.
///
/// Every target first reads its corpus, then mutations of corpus and seeds for its seconds. An input that ends the process
/// is left as `TARGET.found` in the working folder; moved into the target's folder of the corpus it stays a test for good.
@main
struct Fuzz {
  static func main() async {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count >= 2, let corpus = arguments.first else {
      fail("usage: Fuzz CORPUS SECONDS|costs [TARGET]...")
    }
    let names = Array(arguments.dropFirst(2))
    let targets = FuzzTarget.all.filter { names.isEmpty || names.contains($0.name) }
    guard targets.count == names.count || names.isEmpty else {
      fail("the targets are: \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
    }
    if arguments[2] == "costs" {
      Watch.begin(savingTo: "costs.found")
      if !Costs.print(of: targets) { exit(1) }
      return
    }
    guard let seconds = Double(arguments[2]), (0...86_400).contains(seconds) else {
      fail("\(arguments[2]) are no seconds")
    }
    if targets.count == 1 { return run(targets[0], corpus: corpus, seconds: seconds) }
    // A process for each: what one leaves behind in memory is not the next one's.
    for target in targets {
      let child = ChildProcess.Specification(
        arguments: ["/proc/self/exe", corpus, arguments[2], target.name],
        environment: .exactly(["FUZZ_SEED": "\(seed)", "SWIFT_BACKTRACE": "enable=no"]))
      let exit = try? await ChildProcess.run(child) { _, line in print(line) }
      guard exit?.isSuccess == true else {
        fail("target \(target.name) broke; its input is in \(target.name).found")
      }
    }
  }

  /// `FUZZ_SEED`, or one of the clock, which is printed.
  private static let seed: UInt64 =
    getenv("FUZZ_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64(time(nil))

  private static func run(_ target: FuzzTarget, corpus: String, seconds: Double) {
    Watch.begin(savingTo: "\(target.name).found")
    let folder = "\(corpus)/\(target.name)"
    let found = ((try? Files.names(in: folder)) ?? []).compactMap { try? Files.read("\(folder)/\($0)") }
    var count = 0
    func read(_ input: [UInt8]) {
      count += 1
      for _ in 0..<2 {
        Watch.start(input)
        target.run(input)
        guard Watch.end() else { return }
      }
      Watch.fail()
    }
    for input in found + target.seeds { read(input) }
    var mutator = Mutator(pool: found + target.seeds, words: target.words, seed: seed)
    let clock = SystemClock()
    let end = clock.now() + .seconds(seconds)
    while clock.now() < end {
      for _ in 0..<64 { read(mutator.next()) }
    }
    print("\(target.name): \(count) inputs, \(found.count) of them from the corpus, seed \(seed)")
  }

  private static func fail(_ message: String) -> Never {
    complain(message)
    exit(1)
  }
}
