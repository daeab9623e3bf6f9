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

  /// `3.13` for `python3.13`; nil for other runtimes.
  static func pythonVersion(_ runtime: String) -> String? {
    runtime.hasPrefix("python") ? String(runtime.dropFirst("python".count)) : nil
  }
}
