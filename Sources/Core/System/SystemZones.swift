/// The time zones that this machine knows, from its tz database.
package enum SystemZones {
  private static let folder = "/usr/share/zoneinfo"

  /// The rules of a zone by its name, such as `Europe/Berlin`; nil for one that this machine does not have.
  package static func rules(of name: String) -> ZoneRules? {
    if name == "UTC" { return .utc }
    let isName = name.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte & 0xDF) || "/_+-".utf8.contains(byte)
    }
    guard isName, !name.isEmpty, !name.hasPrefix("/"),
      let bytes = try? Files.read("\(folder)/\(name)", limit: 1 << 20)
    else { return nil }
    return ZoneRules(tzif: bytes)
  }
}
