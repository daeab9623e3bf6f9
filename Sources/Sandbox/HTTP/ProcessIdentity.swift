import Glibc

/// This process and others.
enum ProcessIdentity {
  static var own: Int32 { getpid() }

  /// Whether a process with this id runs.
  static func isRunning(_ id: Int32) -> Bool { id > 0 && (kill(id, 0) == 0 || errno == EPERM) }
}
