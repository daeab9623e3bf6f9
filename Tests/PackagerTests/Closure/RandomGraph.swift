import Core

/// Libraries that depend on one another in three layers, and functions that depend on some of them.
struct RandomGraph {
  let libraries: Int
  let functions: Int
  /// The libraries that each library takes in; those of a later layer only.
  let edges: [[Int]]
  /// The libraries that each function takes in.
  let uses: [[Int]]

  init(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let width = 3
    libraries = 3 * width
    functions = 4
    edges = (0..<libraries).map { library in
      let next = (library / width + 1) * width
      return next < 3 * width ? (next..<next + width).filter { _ in Bool.random(using: &random) } : []
    }
    uses = (0..<functions).map { _ in (0..<width).filter { _ in Int.random(in: 0..<3, using: &random) > 0 } }
  }

  /// The functions that depend on `library`, however far.
  func dependents(of library: Int) -> Set<Int> {
    func reaches(_ start: Int) -> Bool { start == library || edges[start].contains(where: reaches) }
    return Set((0..<functions).filter { uses[$0].contains(where: reaches) })
  }
}

/// Numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
