import Core
import Testing

@testable import Packager

/// What comes out of a folder or bucket may have been written by anybody.
@Suite("The index of artifacts")
struct ArtifactIndexTests {
  private static let digest = String(repeating: "0a", count: 32)

  private static let text =
    #"{"schema":"lamctl.artifacts/1","shard":"1/2","plan":"p","commit":"c","functions":[{"function":"f","unit":"a/b","#
    + #""src":"D","pkg":"D","sha256":"D","size":3,"build":"D","inputs":"D","tools":{"go":"1"},"env":{},"cost":0.5}],"#
    + #""layers":[{"folder":"l/a","src":"D","pkg":"D","sha256":"D","size":4}],"left":["g"]}"#

  private static let bytes = Array(text.replacing("D", with: digest).utf8)

  @Test("is written as it is read")
  func round() throws {
    let index = try #require(ArtifactIndex(Self.bytes))
    #expect(index.json.text() == String(decoding: Self.bytes, as: UTF8.self))
    #expect(index.left == ["g"])
    let layer = try #require(index.layers.first)
    #expect(layer.folder == "l/a" && layer.content.package.size == 4)
    #expect(layer.content == ArtifactContent(try JSON(parsing: Self.bytes)["layers"]?.array?[0] ?? .null))
  }

  @Test("with any byte changed is refused, or says what can be written again")
  func flips() {
    var taken = 0
    for place in Self.bytes.indices {
      for change: UInt8 in [0x01, 0x10, 0x20, 0x80, 0xFF] {
        var bytes = Self.bytes
        bytes[place] ^= change
        guard let index = ArtifactIndex(bytes) else { continue }
        taken += 1
        #expect(ArtifactIndex(Array(index.json.text().utf8)) == index, "byte \(place) ^ \(change)")
        let contents = index.entries.map(\.content) + index.layers.map(\.content)
        let isSound = contents.allSatisfy { content in
          content.package.size > 0
            && [content.src, content.package.pkg, content.package.sha256]
              .allSatisfy { NameForm.hexadecimal(64).matches($0) }
        }
        #expect(isSound, "byte \(place) ^ \(change)")
      }
    }
    // A digit of a digest may be another.
    #expect(taken > 0)
  }

  @Test("cut off anywhere is refused")
  func cuts() {
    for length in Self.bytes.indices where ArtifactIndex(Array(Self.bytes.prefix(length))) != nil {
      Issue.record("\(length) bytes of \(Self.bytes.count) are taken for all")
    }
  }
}
