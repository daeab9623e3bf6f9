internal import Core

/// The word of a file that was looked into, and which file that was.
struct ReadWord: Sendable {
  /// See ``FileHash``.
  let word: String
  let stamp: FileStamp
  /// The name of a language, a zero byte, and what the file shows to it; empty where it was not looked into so.
  var reading: [UInt8] = []
  /// Whether it came out of the cache.
  var isKept = false
}
