import Core
import Testing

@testable import Packager

@Suite("The list of files in a zip") struct ZipNamesTests {
  /// A zip of empty files, as its records are; with a comment.
  private func zip(_ names: [String], comment: String = "") -> [UInt8] {
    var local: [UInt8] = []
    var central: [UInt8] = []
    for name in names {
      let record = ZipRecord(
        name: Array(name.utf8), mode: 0o100644, offset: local.count, isDeflated: false, checksum: 0,
        packedSize: 0,
        size: 0)
      central += record.centralHeader
      local += record.localHeader
    }
    var end = ZipRecord.end(count: names.count, directorySize: central.count, directoryOffset: local.count)
    end[end.count - 2] = UInt8(comment.utf8.count & 0xFF)
    end[end.count - 1] = UInt8(comment.utf8.count >> 8)
    return local + central + end + Array(comment.utf8)
  }

  @Test(
    "the names are there from the end alone, whatever comment follows",
    arguments: ["", "a comment", "PK\u{5}\u{6}"])
  func names(comment: String) throws {
    let bytes = zip(["handler.py", "lib/", "lib/größe.py"], comment: comment)
    let found = try #require(ZipNames(tail: bytes, of: bytes.count))
    #expect(found.names(Array(bytes[found.place])) == ["handler.py", "lib/größe.py"])
    #expect(found.count == 3)
    // The same zip as the end of a part of it.
    let tail = Array(bytes.suffix(bytes.count - 30))
    let again = try #require(ZipNames(tail: tail, of: bytes.count))
    #expect(again.place == found.place)
  }

  @Test("what is cut short, or points beyond itself, is none")
  func broken() throws {
    let bytes = zip(["handler.py"])
    for length in 0..<22 { #expect(ZipNames(tail: Array(bytes.suffix(length)), of: bytes.count) == nil) }
    var far = bytes
    far[far.count - 3] = 0x7F
    #expect(ZipNames(tail: far, of: far.count) == nil)
    let found = try #require(ZipNames(tail: bytes, of: bytes.count))
    var directory = Array(bytes[found.place])
    directory[28] = 0xFF
    #expect(found.names(directory) == nil)
    #expect(found.names([]) == nil)
  }
}
