import Core

/// Whether Python can read the bytes of a source at all.
enum PythonEncoding {
  /// What is wrong with `source`, and in which line; nil for what can be read.
  ///
  /// Source: PEP 263 and PEP 3120: UTF-8, unless a comment in the first two lines names another encoding.
  static func fault(in source: [UInt8]) -> (line: Int, found: String, fix: String)? {
    if let zero = source.firstIndex(of: 0) {
      return (SourceLine.number(at: zero, in: source), "holds a NUL byte", "save it as UTF-8")
    }
    guard String(validating: source, as: UTF8.self) == nil else { return nil }
    let lines = source.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard !lines.prefix(2).contains(where: namesEncoding),
      let index = lines.firstIndex(where: { String(validating: $0, as: UTF8.self) == nil })
    else { return nil }
    return (
      index + 1, "is not UTF-8",
      "save it as UTF-8, or name its encoding in the first line: '# coding: latin-1'"
    )
  }

  private static func namesEncoding(_ line: ArraySlice<UInt8>) -> Bool {
    guard let start = line.firstIndex(of: UInt8(ascii: "#")) else { return false }
    let comment = String(decoding: line[start...], as: UTF8.self)
    return comment.contains("coding:") || comment.contains("coding=")
  }
}
