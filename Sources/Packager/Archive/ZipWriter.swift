package import Core
import Glibc

/// A finished zip file.
package struct ZipFile: Hashable, Sendable {
  /// Absolute path.
  package let path: String
  /// Length in bytes.
  package let size: Int
  /// SHA-256 of the file; its ``Digest/base64`` is Lambda's `CodeSha256`.
  package let sha256: Digest
}

/// A finished zip, and the digest of what is in it, from one reading of the files.
struct WrittenZip {
  let zip: ZipFile
  /// What ``PackageTree/digest(workers:)`` is for the tree.
  let pkg: Digest
  /// The tree with what the reading has shown.
  let tree: PackageTree
}

/// Writes a package as a zip: the same tree gives the same bytes on any machine with the same zlib, whatever its umask,
/// time zone, folder or number of processors.
package enum ZipWriter {
  /// Pieces that are compressed ahead of the one that is written next: bounds memory to 1 MiB each.
  private static let window = 12

  /// Below this many bytes another thread costs more than it saves, and other packages are made beside this one.
  private static let smallTree = 1 << 20

  /// Writes `tree` to a file of `folder` that is there as a whole or not at all, under the name that `name` gives for
  /// the tree's digest.
  ///
  /// Nothing waits for the disk here: ``PackageShelf/note(_:)`` does so for many at once.
  ///
  /// - Parameters:
  ///   - work: where it is until it is finished, on the file system of `folder`; nil for `folder` itself.
  ///   - memory: what is used again by the next one.
  /// - Throws: ``PackagerError`` when a file cannot be read or written, or is too large for the format.
  static func write(
    _ tree: PackageTree, to folder: StateFolder, in work: StateFolder? = nil,
    workers: Int = Threads.processorCount, memory: ZipMemory = ZipMemory(), name: (_ pkg: Digest) -> String
  ) throws(PackagerError) -> WrittenZip {
    guard tree.unzippedSize < 0xFFFF_FFFF - tree.entries.count * 200 else {
      throw .archive(
        reason: "\(tree.unzippedSize) bytes do not fit into a zip for Lambda, which takes 262144000")
    }
    let work = work ?? folder
    let temporary = StateFolder.temporaryName(for: "zip")
    do throws(SystemError) {
      let session = try ZipSession(tree.entries, folder: work, temporary: temporary, memory: memory)
      let jobs = session.jobs
      let workers = tree.unzippedSize < smallTree ? 1 : workers
      try Threads.inOrder(
        count: jobs.count, workers: workers, window: window, state: { memory.deflater() },
        make: { (deflater, index) throws(SystemError) in try deflater.run(jobs[index]) },
        take: { (_, piece) throws(SystemError) in try session.take(piece) })
      let (size, sha256) = try session.finish()
      let pkg = session.pkg()
      let name = name(pkg)
      try work.move(temporary, to: folder, as: name)
      return WrittenZip(
        zip: ZipFile(path: folder.path(of: name), size: size, sha256: sha256), pkg: pkg,
        tree: tree.noting(starts: session.starts))
    } catch {
      try? work.remove(temporary)
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
    let kind = entry.path.fileExtension?.lowercased() ?? ""
    let isStored = compressedKinds.contains(kind)
    return stride(from: 0, to: size, by: DeflateJob.blockSize).map { offset in
      let length = min(DeflateJob.blockSize, size - offset)
      return DeflateJob(
        source: source, offset: offset, length: length, isLast: offset + length == size, isStored: isStored)
    }
  }
}
