/// What Lambda's Node runtimes can load without a package.
enum NodeBuiltins {
  /// Node's own modules that may be named without `node:`.
  ///
  /// Source: `module.builtinModules` of Node 16 to 24.
  static let modules: Set<String> = Set(
    """
    assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns
    domain events fs http http2 https inspector module net os path perf_hooks process punycode querystring
    readline repl stream string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads
    zlib _http_agent _http_client _http_common _http_incoming _http_outgoing _http_server _stream_duplex
    _stream_passthrough _stream_readable _stream_transform _stream_wrap _stream_writable _tls_common
    _tls_wrap
    """.split(whereSeparator: \.isWhitespace).map(String.init))

  /// Whether the runtime of a major version brings the package: the AWS SDK for JavaScript v3 from 18 on, v2 before.
  static func brings(_ name: String, major: Int) -> Bool {
    if name == "aws-sdk" { return major < 18 }
    return major >= 18 && (name.hasPrefix("@aws-sdk/") || name.hasPrefix("@smithy/"))
  }
}
