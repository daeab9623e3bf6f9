import Glibc

/// Makes a file `length` bytes long without writing them.
func truncateFile(_ path: String, _ length: Int) -> Bool {
  truncate(path, off_t(length)) == 0
}
