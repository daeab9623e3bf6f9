import Core
import Glibc
import Testing

/// Texts that are compared as a whole with a file beside the tests.
enum Golden {
  /// Compares `text` with `Golden/NAME`; with `LAMCTL_UPDATE_GOLDEN=1` in the environment it writes the file instead.
  static func expect(
    _ text: String, matches name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let path = "\(folder)/\(name)"
    if getenv("LAMCTL_UPDATE_GOLDEN").map({ String(cString: $0) }) == "1" {
      try Files.writeAtomically(Array(text.utf8), to: path)
    }
    let expected = try String(decoding: Files.read(path), as: UTF8.self)
    #expect(text == expected, "differs from Golden/\(name)", sourceLocation: sourceLocation)
  }

  private static let folder: String = {
    let parts = #filePath.split(separator: "/").dropLast(2)
    return "/" + parts.joined(separator: "/") + "/Golden"
  }()
}
