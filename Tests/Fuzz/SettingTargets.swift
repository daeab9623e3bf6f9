import Core
import LambdaSettings

extension FuzzTarget {
  /// The readers of patterns and of settings.
  static let settingTargets: [FuzzTarget] = [
    FuzzTarget(
      "patterns",
      seeds: [
        #"arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+"#, "(a|a)*b{2,9}$|^()",
        #"[^\s\p{L}]+"#,
      ],
      words: [
        "(", ")", "|", "*", "+", "?", "{", "}", "{1,999}", "[", "]", "[^", "\\d", "\\p{L}", "-", "^", "$",
        ".",
      ]
    ) { bytes in
      guard let pattern = TextPattern(text(bytes)) else { return }
      _ = pattern.matches("")
      _ = pattern.matches(String(repeating: "a", count: 200))
      _ = pattern.matches(text(bytes))
    },
    FuzzTarget(
      "settings",
      seeds: [
        #"{"FunctionName":"f","Timeout":3,"VpcConfig":{"SubnetIds":["subnet-a"],"VpcId":"v"},"Layers":[{"Arn":"l:1"}],"Environment":{"Variables":{"A":"1"}},"LoggingConfig":{"LogFormat":"JSON"}}"#
      ],
      words: [
        "\"Layers\":", "null", "[]", "{}", "\"Environment\":{\"Error\":{}}", "\"ImageConfigResponse\":",
        "1e999", "\"Tags\":",
      ]
    ) { bytes in
      guard let settings = (try? JSON(parsing: bytes))?.object else { return }
      let differences = SettingComparison.differences(
        settings, variables: .all, from: settings, isRecorded: false)
      _ = differences.map(\.key)
      let request = SettingRequest.update(settings, variables: .named, of: settings)
      _ = SettingComparison.has(request, in: settings)
      _ = SettingConflicts.find(in: settings)
      for setting in SettingCatalogue.all {
        _ = SettingRequest.restoration(setting, of: settings)
        guard SettingComparison.agree(setting, settings, settings) else {
          preconditionFailure("\(setting.key) differs from itself")
        }
      }
    },
  ]
}
