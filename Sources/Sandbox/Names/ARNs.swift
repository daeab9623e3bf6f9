/// The names of the resources of one account in one region.
struct ARNs: Sendable {
  let region: String
  /// 12 digits.
  let account: String

  /// `arn:aws:service:region:account:resource`.
  func arn(_ service: String, _ resource: String) -> String {
    "arn:aws:\(service):\(region):\(account):\(resource)"
  }

  /// That of a function, with a qualifier if one is given.
  func function(_ name: String, _ qualifier: String? = nil) -> String {
    arn("lambda", "function:\(name)" + (qualifier.map { ":\($0)" } ?? ""))
  }
}
