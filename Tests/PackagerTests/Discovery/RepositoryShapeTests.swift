import Core
import Testing

@testable import Packager

@Suite("repositories in the shapes that are common")
struct RepositoryShapeTests {
  @Test("nearly every function is found, and hardly anything else", arguments: [true, false])
  func recall(isFirst: Bool) throws {
    var all = 0
    var missed: [String] = []
    var wrong: [String] = []
    var report: [String] = []
    for shape in isFirst ? RepositoryShape.all : RepositoryShape.further {
      let found = Set(
        try Repository(shape.files).discover().functions.map {
          "\($0.handlerFile?.text ?? "-") \($0.handler ?? "-")"
        })
      all += shape.functions.count
      let absent = shape.functions.subtracting(found).sorted()
      let added = found.subtracting(shape.functions).sorted()
      missed += absent.map { "\(shape.name): \($0)" }
      wrong += added.map { "\(shape.name): \($0)" }
      report.append(
        "\(shape.name): \(shape.functions.count) functions, \(absent.count) missed, \(added.count) wrong")
    }
    let shown = report.joined(separator: "\n")
    #expect(all > (isFirst ? 120 : 60), "\(shown)")
    #expect(missed.count * 100 <= all * 2, "of \(all) these are missed: \(missed)\n\(shown)")
    #expect(wrong.count * 100 <= all, "of \(all) these are wrong: \(wrong)\n\(shown)")
  }
}
