/// What pip has to be told of the platform that a runtime is.
enum WheelPlatforms {
  /// The platform tags of wheels that run there, newest first, for pip, which does not expand them itself.
  static func tags(runtime: String, architecture: String) -> [String] {
    let machine = architecture == "arm64" ? "aarch64" : "x86_64"
    let newest = RuntimeTable.glibcMinor(runtime)
    let modern = stride(from: newest, through: 17, by: -1).map { "manylinux_2_\($0)_\(machine)" }
    // The old names of 2.17, 2.12 and 2.5; the last two never existed for arm64.
    let old = machine == "x86_64" ? ["manylinux2014", "manylinux2010", "manylinux1"] : ["manylinux2014"]
    return modern + old.map { "\($0)_\(machine)" } + ["linux_\(machine)"]
  }

  /// 13 for `python3.13`; that of the newest runtime in wide use for others.
  static func pythonMinor(_ runtime: String?) -> Int {
    guard let runtime, runtime.hasPrefix("python3.") else { return 13 }
    return Int(runtime.dropFirst("python3.".count)) ?? 13
  }

  /// The platform as uv calls it, which expands it to all older ones.
  static func uvPlatform(runtime: String, architecture: String) -> String {
    let machine = architecture == "arm64" ? "aarch64" : "x86_64"
    return machine + (RuntimeTable.glibcMinor(runtime) >= 34 ? "-manylinux_2_34" : "-manylinux2014")
  }
}
