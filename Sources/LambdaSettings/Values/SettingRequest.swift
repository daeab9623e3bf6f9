package import Core

/// The requests that settings go by.
package enum SettingRequest {
  /// The members of CreateFunction.
  package static func creation(_ wanted: JSONObject) -> JSONObject {
    members(wanted) { $0.isCreated }
  }

  /// The members of UpdateFunctionConfiguration that bring what is `wanted` to a function.
  ///
  /// Of objects those members are added that the function has and nobody states: Lambda replaces some of them whole.
  ///
  /// - Parameters:
  ///   - variables: whether variables that are not stated are to go.
  ///   - present: what GetFunctionConfiguration answers for `$LATEST`.
  package static func update(
    _ wanted: JSONObject, variables: VariableOwnership, of present: JSONObject
  ) -> JSONObject {
    var request = members(wanted) { $0.call == .configuration }
    for (member, value) in request.members {
      guard let setting = SettingCatalogue[member], case .object(let members) = setting.shape else {
        continue
      }
      let standard = SettingValue.standard(setting, functionName: present["FunctionName"]?.string ?? "")
      guard let stated = value.object, !stated.isEmpty else {
        request[member] = SettingValue.reset(setting.shape, standard: standard)
        continue
      }
      let shown = SettingValue.shown(setting, in: present)?.object ?? JSONObject()
      request[member] = .object(completed(stated, members, shown: shown, variables: variables))
    }
    return request
  }

  /// `stated`, and what a function shows besides.
  private static func completed(
    _ stated: JSONObject, _ members: [SettingMember], shown: JSONObject, variables: VariableOwnership
  ) -> JSONObject {
    var object = JSONObject()
    for member in members {
      let (own, there) = (stated[member.member], shown[member.member])
      switch member.shape {
      case .map:
        guard let own = own?.object else { break }
        object[member.member] = .object(
          variables == .named ? (there?.object ?? JSONObject()).merging(own) : own)
      case .object(let inner):
        guard own != nil || there != nil else { break }
        let nested = completed(
          own?.object ?? JSONObject(), inner, shown: there?.object ?? JSONObject(), variables: variables)
        object[member.member] = .object(nested)
      case .text, .choice, .boolean, .integer, .number, .list, .optional:
        object[member.member] = own ?? there
      }
    }
    for member in members where stated[member.member] == nil {
      guard let condition = member.condition, object[condition.member]?.string != condition.value else {
        continue
      }
      object[member.member] = nil
    }
    return object
  }

  /// The value that brings `setting` to what a version of the function has.
  ///
  /// - Parameter version: what GetFunctionConfiguration answers for it.
  package static func restoration(_ setting: LambdaSetting, of version: JSONObject) -> JSON {
    let standard = SettingValue.standard(setting, functionName: version["FunctionName"]?.string ?? "")
    guard let shown = SettingValue.shown(setting, in: version), shown != .object(JSONObject()) else {
      return SettingValue.reset(setting.shape, standard: standard)
    }
    guard case .object(let members) = setting.shape, let object = shown.object else { return shown }
    // What the version does not have may be there by now.
    var complete = SettingValue.reset(setting.shape, standard: standard).object ?? JSONObject()
    for member in members {
      complete[member.member] = object[member.member] ?? complete[member.member]
    }
    return .object(complete)
  }

  private static func members(_ wanted: JSONObject, where isWanted: (LambdaSetting) -> Bool) -> JSONObject {
    JSONObject(
      wanted.members.filter { member, value in
        value != .null && SettingCatalogue[member].map(isWanted) == true
      }.map { ($0.key, $0.value) })
  }
}
