internal import LambdaSettings

extension SettingCall {
  /// The actions that writing it needs beside those of a deploy: `lambda:TagResource`.
  var writes: [String] {
    switch self {
    case .creation, .code, .configuration: []
    case .tags: ["lambda:TagResource"]
    case .reservedConcurrency: ["lambda:PutFunctionConcurrency", "lambda:DeleteFunctionConcurrency"]
    case .codeSigning:
      ["lambda:PutFunctionCodeSigningConfig", "lambda:DeleteFunctionCodeSigningConfig"]
    case .runtimeManagement: ["lambda:PutRuntimeManagementConfig"]
    case .recursion: ["lambda:PutFunctionRecursionConfig"]
    case .provisionedConcurrency:
      ["lambda:PutProvisionedConcurrencyConfig", "lambda:DeleteProvisionedConcurrencyConfig"]
    }
  }
}
