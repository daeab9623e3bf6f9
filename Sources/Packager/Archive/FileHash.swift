internal import Core
import Glibc

/// Type, mode class and content of a file in one word: `f` or `x` (executable by its owner) and the SHA-256 of the
/// content, or `l` and that of a link's target.
enum FileHash {
  static let bufferSize = 1 << 18

  /// The word for every path, in order; read on several threads.
  ///
  /// - Parameters:
  ///   - known: words of files that have been read in this run already.
  ///   - cache: knows the words of files that have not changed, and learns those of the others.
  static func words(
    root: String, files: [WalkedFile], workers: Int, known: [RepositoryPath: ReadWord] = [:],
    cache: StatCache? = nil
  ) throws(PackagerError) -> [String] {
    // Batches keep a buffer's cost off small files.
    let batch = 128
    let batches = (files.count + batch - 1) / batch
    let results = Lock([[String]](repeating: [], count: batches))
    let failure = Lock<SystemError?>(nil)
    Threads.forEach(count: batches, workers: workers) { index in
      // Made where something is read: most files are known as a rule.
      var buffer: [UInt8] = []
      let hasher = SHA256()
      var words: [String] = []
      words.reserveCapacity(batch)
      for file in files[(index * batch)..<min(files.count, (index + 1) * batch)] {
        do throws(SystemError) {
          if file.kind == .file, let read = known[file.path] {
            cache?.note(read, of: file.path, root: root)
            words.append(read.word)
          } else if let cached = cache?.word(of: file, root: root) {
            words.append(cached)
          } else {
            if buffer.isEmpty { buffer = [UInt8](repeating: 0, count: bufferSize) }
            words.append(try word(root: root, file: file, buffer: &buffer, hasher: hasher, cache: cache))
          }
        } catch {
          failure.withLock { $0 = $0 ?? error }
          return
        }
      }
      results.withLock { $0[index] = words }
    }
    if let error = failure.withLock({ $0 }) { throw .system(error) }
    return results.withLock { Array($0.joined()) }
  }

  private static func word(
    root: String, file: WalkedFile, buffer: inout [UInt8], hasher: SHA256, cache: StatCache?
  ) throws(SystemError) -> String {
    let path = file.path.absolute(in: root)
    switch file.kind {
    case .emptyFolder: return "d"
    case .link: return "l" + SHA256.digest(of: try linkTarget(path)).hex
    case .file:
      let before = cache.flatMap { _ in FileStatus(at: path)?.stamp }
      let (isExecutable, digest, _) = try content(path, buffer: &buffer, hasher: hasher)
      let word = word(of: digest, isExecutable: isExecutable)
      if let before { cache?.note(word, of: file.path, before: before, after: FileStatus(at: path)?.stamp) }
      return word
    }
  }

  /// The word of a file with these bytes.
  static func word(of bytes: [UInt8], isExecutable: Bool) -> String {
    word(of: SHA256.digest(of: bytes), isExecutable: isExecutable)
  }

  private static func word(of digest: Digest, isExecutable: Bool) -> String {
    (isExecutable ? "x" : "f") + digest.hex
  }

  /// Whether the owner may execute the file, the digest of its content, and how that begins.
  static func content(
    _ path: String, buffer: inout [UInt8], hasher: SHA256
  ) throws(SystemError) -> (isExecutable: Bool, digest: Digest, start: UInt32) {
    let file = try RegularFile(path)
    var length = 0
    var start: UInt32 = 0
    while true {
      let count = read(file.descriptor, &buffer, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw SystemError(operation: "read", subject: path, code: errno)
      }
      guard count > 0 else { break }
      buffer.withUnsafeBytes { buffer in
        let read = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        if length == 0 { start = ContentStart.word(read) }
        hasher.update(read)
      }
      length += count
      // As long as the system has said: there is no more to ask for.
      if length == file.status.size { break }
    }
    return (file.status.isExecutable, hasher.finalize(), start)
  }

  static func linkTarget(_ path: String) throws(SystemError) -> String {
    var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = target.withUnsafeMutableBytes { buffer in
      buffer.baseAddress.map { readlink(path, $0.assumingMemoryBound(to: CChar.self), buffer.count) } ?? -1
    }
    guard count >= 0 else { throw SystemError(operation: "read the link", subject: path, code: errno) }
    return String(decoding: target[..<count], as: UTF8.self)
  }
}
