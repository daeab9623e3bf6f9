public import Core
import Glibc

/// A finished zip file.
public struct ZipFile: Hashable, Sendable {
  /// Absolute path.
  public let path: String
  /// Length in bytes.
  public let size: Int
  /// SHA-256 of the file; its ``Digest/base64`` is Lambda's `CodeSha256`.
  public let sha256: Digest
}

/// Writes a package as a zip: the same tree gives the same bytes on any machine with the same zlib, whatever its umask,
/// time zone, folder or number of processors.
public enum ZipWriter {
  /// Writes `tree` to the file `name` of `folder` as one step.
  ///
  /// - Throws: ``PackagerError`` when a file cannot be read or written, or is too large for the format.
  public static func write(
    _ tree: PackageTree, to folder: StateFolder, as name: String, workers: Int = Threads.processorCount
  ) throws(PackagerError) -> ZipFile {
    guard tree.unzippedSize < 0xFFFF_FFFF - tree.entries.count * 200 else {
      throw .archive(
        reason: "\(tree.unzippedSize) bytes do not fit into a zip for Lambda, which takes 262144000")
    }
    let temporary = StateFolder.temporaryName(for: name)
    let path = folder.path(of: name)
    do throws(SystemError) {
      var session = ZipSession(try folder.makeFile(temporary, mode: 0o600), path: path, workers: workers)
      defer { session.close() }
      try session.write(tree.entries)
      try folder.move(temporary, to: folder, as: name)
      var buffer = [UInt8](repeating: 0, count: FileHash.bufferSize)
      let digest = try FileHash.content(path, buffer: &buffer, hasher: SHA256()).digest
      return ZipFile(path: path, size: session.offset, sha256: digest)
    } catch {
      try? folder.remove(temporary)
      throw .system(error)
    }
  }

  /// Kinds that compression does not make smaller.
  private static let compressedKinds: Set<String> = [
    "7z", "aac", "avif", "br", "bz2", "flac", "gif", "gz", "jar", "jpeg", "jpg", "m4a", "mkv", "mov", "mp3",
    "mp4", "ogg",
    "png", "tgz", "webm", "webp", "whl", "woff", "woff2", "xz", "zip", "zst",
  ]

  /// The pieces of an entry's content.
  static func jobs(for entry: PackageEntry) -> [DeflateJob] {
    guard case .file(let source, let size, _) = entry.content, size > 0 else { return [] }
    let name = entry.path.name
    let kind = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
    let isStored = compressedKinds.contains(kind)
    return stride(from: 0, to: size, by: DeflateJob.blockSize).map { offset in
      let length = min(DeflateJob.blockSize, size - offset)
      return DeflateJob(
        source: source, offset: offset, length: length, isLast: offset + length == size, isStored: isStored)
    }
  }
}

/// An open zip file and the place in it.
private struct ZipSession {
  private let descriptor: Int32
  private let path: String
  private let workers: Int
  private(set) var offset = 0
  private var records: [ZipRecord] = []
  /// Pieces that are compressed before what they make is written: bounds memory to about 32 MiB.
  private static let window = 64

  /// Writes to `descriptor`, which ``close()`` closes; errors call the file `path`.
  init(_ descriptor: Int32, path: String, workers: Int) {
    self.descriptor = descriptor
    self.path = path
    self.workers = workers
  }

  func close() { Glibc.close(descriptor) }

  mutating func write(_ entries: [PackageEntry]) throws(SystemError) {
    var pending: [(entry: PackageEntry, jobs: [DeflateJob])] = []
    var waiting = 0
    for entry in entries {
      let jobs = ZipWriter.jobs(for: entry)
      if jobs.count > Self.window {
        try flush(&pending)
        waiting = 0
        try writeLarge(entry, jobs)
        continue
      }
      pending.append((entry, jobs))
      waiting += jobs.count
      if waiting >= Self.window {
        try flush(&pending)
        waiting = 0
      }
    }
    try flush(&pending)
    try finish()
  }

