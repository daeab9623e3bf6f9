internal import Core

/// The kinds of lock files that are cut to what a function can reach.
enum LockFormat {
  /// No lock file has more bytes.
  static let longest = 64 << 20

  /// Formats of lines, which are whole at the end of any of them.
  private static let ofLines: Set = [
    "pnpm-lock.yaml", "yarn.lock", "uv.lock", "poetry.lock", "Cargo.lock", "go.sum", "Gemfile.lock",
  ]

  /// Reads a lock file by its name; nil for one that counts by its bytes.
  static func read(
    _ name: String, _ bytes: [UInt8], _ sources: LockSources
  ) throws(JSONSyntaxError) -> LockReading? {
    let reading = try understood(name, bytes, sources)
    // Every tool ends its last line.
    guard case .graph? = reading, ofLines.contains(name), let last = bytes.last, last != UInt8(ascii: "\n")
    else { return reading }
    return .whole("its last line has no end, so it may have been cut")
  }

  private static func understood(
    _ name: String, _ bytes: [UInt8], _ sources: LockSources
  ) throws(JSONSyntaxError) -> LockReading? {
    switch name {
    case "package-lock.json", "npm-shrinkwrap.json": return try NpmLock.read(bytes, sources)
    case "pnpm-lock.yaml": return try PnpmLock.read(bytes, sources)
    case "yarn.lock": return try YarnLock.read(bytes, sources)
    case "bun.lock": return try BunLock.read(bytes, sources)
    case "uv.lock": return try UvLock.read(bytes, sources)
    case "poetry.lock": return try PoetryLock.read(bytes, sources)
    case "Pipfile.lock": return try PipfileLock.read(bytes, sources)
    case "Cargo.lock": return try CargoLock.read(bytes, sources)
    case "go.sum": return try GoSum.read(bytes, sources)
    case "Gemfile.lock": return try GemfileLock.read(bytes, sources)
    case "packages.lock.json": return try NuGetLock.read(bytes, sources)
    case _ where name.hasSuffix(".txt"): return RequirementsLock.read(bytes, sources)
    default: return nil
    }
  }
}
