/// What Lambda's runtimes offer to native code.
enum RuntimeTable {
  /// The first version of each family on Amazon Linux 2023, as major and minor; those before run on Amazon Linux 2.
  ///
  /// Source: the operating systems in AWS's list of runtimes.
  private static let firstOnAmazonLinux2023: [String: (major: Int, minor: Int)] = [
    "python": (3, 12), "nodejs": (20, 0), "java": (21, 0), "ruby": (3, 3), "dotnet": (8, 0),
  ]

  /// The newest GLIBC symbols, as minor of 2, that code on `runtime` may need: Amazon Linux 2 has glibc 2.26, 2023 has
  /// 2.34.
  static func glibcMinor(_ runtime: String) -> Int {
    if runtime.hasSuffix(".al2023") { return 34 }
    if runtime.hasSuffix(".al2") { return 26 }
    let family = runtime.prefix { $0.isLetter }
    let version = runtime.drop { !$0.isNumber }.prefix { $0.isNumber || $0 == "." }.split(separator: ".")
    let major = version.first.flatMap { Int($0) } ?? 0
    let minor = version.dropFirst().first.flatMap { Int($0) } ?? 0
    guard let first = firstOnAmazonLinux2023[String(family)] else { return 26 }
    return (major, minor) >= first ? 34 : 26
  }
}
