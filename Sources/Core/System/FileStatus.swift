internal import CSystem
import Glibc

/// What the system knows of a file, a folder or a link.
public struct FileStatus: Sendable {
  private let status: stat

  init(_ status: stat) {
    self.status = status
  }

  /// Length in bytes.
  public var size: Int { Int(status.st_size) }
  /// Seconds since 1970 at the last change of the content.
  public var changed: Int { status.st_mtim.tv_sec }
  /// The permissions: the lowest twelve bits of the mode.
  public var permissions: UInt32 { status.st_mode & 0o7777 }
  /// Whether the owner may execute it.
  public var isExecutable: Bool { status.st_mode & S_IXUSR != 0 }
  /// Whether it is a folder.
  public var isFolder: Bool { kind == S_IFDIR }
  /// Whether it is a symbolic link.
  public var isLink: Bool { kind == S_IFLNK }
  /// Whether it is a regular file.
  public var isFile: Bool { kind == S_IFREG }
  /// The id of the user it belongs to.
  public var owner: UInt32 { status.st_uid }
  /// Tells it from everything else on the machine, as long as it exists.
  public var identity: String { "\(status.st_dev):\(status.st_ino)" }

  var kind: mode_t { status.st_mode & S_IFMT }
}
