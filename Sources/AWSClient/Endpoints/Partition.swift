/// A part of AWS with its own accounts and host names.
struct Partition: Sendable, Hashable {
  /// As in ARNs: `aws`, `aws-cn`.
  let name: String
  let suffix: String
  let dualStackSuffix: String?

  /// The partition that `region` belongs to.
  init(region: String) {
    let known: [(prefix: String, Partition)] = [
      ("cn-", .init("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn")),
      ("us-gov-", .init("aws-us-gov", "amazonaws.com", "api.aws")),
      ("us-isob-", .init("aws-iso-b", "sc2s.sgov.gov", nil)),
      ("us-isof-", .init("aws-iso-f", "csp.hci.ic.gov", nil)),
      ("us-iso-", .init("aws-iso", "c2s.ic.gov", nil)),
      ("eu-isoe-", .init("aws-iso-e", "cloud.adc-e.uk", nil)),
      ("eusc-", .init("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu")),
    ]
    self = known.first { region.hasPrefix($0.prefix) }?.1 ?? .init("aws", "amazonaws.com", "api.aws")
  }

  private init(_ name: String, _ suffix: String, _ dualStackSuffix: String?) {
    self.name = name
    self.suffix = suffix
    self.dualStackSuffix = dualStackSuffix
  }
}
