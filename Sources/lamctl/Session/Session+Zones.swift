internal import Core

extension Session {
  /// The rules of a time zone, from the tz database of this machine; nil for one that it does not have.
  static func zone(_ name: String) -> ZoneRules? {
    if name == "UTC" { return .utc }
    let isName = name.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte & 0xDF) || "/_+-".utf8.contains(byte)
    }
    guard isName, !name.isEmpty, !name.hasPrefix("/"),
      let bytes = try? Files.read("/usr/share/zoneinfo/\(name)", limit: 1 << 20)
    else { return nil }
    return ZoneRules(tzif: bytes)
  }
}
