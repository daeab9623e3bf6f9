import Core
import Testing

@testable import Packager

@Suite("repositories in the shapes that are common")
struct RepositoryShapeTests {
  @Test("nearly every function is found, and hardly anything else")
  func recall() throws {
    var all = 0
    var missed: [String] = []
    var wrong: [String] = []
    for shape in RepositoryShape.all {
      let found = Set(
        try Repository(shape.files).discover().functions.map {
          "\($0.handlerFile?.text ?? "-") \($0.handler ?? "-")"
        })
      all += shape.functions.count
      missed += shape.functions.subtracting(found).sorted().map { "\(shape.name): \($0)" }
      wrong += found.subtracting(shape.functions).sorted().map { "\(shape.name): \($0)" }
    }
    #expect(all > 120)
    #expect(missed.count * 100 <= all * 2, "of \(all) these are missed: \(missed)")
    #expect(wrong.count * 100 <= all, "of \(all) these are wrong: \(wrong)")
  }
}
