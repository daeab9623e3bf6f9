import Core

@testable import Packager

extension FuzzTarget {
  /// The readers of what comes out of a folder or bucket of artifacts.
  static let artifactTargets: [FuzzTarget] = [
    FuzzTarget(
      "zip-directory", bytes: [zip], words: ["PK\u{1}\u{2}", "PK\u{3}\u{4}", "../", "/", "\0\0\0\0"]
    ) {
      bytes in
      _ = try? ZipDirectory(length: bytes.count, limit: 1 << 20) { (offset, count) throws(SystemError) in
        guard offset >= 0, count >= 0, offset + count <= bytes.count else {
          throw SystemError(operation: "read", subject: "the zip", code: 74)
        }
        return Array(bytes[offset..<offset + count])
      }
    },
    FuzzTarget(
      "shards",
      seeds: [
        #"{"schema":"lamctl.shards/1","shards":2,"units":[{"unit":"a/b","shard":1,"cost":1.5},{"unit":"c","shard":2,"cost":null}]}"#
      ], words: ["..", "/", "1e99", "-1", "null"]
    ) { bytes in _ = ShardPlan(bytes) },
    FuzzTarget(
      "artifact-index",
      seeds: [
        #"{"schema":"lamctl.artifacts/1","shard":"1/2","plan":"p","commit":null,"functions":[{"function":"f","unit":"a","src":"D","build":"D","inputs":"D","tools":{"go":"1"},"env":{},"pkg":"D","sha256":"D","size":3,"cost":0.5}],"layers":[{"folder":"l/a","src":"D","pkg":"D","sha256":"D","size":4}]}"#
          .replacing("D", with: String(repeating: "0a", count: 32))
      ], words: ["..", "/", "1/300", "-1", "null", "0a0a"]
    ) { bytes in _ = ArtifactIndex(bytes) },
    FuzzTarget(
      "bucket-places", seeds: ["s3://bucket.a-1/prefix/more/"], words: ["s3://", "/", "..", "//", "\u{301}"]
    ) { bytes in _ = BucketPlace(parsing: text(bytes)) },
  ]

  /// A file and a link.
  private static var zip: [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for (name, mode) in [("a/b.txt", UInt32(0o100644)), ("c", 0o120777)] {
      let record = ZipRecord(
        name: Array(name.utf8), mode: mode, offset: bytes.count, isDeflated: false, checksum: 1,
        packedSize: 1,
        size: 1)
      bytes += record.localHeader + [65]
      directory += record.centralHeader
    }
    return bytes + directory
      + ZipRecord.end(count: 2, directorySize: directory.count, directoryOffset: bytes.count)
  }
}
