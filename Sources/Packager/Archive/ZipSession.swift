internal import Core
import Glibc

// @unchecked: `taken` is touched by one thread at a time, which `Threads.inOrder` sees to.

/// A zip file that is being written, entry after entry.
final class ZipSession: @unchecked Sendable {
  /// The pieces of all entries, one entry after the other.
  let jobs: [DeflateJob]
  private let entries: [PackageEntry]
  private var file: ZipOutput
  private var records: [ZipRecord] = []
  private var next = 0
  /// Digests of the contents, by entry.
  private var digests: [[UInt8]] = []
  private let hasher = SHA256()

  /// Writes `entries` to the new file `temporary` of `folder`.
  init(_ entries: [PackageEntry], folder: StateFolder, temporary: String) throws(SystemError) {
    self.entries = entries
    jobs = entries.flatMap { ZipWriter.jobs(for: $0) }
    digests.reserveCapacity(entries.count)
    file = ZipOutput(
      try folder.makeFile(temporary, mode: 0o600), path: folder.path(of: temporary))
  }

  deinit { close(file.descriptor) }

  /// Writes the next piece, and the entries without content before it.
  func take(_ output: DeflateJob.Output) throws(SystemError) {
    if digests.count == records.count { try writeEmpties() }
    let entry = entries[next]
    if digests.count == records.count { try begin(entry, isDeflated: output.isDeflated, whole: output) }
    let last = records.count - 1
    if let digest = output.digest {
      try file.append(output.bytes)
      digests.append(digest.bytes)
      next += 1
      return
    }
    records[last].checksum = DeflateJob.combined(
      records[last].checksum, output.checksum, secondLength: output.length)
    records[last].packedSize += output.bytes.count
    records[last].size += output.length
    hasher.update(output.content)
    try file.append(output.bytes)
    if records[last].size == entry.size { try end(entry) }
  }

  /// Writes the local header: of a whole file as it is to be, else one that is written over when the sizes are known.
  private func begin(_ entry: PackageEntry, isDeflated: Bool, whole output: DeflateJob.Output?)
    throws(SystemError)
  {
    let name = Array(entry.path.text.utf8) + (entry.content == .emptyFolder ? [UInt8(ascii: "/")] : [])
    var record = ZipRecord(
      name: name, mode: entry.mode, offset: file.offset, isDeflated: isDeflated, checksum: 0, packedSize: 0,
      size: 0)
    if let output, output.digest != nil || entry.size == 0 {
      record.checksum = output.checksum
      record.packedSize = output.bytes.count
      record.size = output.length
    }
    records.append(record)
    try file.append(record.localHeader)
  }

  /// Writes the entries that have no pieces, up to the next that has: empty files, folders and links.
  private func writeEmpties() throws(SystemError) {
    while next < entries.count, entries[next].size == 0 {
      let entry = entries[next]
      var content: [UInt8] = []
      if case .link(let target) = entry.content { content = Array(target.utf8) }
      let output = DeflateJob.Output(stored: content)
      try begin(entry, isDeflated: false, whole: output)
      try file.append(content)
      if case .file = entry.content { content = SHA256.digest(of: []).bytes }
      digests.append(content)
      next += 1
    }
  }

  /// Ends an entry of several pieces; stores its content where deflating did not help.
  private func end(_ entry: PackageEntry) throws(SystemError) {
    let last = records.count - 1
    if records[last].isDeflated, records[last].packedSize >= records[last].size {
      try file.cut(to: file.offset - records[last].packedSize)
      records[last].isDeflated = false
      records[last].packedSize = records[last].size
      let deflater = Deflater()
      for job in ZipWriter.jobs(for: entry) {
        let plain = DeflateJob(
          source: job.source, offset: job.offset, length: job.length, isLast: job.isLast, isStored: true)
        try file.append(try deflater.run(plain).bytes)
      }
    }
    try file.patch(records[last].localHeader, at: records[last].offset)
    digests.append(hasher.finalize().bytes)
    next += 1
  }

  /// Writes what follows the entries; returns the length of the whole.
  func finish() throws(SystemError) -> Int {
    try writeEmpties()
    let start = file.offset
    var directory: [UInt8] = []
    for record in records { directory += record.centralHeader }
    let end = ZipRecord.end(count: records.count, directorySize: directory.count, directoryOffset: start)
    try file.append(directory + end)
    try file.flush()
    return file.offset
  }

  /// The digest of the tree, once all is written.
  func pkg() -> Digest {
    let hasher = RecordHasher(tag: PackageTree.digestTag)
    for (entry, content) in zip(entries, digests) { entry.add(to: hasher, content: content) }
    return hasher.digest()
  }
}

/// A file that is written from its beginning to its end, in large pieces.
private struct ZipOutput {
  private static let room = 256 << 10

  let descriptor: Int32
  private let path: String
  /// What is not in the file yet.
  private var pending: [UInt8] = []
  private var flushed = 0

  init(_ descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
    pending.reserveCapacity(Self.room * 2)
  }

  /// Bytes so far.
  var offset: Int { flushed + pending.count }

  mutating func append(_ bytes: [UInt8]) throws(SystemError) {
    pending += bytes
    if pending.count >= Self.room { try flush() }
  }

  mutating func flush() throws(SystemError) {
    try write(pending, at: flushed)
    flushed += pending.count
    pending.removeAll(keepingCapacity: true)
  }

  /// Forgets everything from `place` on.
  mutating func cut(to place: Int) throws(SystemError) {
    try flush()
    guard ftruncate(descriptor, off_t(place)) == 0 else {
      throw SystemError(operation: "write", subject: path, code: errno)
    }
    flushed = place
  }

  /// Writes over what is there.
  mutating func patch(_ bytes: [UInt8], at place: Int) throws(SystemError) {
    if place >= flushed {
      pending.replaceSubrange(place - flushed..<place - flushed + bytes.count, with: bytes)
    } else {
      try flush()
      try write(bytes, at: place)
    }
  }

  private func write(_ bytes: [UInt8], at place: Int) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done, off_t(place + done))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw SystemError(operation: "write", subject: path, code: count < 0 ? errno : EIO)
      }
      done += count
    }
  }
}
