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
    case .ecr:
      for data in answer["authorizationData"]?.array ?? [] {
        data["authorizationToken"]?.string.map(hideRegistryToken)
      }
    default: break
    }
  }

  /// Hides what opens a registry, as it is sent and as users type it.
  private func hideRegistryToken(_ token: String) {
    hide(token)
    guard let bytes = Base64.decode(token), let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
      return
    }
    hide(String(decoding: bytes[(colon + 1)...], as: UTF8.self))
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
