internal import Core

/// Where a service is reached.
struct Endpoint: Sendable, Hashable {
  /// `http` or `https`.
  let scheme: String
  /// The `Host` header: with a port only when it is not the scheme's own.
  var host: String
  /// What stands before every path: empty, or `/base` without a slash at its end.
  let basePath: String
  var signingRegion: String
  /// Why it is this one, for messages: nil when it follows from the region.
  let origin: String?

  /// Scheme and host, for messages and for telling connections apart.
  var base: String { "\(scheme)://\(host)\(basePath)" }

  /// Whether it is this machine, or a link-local service such as instance metadata: no proxy can reach those.
  var isLocal: Bool {
    let name = hostName
    return name == "localhost" || name.hasSuffix(".localhost") || name == "::1" || name == "fd00:ec2::23"
      || name == "fd00:ec2::254" || ((name.hasPrefix("127.") || name.hasPrefix("169.254.")) && isAddress)
  }

  /// Whether the host is an IP address: no bucket name can stand before it.
  var isAddress: Bool {
    let name = hostName
    return name.contains(":") || name.split(separator: ".").allSatisfy { UInt8($0) != nil }
  }

  /// The host without a port, and an IPv6 address without brackets.
  var hostName: String {
    if host.hasPrefix("[") { return String(host.dropFirst().prefix { $0 != "]" }) }
    return String(host.prefix { $0 != ":" })
  }

  init(host: String, region: String) {
    scheme = "https"
    self.host = host
    basePath = ""
    signingRegion = region
    origin = nil
  }

  /// - Throws: ``AWSError/badConfiguration(_:)`` when `url` is no plain `http(s)://host[:port][/path]`.
  init(url: String, region: String, origin: String) throws(AWSError) {
    let wrong = "\(origin) is \"\(URLSecrets.hidden(url))\": a URL such as https://host:443 is needed"
    guard let separator = url.firstRange(of: "://") else { throw .badConfiguration(wrong) }
    scheme = url[..<separator.lowerBound].lowercased()
    let rest = url[separator.upperBound...]
    let authority = rest.prefix { $0 != "/" }
    guard !authority.contains("@") else {
      // Not quoted: what stands there is a password.
      throw .badConfiguration(
        "\(origin) is a URL with a user before its host: one such as https://host:443 is needed")
    }
    guard scheme == "http" || scheme == "https", !authority.isEmpty,
      !url.contains(where: { $0 == "?" || $0 == "#" || $0.isWhitespace })
    else { throw .badConfiguration(wrong) }
    let standardPort = scheme == "http" ? ":80" : ":443"
    host =
      (authority.hasSuffix(standardPort) ? String(authority.dropLast(standardPort.count)) : String(authority))
      .lowercased()
    var path = String(rest.dropFirst(authority.count))
    while path.hasSuffix("/") { path.removeLast() }
    basePath = path
    signingRegion = region
    self.origin = origin
  }
}
