import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

@Suite("unpacking")
struct ZipUnpackingTests {
  private func packed(_ folder: TemporaryFolder) throws -> (tree: PackageTree, zip: [UInt8]) {
    try folder.write("in/a/b.txt", String(repeating: "text ", count: 200_000))
    try folder.write("in/run", "#!/bin/sh\n", mode: 0o755)
    try folder.write("in/empty", "")
    symlink("a/b.txt", folder.path + "/in/link")
    try Files.createFolder(folder.path + "/in/void")
    let tree = try PackageTree(folder: folder.path + "/in")
    let zip = try ZipWriter.write(tree, to: .make(folder.path)) { _ in "a.zip" }.zip
    return (tree, try Files.read(zip.path))
  }

  @Test("what was packed comes out as it was")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let (tree, _) = try packed(folder)
    let out = folder.path + "/out"
    try ZipUnpacking.unpack(folder.path + "/a.zip", into: .make(out), limit: 2_000_000)
    #expect(try PackageTree(folder: out).digest() == tree.digest())
    #expect(throws: PackagerError.self) {
      try ZipUnpacking.unpack(folder.path + "/a.zip", into: .make(out + "2"), limit: 999_999)
    }
  }

  @Test("no zip with a byte that differs, a piece missing or something added is unpacked to another tree")
  func damage() throws {
    let folder = try TemporaryFolder()
    let (tree, zip) = try packed(folder)
    let digest = try tree.digest()
    var random = SplitMix(state: 20_261_126)
    for round in 0..<300 {
      var bytes = zip
      let place = Int(random.next() % UInt64(bytes.count))
      switch round % 3 {
      case 0: bytes[place] ^= UInt8(1 + random.next() % 255)
      case 1: bytes.remove(at: place)
      default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
      }
      try Files.writeAtomically(bytes, to: folder.path + "/b.zip")
      let out = folder.path + "/out\(round)"
      do {
        try ZipUnpacking.unpack(folder.path + "/b.zip", into: .make(out), limit: 2_000_000)
        // Bits of the deflate stream that mean nothing, and the fields that say nothing of the content.
        #expect(try PackageTree(folder: out).digest() == digest, "round \(round), byte \(place)")
      } catch {
        #expect(error is PackagerError)
      }
      try Files.remove(out)
    }
  }

  @Test(
    "names that lead out of the folder, over one another or through a link are refused",
    arguments: [
      ["../x"], ["/x"], ["a/../../x"], ["a//b"], ["./a"], ["a", "a"], ["b", "a"], ["l", "l/x"], ["a\0b"],
    ])
  func names(_ names: [String]) throws {
    let folder = try TemporaryFolder()
    var zip: [UInt8] = []
    var records: [ZipRecord] = []
    for name in names {
      let isLink = name == "l"
      let content = Array((isLink ? ".." : "content").utf8)
      let record = ZipRecord(
        name: Array(name.utf8), mode: isLink ? 0o120777 : 0o100644, offset: zip.count, isDeflated: false,
        checksum: DeflateJob.checksum(content), packedSize: content.count, size: content.count)
      zip += record.localHeader + content
      records.append(record)
    }
    let directory = records.flatMap(\.centralHeader)
    zip += directory
    zip += ZipRecord.end(
      count: records.count, directorySize: directory.count, directoryOffset: zip.count - directory.count)
    try Files.writeAtomically(zip, to: folder.path + "/a.zip")
    #expect(throws: PackagerError.self) {
      try ZipUnpacking.unpack(folder.path + "/a.zip", into: .make(folder.path + "/out/in"), limit: 1_000)
    }
    #expect(!Files.exists(folder.path + "/x"))
    #expect(!Files.exists(folder.path + "/out/x"))
  }
}

/// Numbers that are the same in each run.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
