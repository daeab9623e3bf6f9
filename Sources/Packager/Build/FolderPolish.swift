internal import Core
import Glibc

/// Makes copies of the repository alike, whenever and by whom they are made: what is copied into an image keeps times and
/// modes.
enum FolderPolish {
  /// Seconds since 1970 of 1980-01-01, the date of all files in packages.
  static let time = 315_532_800

  /// Gives everything in the folder at the absolute `path` one time, and lets everybody into its folders: Lambda runs
  /// images as a user that they do not know.
  static func polish(_ path: String) throws(PackagerError) {
    for entry in try FolderEntry.entries(of: path) {
      let inner = "\(path)/\(entry.name)"
      if entry.kind == .folder { try polish(inner) } else { try date(inner) }
    }
    guard chmod(path, 0o755) == 0 else {
      throw .system(SystemError(operation: "change the mode of", subject: path, code: errno))
    }
    try date(path)
  }

  private static func date(_ path: String) throws(PackagerError) {
    let times = [timespec](repeating: timespec(tv_sec: time, tv_nsec: 0), count: 2)
    guard utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) == 0 else {
      throw .system(SystemError(operation: "change the time of", subject: path, code: errno))
    }
  }
}
