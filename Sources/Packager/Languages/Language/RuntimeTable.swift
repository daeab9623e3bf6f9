/// What Lambda's runtimes offer to native code.
enum RuntimeTable {
  /// The newest GLIBC symbols, as minor of 2, that code on `runtime` may need: that of Amazon Linux 2 or 2023.
  ///
  /// Source: the operating systems in AWS's list of runtimes; Amazon Linux 2 has glibc 2.26, 2023 has 2.34.
  static func glibcMinor(_ runtime: String) -> Int {
    if runtime.hasSuffix(".al2023") { return 34 }
    if runtime.hasSuffix(".al2") { return 26 }
    let family = runtime.prefix { $0.isLetter }
    let version = runtime.drop { !$0.isNumber }.prefix { $0.isNumber || $0 == "." }.split(separator: ".")
    let major = version.first.flatMap { Int($0) } ?? 0
    let minor = version.dropFirst().first.flatMap { Int($0) } ?? 0
    let isNew =
      switch family {
      case "python": (major, minor) >= (3, 12)
      case "nodejs": major >= 20
      case "java": major >= 21
      case "ruby": (major, minor) >= (3, 3)
      case "dotnet": major >= 8
      default: false
      }
    return isNew ? 34 : 26
  }

  /// The platform tags of wheels that run there, newest first, for pip, which does not expand them itself.
  static func wheelPlatforms(runtime: String, architecture: String) -> [String] {
    let machine = architecture == "arm64" ? "aarch64" : "x86_64"
    let modern = stride(from: glibcMinor(runtime), through: 17, by: -1).map { "manylinux_2_\($0)_\(machine)" }
    // The old names of 2.17, 2.12 and 2.5; the last two never existed for arm64.
    let old = machine == "x86_64" ? ["manylinux2014", "manylinux2010", "manylinux1"] : ["manylinux2014"]
    return modern + old.map { "\($0)_\(machine)" } + ["linux_\(machine)"]
  }

  /// `3.13` for `python3.13`; nil for other runtimes.
  static func pythonVersion(_ runtime: String) -> String? {
    runtime.hasPrefix("python") ? String(runtime.dropFirst("python".count)) : nil
  }
}
