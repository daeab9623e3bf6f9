internal import Core
import Glibc

/// Unpacks a zip or a jar that another program has made, as Lambda would.
enum ArtifactTree {
  /// Lambda's limit for all that is unzipped, and a little more, so that the gate says by how much.
  private static let limit = 1 << 30

  /// Writes what is in the zip at the absolute path `file` below `folder`. Nothing leaves the folder, and no entry lies
  /// over another.
  static func unpack(_ file: String, shown: RepositoryPath, into folder: StateFolder) throws(PackagerError) {
    do throws(ForeignZip.Fault) {
      let zip = try ForeignZip(file)
      var total = 0
      for entry in zip.entries where !entry.isFolder {
        total += entry.size
        guard let path = RepositoryPath(entry.name), !path.isRoot, !entry.name.contains("\\"), total <= limit
        else {
          throw ForeignZip.Fault(
            reason: total > limit
              ? "its content is more than \(limit) bytes"
              : "it holds '\(entry.name.escaped)', which leads out of the package or is no path")
        }
        let content = try zip.content(of: entry, limit: limit)
        do throws(SystemError) { try write(content, of: entry, to: path, in: folder) } catch {
          throw ForeignZip.Fault(reason: "\(path): \(error.reason)")
        }
      }
    } catch {
      throw .archive(reason: "\(shown) cannot be unpacked: \(error.reason)")
    }
  }

  private static func write(
    _ content: [UInt8], of entry: ForeignZip.Entry, to path: RepositoryPath, in folder: StateFolder
  ) throws(SystemError) {
    let parent = try TreeCopy.folder(path.parent, in: folder)
    if entry.mode & 0o170000 == 0o120000 {
      return try parent.makeLink(path.name, to: String(decoding: content, as: UTF8.self))
    }
    let file = try parent.makeFile(path.name, mode: entry.mode & 0o100 != 0 ? 0o755 : 0o644)
    defer { close(file) }
    try Files.write(content, to: file, path: parent.path(of: path.name))
  }
}
