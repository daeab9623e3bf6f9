internal import CSystem
import Glibc

/// What the system knows of a file, a folder or a link.
package struct FileStatus: Sendable {
  private let status: stat

  init(_ status: stat) {
    self.status = status
  }

  /// What is at `path`, which is not followed where it is a link; nil where nothing can be seen.
  package init?(at path: String) {
    var found = stat()
    guard fstatat(AT_FDCWD, path, &found, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    status = found
  }

  /// Length in bytes.
  package var size: Int { Int(status.st_size) }
  /// Seconds since 1970 at the last change of the content.
  package var changed: Int { status.st_mtim.tv_sec }
  /// The permissions: the lowest twelve bits of the mode.
  package var permissions: UInt32 { status.st_mode & 0o7777 }
  /// Whether the owner may execute it.
  package var isExecutable: Bool { status.st_mode & S_IXUSR != 0 }
  /// Whether it is a folder.
  package var isFolder: Bool { kind == S_IFDIR }
  /// Whether it is a regular file.
  package var isFile: Bool { kind == S_IFREG }
  /// The id of the user it belongs to.
  package var owner: UInt32 { status.st_uid }
  /// Tells it from everything else on the machine, as long as it exists.
  package var identity: String { "\(status.st_dev):\(status.st_ino)" }

  var kind: mode_t { status.st_mode & S_IFMT }

  /// Tells this state of the file from every other one.
  package var stamp: FileStamp {
    FileStamp(
      size: Int64(status.st_size), modified: Self.nanoseconds(status.st_mtim),
      changed: Self.nanoseconds(status.st_ctim), inode: UInt64(status.st_ino), device: UInt64(status.st_dev),
      permissions: permissions)
  }

  /// A time that somebody has set may be any number: it wraps around.
  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}

/// What the system knows of one state of a file, without its content.
package struct FileStamp: Hashable, Sendable {
  /// Length in bytes.
  package let size: Int64
  /// Nanoseconds since 1970 at the last change of the content; anybody may set it.
  package let modified: Int64
  /// Nanoseconds since 1970 at the last change of the content or of what the system knows of it.
  package let changed: Int64
  /// The file's number on its device.
  package let inode: UInt64
  /// The device's number.
  package let device: UInt64
  /// The permissions: the lowest twelve bits of the mode.
  package let permissions: UInt32

  /// A stamp that was kept.
  package init(
    size: Int64, modified: Int64, changed: Int64, inode: UInt64, device: UInt64, permissions: UInt32
  ) {
    self.size = size
    self.modified = modified
    self.changed = changed
    self.inode = inode
    self.device = device
    self.permissions = permissions
  }
}
