import Core
import Testing

@testable import Packager

@Suite("Poetry's constraints")
struct PoetryConstraintTests {
  @Test(
    "take the versions that Poetry's documentation says",
    arguments: [
      ("^1.2.3", ["1.2.3", "1.9"], ["1.2.2", "2.0"]), ("^0.2.3", ["0.2.3", "0.2.9"], ["0.3.0"]),
      ("^0.0.3", ["0.0.3"], ["0.0.4"]), ("^0.0", ["0.0.9"], ["0.1"]), ("^0", ["0.9"], ["1.0"]),
      ("~1.2.3", ["1.2.3", "1.2.9"], ["1.3"]), ("~1.2", ["1.2.9"], ["1.3"]), ("~1", ["1.9"], ["2.0"]),
      ("*", ["0", "99"], []), ("1.*", ["1.5"], ["2.0"]), ("==1.0", ["1.0.0"], ["1.0.1"]),
      ("2.0", ["2.0"], ["2.1"]),
      (">=1,<2", ["1.5"], ["2", "0.9"]), (">= 1.2, != 1.5", ["1.4"], ["1.5"]), (">1 <3", ["2"], ["1", "3"]),
      ("~=1.4.2", ["1.4.9"], ["1.5"]), ("^2 || ~3.1", ["2.9", "3.1.4"], ["3.2", "1"]),
    ] as [(String, [String], [String])])
  func versions(_ text: String, _ inside: [String], _ outside: [String]) throws {
    let constraint = try #require(PoetryConstraint(text))
    #expect(inside.allSatisfy(constraint.takes))
    #expect(!outside.contains(where: constraint.takes))
  }

  @Test("about Python are markers")
  func markers() throws {
    let target = PythonMarker.Target(minor: 12, architecture: "arm64")
    let holds = { (text: String) in
      PoetryConstraint(text)?.marker.map { PythonMarker($0)?.holds(on: target) }
    }
    #expect(holds("<3.10") == false)
    #expect(holds("^3.9") == true)
    #expect(holds(">=3.8,<3.10 || >=3.12") == true)
    #expect(holds("3.12.*") == true)
    #expect(PoetryConstraint("*")?.marker == nil)
  }

  @Test(
    "that are none are no constraint", arguments: ["", ">=", "^x", "~", "^99999999999999999999", ">=1,<"])
  func nonsense(_ text: String) {
    #expect(PoetryConstraint(text) == nil)
  }
}
