internal import Core

extension Secrets {
  /// Hides what an answer tells that nobody may be shown: variables of functions, and parameters.
  func learn(from answer: JSONObject, of service: AWSService) {
    switch service {
    case .lambda:
      learnVariables(answer)
      for key in ["Configuration"] { answer[key]?.object.map(learnVariables) }
      for key in ["Functions", "Versions"] {
        answer[key]?.array?.compactMap(\.object).forEach(learnVariables)
      }
      // Whoever has it can fetch the package for some minutes.
      answer["Code"]?["Location"]?.string.map(hide)
    case .ssm: answer["Parameters"]?.array?.compactMap { $0["Value"]?.string }.forEach(hide)
    default: break
    }
  }

  /// Hides the variables in a function's configuration.
  func learnVariables(_ configuration: JSONObject) {
    for (name, value) in configuration["Environment"]?["Variables"]?.object?.members ?? [] {
      value.string.map { hide($0, of: name) }
    }
  }

  /// Hides what signs requests.
  func learn(_ credentials: Credentials) {
    hide(credentials.secretKey)
    credentials.sessionToken.map(hide)
  }
}
