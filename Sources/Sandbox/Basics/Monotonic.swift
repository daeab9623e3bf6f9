import Glibc

/// The machine's monotonic clock, for time limits that no change of the time of day may touch.
enum Monotonic {
  /// Seconds since some fixed moment.
  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
