import Core

@testable import AWSClient

extension FuzzTarget {
  /// The readers of what AWS, proxies and the user's shared files say.
  static let wireTargets: [FuzzTarget] = [
    FuzzTarget(
      "xml",
      seeds: [
        "<?xml version=\"1.0\"?><R><Code>X</Code><Message>a &amp; b &#65;</Message><RequestId/></R>",
        "<Error><Code>NoSuchKey</Code><Region>eu-west-1</Region></Error>",
      ],
      words: ["<", ">", "</Code>", "<Code", "<Code>", "&amp;", "&#x", ";", "/>", "<Message>"]
    ) { bytes in
      let text = text(bytes)
      for name in ["Code", "Message"] {
        let found = XML.text(of: name, in: text)
        _ = (found, XML.elements(name, in: text), XML.escaped(found ?? ""))
      }
    },
    FuzzTarget(
      "ini",
      seeds: [
        "[default]\nregion = eu-west-1\ns3 =\n  addressing_style = path\n",
        "[profile \"a b\"]\nrole_arn = arn # no\ncredential_process = sh -c \"x\"\n[sso-session s]\nsso_region=r",
      ],
      words: ["[", "]", "=", "#", ";", "\n", "\n ", "[profile ", "\u{2028}", "\r\n", "'"]
    ) { bytes in
      guard let file = try? IniFile(parsing: text(bytes), path: "config") else { return }
      _ = file.sections.values.map { $0["region"] }
      _ = ProcessCredentials.words(file.sections.values.first?["credential_process"] ?? "")
    },
    FuzzTarget(
      "headers",
      seeds: [
        "HTTP/1.1 503 No\r\nDate: Sat, 21 Nov 2026 05:49:00 GMT\r\nRetry-After: 3\r\nx-amz-retry-after: 1500\r\n\r\n",
        "HTTP/1.1 200 OK\r\nx-amzn-RequestId: 8f\r\nx-amzn-ErrorType: a#B:http://x\r\nContent-Length: 12\r\n\r\n",
      ],
      words: ["\r\n", ":", "Date: ", "Retry-After: ", "x-amz-retry-after: ", "HTTP/", "GMT", "nan", "1e400"]
    ) { bytes in
      var headers = HTTPHeaders()
      for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
        headers.take(line: line + [10])
      }
      let now = Timestamp(seconds: 1_795_240_140)
      let wait = RetryPolicy.asked(headers, now: now) ?? .zero
      let time = ServiceTime(clock: SystemClock())
      time.observe(headers)
      guard wait >= .zero, time.correct(signedAt: now) || true else {
        preconditionFailure("a wait of \(wait)")
      }
      _ = (time.now.httpDate, time.signingTime.basic, (now + wait).iso8601)
    },
    FuzzTarget(
      "faults",
      seeds: [
        #"{"__type":"com.amazonaws.lambda#X","message":"User: a is not authorized to perform: lambda:GetAlias on resource: arn"}"#,
        "<Error><Code>AccessDenied</Code><Message>no</Message></Error>", "<html><title>502</title></html>",
        #"{"Error":{"Code":"X","Message":"aliases reference it: [a, b]"}}"#,
      ],
      words: [
        "[", "]", "perform:", "on resource:", "User:", "<html", "aliases reference", "String measured:",
        "\"message\":",
      ]
    ) { bytes in
      let secrets = Secrets(key: [1])
      secrets.hide("topsecretvalue")
      let reader = FaultReader(
        service: .lambda, operation: "GetAlias", resource: "orders", endpoint: "e", secrets: secrets)
      let fault = reader.fault(in: HTTPResponse(status: 403, headers: HTTPHeaders(), body: bytes))
      let shown = "\(fault)"
      _ = (fault.conflict, fault.denial, fault.isClockSkew)
      guard !shown.unicodeScalars.contains(where: PlainText.isHidden), !shown.contains("topsecretvalue")
      else {
        preconditionFailure(shown)
      }
    },
    FuzzTarget(
      "answers",
      seeds: [
        #"{"Configuration":{"FunctionName":"f","Version":"3","CodeSize":12,"LastModified":"2026-11-21T05:49:00.000+0000","Environment":{"Variables":{"A":"b"}}},"Tags":{}}"#,
        #"{"Name":"live","FunctionVersion":"1","RoutingConfig":{"AdditionalVersionWeights":{"2":0.1}}}"#,
        #"{"AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-21T05:49:00Z","Version":1}"#,
      ],
      words: ["null", "1e999", "[]", "{}", "\"Environment\":", "\"Variables\":", "\"Expiration\":", "-1"]
    ) { bytes in
      guard let object = (try? JSON(parsing: bytes))?.object else { return }
      Secrets(key: [1]).learn(from: object, of: .lambda)
      let configuration = FunctionConfiguration(object["Configuration"]?.object ?? object)
      _ = (
        configuration.codeSize, configuration.lastModified, configuration.environment, configuration.timeout
      )
      _ = AliasConfiguration(object)
      _ = try? CredentialDocument.read(bytes, tokenKey: "Token", source: "a test")
    },
    FuzzTarget(
      "urls",
      seeds: ["https://host:443/base", "http://[::1]:80", "htp://u:p%40@host", "http://127.0.0.1:4566"],
      words: ["://", "@", ":", "/", "[", "]", "%", "http"]
    ) { bytes in
      let text = text(bytes)
      let hidden = URLSecrets.hidden(text)
      _ = URLSecrets.passwords(in: text)
      if let endpoint = try? Endpoint(url: text, region: "r", origin: "o") {
        _ = (endpoint.isLocal, endpoint.isAddress)
      }
      guard hidden.contains("@") == text.contains("@") else { preconditionFailure(hidden) }
    },
  ]
}