  /// Compresses the pieces of several entries together, then writes the entries in order.
  private mutating func flush(_ pending: inout [(entry: PackageEntry, jobs: [DeflateJob])])
    throws(SystemError)
  {
    let outputs = try run(pending.flatMap(\.jobs))
    var next = 0
    for (entry, jobs) in pending {
      try begin(entry)
      if case .link(let target) = entry.content {
        let bytes = Array(target.utf8)
        try add(DeflateJob.Output(bytes: bytes, checksum: DeflateJob.checksum(bytes), length: bytes.count))
      }
      for output in outputs[next..<(next + jobs.count)] { try add(output) }
      next += jobs.count
      try end(entry, isDeflated: jobs.first.map { !$0.isStored } ?? false)
    }
    pending = []
  }

  private mutating func writeLarge(_ entry: PackageEntry, _ jobs: [DeflateJob]) throws(SystemError) {
    try begin(entry)
    for start in stride(from: 0, to: jobs.count, by: Self.window) {
      for output in try run(Array(jobs[start..<min(jobs.count, start + Self.window)])) { try add(output) }
    }
    try end(entry, isDeflated: jobs.first.map { !$0.isStored } ?? false)
  }

  private func run(_ jobs: [DeflateJob]) throws(SystemError) -> [DeflateJob.Output] {
    let results = Lock([DeflateJob.Output?](repeating: nil, count: jobs.count))
    let failure = Lock<SystemError?>(nil)
    Threads.forEach(count: jobs.count, workers: workers) { index in
      do throws(SystemError) {
        let output = try jobs[index].run()
        results.withLock { $0[index] = output }
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return results.withLock { $0.compactMap { $0 } }
  }

  private mutating func begin(_ entry: PackageEntry) throws(SystemError) {
    let name = Array(entry.path.text.utf8) + (entry.content == .emptyFolder ? [UInt8(ascii: "/")] : [])
    records.append(
      ZipRecord(
        name: name, mode: entry.mode, offset: offset, isDeflated: true, checksum: 0, packedSize: 0, size: 0))
    offset += ZipRecord.headerLength(name: name)
  }

  private mutating func add(_ output: DeflateJob.Output) throws(SystemError) {
    let last = records.count - 1
    records[last].checksum = DeflateJob.combined(
      records[last].checksum, output.checksum, secondLength: output.length)
    records[last].packedSize += output.bytes.count
    records[last].size += output.length
    try write(output.bytes, at: offset)
    offset += output.bytes.count
  }

  /// Writes the local header, now that the sizes are known; stores the content where deflating did not help.
  private mutating func end(_ entry: PackageEntry, isDeflated: Bool) throws(SystemError) {
    let last = records.count - 1
    records[last].isDeflated = isDeflated
    if isDeflated, records[last].packedSize >= records[last].size {
      offset -= records[last].packedSize
      records[last].isDeflated = false
      records[last].packedSize = records[last].size
      for job in ZipWriter.jobs(for: entry) {
        let plain = DeflateJob(
          source: job.source, offset: job.offset, length: job.length, isLast: job.isLast, isStored: true)
        try write(try plain.run().bytes, at: offset)
        offset += job.length
      }
    }
    try write(records[last].localHeader, at: records[last].offset)
  }

  private mutating func finish() throws(SystemError) {
    let start = offset
    let directory = records.flatMap(\.centralHeader)
    let end = ZipRecord.end(count: records.count, directorySize: directory.count, directoryOffset: start)
    try write(directory + end, at: offset)
    offset += directory.count + end.count
    // Stored entries may have left longer, deflated bytes behind.
    guard ftruncate(descriptor, offset) == 0, fsync(descriptor) == 0 else {
      throw SystemError(operation: "write", subject: path, code: errno)
    }
  }

  private func write(_ bytes: [UInt8], at place: Int) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done, place + done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw SystemError(operation: "write", subject: path, code: count < 0 ? errno : EIO)
      }
      done += count
    }
  }
}
