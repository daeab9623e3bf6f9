internal import Core
internal import Packager

/// Which functions run with which role, as far as the configuration states it.
struct FunctionRoles: Sendable {
  /// Each role with the logical names of the functions that have it, both in byte order.
  let users: [(role: String, functions: [String])]

  init(_ definitions: [FunctionDefinition]) {
    var found: [String: [String]] = [:]
    for definition in definitions {
      guard let role = definition.configuration["Role"]?.string else { continue }
      found[role, default: []].append(definition.name)
    }
    users = found.map { (role: $0.key, functions: $0.value.sorted()) }.sorted { $0.role < $1.role }
  }

  /// A line about roles that several functions share: what one of them may do the others may too.
  var finding: DoctorFinding? {
    guard !users.isEmpty else { return nil }
    let shared = users.filter { $0.functions.count > 1 }
    guard !shared.isEmpty else {
      return .good("roles", "each function that states one has a role of its own")
    }
    let words = shared.map { "\($0.functions.joined(separator: ", ")) share \($0.role)" }
    return .good("roles", words.joined(separator: "; "))
  }
}
