internal import Core

// @unchecked: all of it is touched by one thread at a time, which `Threads.inOrder` sees to.

/// A zip file that is being written, entry after entry.
final class ZipSession: @unchecked Sendable {
  /// The pieces of all entries, one entry after the other.
  let jobs: [DeflateJob]
  private let entries: [PackageEntry]
  private let file: ZipOutput
  private var records: [ZipRecord] = []
  private var next = 0
  /// Digests of the contents, by entry.
  private var digests: [[UInt8]] = []
  /// How each content begins, by entry.
  private(set) var starts: [UInt32] = []
  private let hasher = SHA256()
  private let memory: ZipMemory

  /// Writes `entries` to the new file `temporary` of `folder`; rooms of pieces go back to `memory`.
  init(
    _ entries: [PackageEntry], folder: StateFolder, temporary: String, memory: ZipMemory
  ) throws(SystemError) {
    self.entries = entries
    self.memory = memory
    jobs = entries.flatMap { ZipWriter.jobs(for: $0) }
    digests.reserveCapacity(entries.count)
    starts.reserveCapacity(entries.count)
    file = ZipOutput(
      try folder.makeFile(temporary, mode: 0o600), path: folder.path(of: temporary))
  }

  /// Writes the next piece, and the entries without content before it.
  func take(_ piece: PackedPiece) throws(SystemError) {
    defer { memory.giveBack(piece.room) }
    if digests.count == records.count { try writeEmpties() }
    let entry = entries[next]
    if starts.count == next { starts.append(ContentStart.word(piece.content)) }
    if let digest = piece.digest {
      try begin(
        entry, isDeflated: piece.isDeflated, checksum: piece.checksum, packedSize: piece.packed.count,
        size: piece.place.count)
      try file.append(piece.packed)
      digests.append(digest.bytes)
      next += 1
      return
    }
    if digests.count == records.count {
      try file.hold()
      try begin(entry, isDeflated: piece.isDeflated, checksum: 0, packedSize: 0, size: 0)
    }
    let last = records.count - 1
    records[last].checksum = DeflateJob.combined(
      records[last].checksum, piece.checksum, secondLength: piece.place.count)
    records[last].packedSize += piece.packed.count
    records[last].size += piece.place.count
    hasher.update(piece.content)
    try file.append(piece.packed)
    if records[last].size == entry.size { try end(entry) }
  }

  /// Writes the local header: of a whole file as it is to be, else one that is written over when the sizes are known.
  private func begin(
    _ entry: PackageEntry, isDeflated: Bool, checksum: UInt, packedSize: Int, size: Int
  ) throws(SystemError) {
    let name = Array(entry.path.text.utf8) + (entry.content == .emptyFolder ? [UInt8(ascii: "/")] : [])
    let record = ZipRecord(
      name: name, mode: entry.mode, offset: file.offset, isDeflated: isDeflated, checksum: checksum,
      packedSize: packedSize, size: size)
    records.append(record)
    try file.append(record.localHeader)
  }

  /// Writes the entries that have no pieces, up to the next that has: empty files, folders and links.
  private func writeEmpties() throws(SystemError) {
    while next < entries.count, entries[next].size == 0 {
      let entry = entries[next]
      var content: [UInt8] = []
      if case .link(let target) = entry.content { content = Array(target.utf8) }
      try begin(
        entry, isDeflated: false, checksum: DeflateJob.checksum(content), packedSize: content.count,
        size: content.count)
      try file.append(content)
      if case .file = entry.content { content = SHA256.digest(of: []).bytes }
      digests.append(content)
      starts.append(0)
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
      let deflater = memory.deflater()
      for job in ZipWriter.jobs(for: entry) {
        let plain = DeflateJob(
          source: job.source, offset: job.offset, length: job.length, isLast: job.isLast, isStored: true)
        let piece = try deflater.run(plain)
        defer { memory.giveBack(piece.room) }
        try file.append(piece.packed)
      }
    }
    try file.patch(records[last].localHeader, at: records[last].offset)
    try file.release()
    digests.append(hasher.finalize().bytes)
    next += 1
  }

  /// Writes what follows the entries; returns length and SHA-256 of the whole.
  func finish() throws(SystemError) -> (size: Int, sha256: Digest) {
    try writeEmpties()
    let start = file.offset
    var directory: [UInt8] = []
    for record in records { directory += record.centralHeader }
    let end = ZipRecord.end(count: records.count, directorySize: directory.count, directoryOffset: start)
    try file.append(directory + end)
    return try file.finish()
  }

  /// The digest of the tree, once all is written.
  func pkg() -> Digest {
    let hasher = RecordHasher(tag: PackageTree.digestTag)
    for (entry, content) in zip(entries, digests) { entry.add(to: hasher, content: content) }
    return hasher.digest()
  }
}
