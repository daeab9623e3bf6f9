/// The files that a rule in make's form names behind its colons.
struct DependencyFile {
  static let longest = 64 << 20

  let paths: [String]

  init(_ bytes: [UInt8]) {
    var paths: [String] = []
    var isBehindColon = false
    var isContinued = false
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if !isContinued {
        guard line.first != UInt8(ascii: "#") else { continue }
        isBehindColon = false
      }
      // Clang breaks its lines.
      isContinued = line.last == UInt8(ascii: "\\")
      var word: [UInt8] = []
      var isEscaped = false
      for byte in (isContinued ? line.dropLast() : line) + [UInt8(ascii: " ")] {
        if isEscaped {
          // Only a space is written with a backslash before it.
          if byte != UInt8(ascii: " ") { word.append(UInt8(ascii: "\\")) }
          word.append(byte)
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: " ") {
          if !isBehindColon {
            isBehindColon = word.last == UInt8(ascii: ":")
          } else if !word.isEmpty {
            paths.append(String(decoding: word, as: UTF8.self))
          }
          word = []
        } else {
          word.append(byte)
        }
      }
    }
    self.paths = paths
  }
}
