internal import Core

/// What the environment says about connections.
struct TransportSettings: Sendable {
  /// Where the certificates of authorities are: never a file and a folder at once, because libcurl then
  /// reads the whole bundle anew for each connection.
  enum Authorities: Hashable, Sendable {
    case file(String)
    case folder(String)
    /// What libcurl was built with.
    case builtIn
  }

  /// Connections to one host at a time.
  var parallel: Int
  var authorities: Authorities
  var httpsProxy: String?
  var httpProxy: String?
  var noProxy: String?

  /// - Parameter configuredBundle: the profile's `ca_bundle`.
  init(environment: [String: String], configuredBundle: String?, parallel: Int) {
    func value(_ names: String...) -> String? {
      names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }
    self.parallel = max(1, parallel)
    if let bundle = value("AWS_CA_BUNDLE") ?? configuredBundle ?? value("SSL_CERT_FILE") {
      authorities = .file(bundle)
    } else if let folder = value("SSL_CERT_DIR") {
      authorities = .folder(folder)
    } else {
      authorities = Self.systemAuthorities()
    }
    let common = value("ALL_PROXY", "all_proxy")
    httpsProxy = value("https_proxy", "HTTPS_PROXY") ?? common
    // Only in lower case: a web server sets HTTP_PROXY from a request's "Proxy" header.
    httpProxy = value("http_proxy") ?? common
    noProxy = value("no_proxy", "NO_PROXY")
  }

  /// The proxy for `url`, or nil for a straight connection.
  func proxy(for url: String) -> String? {
    url.hasPrefix("https:") ? httpsProxy : httpProxy
  }

  private static func systemAuthorities() -> Authorities {
    let folder = "/etc/ssl/certs"
    if let names = try? Files.names(in: folder), names.contains(where: { $0.hasSuffix(".0") }) {
      return .folder(folder)
    }
    let bundles = [
      "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
      "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
    ]
    return bundles.first(where: Files.exists).map(Authorities.file) ?? .builtIn
  }
}
