/// One reader of the program that is fed with broken input.
struct FuzzTarget: Sendable {
  /// What `scripts/fuzz` calls it; also the folder of its corpus.
  let name: String
  /// Inputs that are right, to be broken.
  let seeds: [[UInt8]]
  /// Pieces that mean something to the reader; put in at random.
  let words: [[UInt8]]
  /// Reads one input. A result or an error are both fine; what must not happen is a trap or a hang.
  let run: @Sendable ([UInt8]) -> Void

  init(
    _ name: String, bytes seeds: [[UInt8]], words: [String] = [],
    run: @escaping @Sendable ([UInt8]) -> Void
  ) {
    self.name = name
    self.seeds = seeds
    self.words = words.map { Array($0.utf8) }
    self.run = run
  }

  init(
    _ name: String, seeds: [String], words: [String] = [], run: @escaping @Sendable ([UInt8]) -> Void
  ) {
    self.init(name, bytes: seeds.map { Array($0.utf8) }, words: words, run: run)
  }

  /// All of them, in the order of the modules. Whoever adds a parser adds its target here.
  static let all: [FuzzTarget] =
    coreTargets + wireTargets + settingTargets + packagerTargets + languageTargets + lockTargets
    + buildTargets + artifactTargets + triggerTargets + releaseTargets + sandboxTargets
}

/// The input as text, with what is not UTF-8 repaired.
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
