package import Core

/// Compares settings one by one, with what empty and absent values mean.
package enum SettingComparison {
  /// What is to change about a version's settings so that it has what is `wanted`.
  ///
  /// - Parameters:
  ///   - wanted: settings as CreateFunction takes them; of objects the members that are stated.
  ///   - variables: whether variables that are not stated are to go.
  ///   - present: what GetFunctionConfiguration answers for the version.
  ///   - isRecorded: whether the version is known to have been made of just these settings, so that what the answer leaves
  ///     out is as it was written: not every endpoint shows every setting.
  package static func differences(
    _ wanted: JSONObject, variables: VariableOwnership, from present: JSONObject, isRecorded: Bool
  ) -> [SettingDifference] {
    SettingCatalogue.all.flatMap { setting -> [SettingDifference] in
      guard setting.call.needsVersion, setting.member != "Description", let value = wanted[setting.member]
      else { return [] }
      let shown = SettingValue.shown(setting, in: present)
      if shown == nil, isRecorded { return [] }
      // Variables that the caller may not decrypt are replaced by an error: nobody can tell.
      if setting.member == "Environment", present["Environment"]?["Error"] != nil { return [] }
      let standard = SettingValue.standard(setting, functionName: present["FunctionName"]?.string ?? "")
      return differences(
        setting, setting.shape, path: setting.member, wanted: value, present: shown, standard: standard,
        variables: variables)
    }
  }

  /// How one value differs.
  private static func differences(
    _ setting: LambdaSetting, _ shape: SettingShape, path: String, wanted: JSON, present: JSON?,
    standard: JSON?, variables: VariableOwnership = .all
  ) -> [SettingDifference] {
    switch shape {
    case .object(let members):
      let stated = wanted.object ?? JSONObject()
      return members.flatMap { member -> [SettingDifference] in
        // An empty object is how a setting is taken away as a whole.
        let whole: JSON? = stated.isEmpty ? JSON.null : JSON?.none
        guard let value = stated[member.member] ?? whole else { return [] }
        return differences(
          setting, member.shape, path: "\(path).\(member.member)", wanted: value,
          present: present?[member.member], standard: standard?[member.member], variables: variables)
      }
    case .map:
      let (new, old) = (wanted.object ?? JSONObject(), present?.object ?? JSONObject())
      let names = new.keys + (variables == .all ? old.keys.filter { new[$0] == nil } : [])
      return names.sorted().filter { new[$0] != old[$0] }.map {
        SettingDifference(setting, path: "\(path).\($0)", old: old[$0], new: new[$0])
      }
    case .text, .choice, .boolean, .integer, .number, .list, .optional:
      let new = SettingValue.effective(wanted, shape, standard: standard)
      let old = SettingValue.effective(present, shape, standard: standard)
      return new == old ? [] : [SettingDifference(setting, path: path, old: old, new: new)]
    }
  }

  /// How one function's setting that has a call of its own differs.
  ///
  /// - Parameter present: what AWS has, in the form of the request; nil for nothing.
  package static func difference(
    _ setting: LambdaSetting, wanted: JSON, present: JSON?
  ) -> [SettingDifference] {
    differences(
      setting, setting.shape, path: setting.member, wanted: wanted, present: present,
      standard: setting.standard, variables: .named)
  }

  /// Whether two answers show the same of a setting; true where one of them tells nothing of it.
  package static func agree(_ setting: LambdaSetting, _ a: JSONObject, _ b: JSONObject) -> Bool {
    let name = (a["FunctionName"] ?? b["FunctionName"])?.string ?? ""
    let standard = SettingValue.standard(setting, functionName: name)
    let (left, right) = (SettingValue.shown(setting, in: a), SettingValue.shown(setting, in: b))
    if left == nil || right == nil, !setting.isLeftOut { return true }
    return SettingValue.effective(left, setting.shape, standard: standard)
      == SettingValue.effective(right, setting.shape, standard: standard)
  }

  /// Whether a function has all of a request of UpdateFunctionConfiguration: what is in it and nothing else of maps.
  package static func has(_ request: JSONObject, in present: JSONObject) -> Bool {
    request.members.allSatisfy { member, value in
      guard let setting = SettingCatalogue[member], member != "Tags" else { return true }
      let standard = SettingValue.standard(setting, functionName: present["FunctionName"]?.string ?? "")
      return differences(
        setting, setting.shape, path: member, wanted: value,
        present: SettingValue.shown(setting, in: present),
        standard: standard
      ).isEmpty
    }
  }
}
