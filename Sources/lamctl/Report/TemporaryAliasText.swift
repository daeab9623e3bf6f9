internal import Core
internal import Release

/// What the documents of `alias` and `preview` share.
extension TemporaryAliasResult {
  /// What became of one function's alias.
  var entry: JSONObject {
    JSONObject([
      ("function", .string(name.function)), ("functionName", .string(name.functionName)),
      ("name", .optional(alias?.alias)), ("version", .optional(alias?.version)),
      ("until", .optional(alias?.until.iso8601)), ("owner", .optional(alias?.person)),
      ("outcome", .string(outcome.rawValue)), ("error", error.map { Failure($0).json } ?? .null),
    ])
  }
}

extension Sequence<TemporaryAliasResult> {
  /// Why some of them failed.
  var failures: [Failure] { compactMap { $0.error.map { Failure($0) } } }
}

extension Collection<Failure> {
  /// The exit code of work on so many functions of which these failed.
  func exitCode(of count: Int) -> ExitCode {
    first.map { self.count < count ? .partial : $0.exitCode } ?? .done
  }
}
