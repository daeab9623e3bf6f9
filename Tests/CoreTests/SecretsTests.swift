import Core
import TestSupport
import Testing

@Suite("Secrets")
struct SecretsTests {
  private static let value = "p/ss+w0rd \"quoted\" ünd so"

  @Test("a secret is hidden in every form it turns up in, alone and inside of something")
  func forms() {
    let secrets = Secrets()
    secrets.hide(Self.value)
    let bytes = Array(Self.value.utf8)
    let json = JSON.string(Self.value).text()
    let url = bytes.map { "%" + Hex.encode([$0]).uppercased() }
    let percent = Self.percent(Self.value)
    let texts =
      [
        Self.value, "a \(Self.value) b", json, "{\"k\":\(json)}", percent, percent.lowercased(),
        SHA256.digest(of: Self.value).hex,
      ]
      + (0..<6).map { Base64.encode(Array("user:xy".utf8.prefix($0)) + bytes + Array("tail".utf8)) }
    #expect(url.count == bytes.count)
    for text in texts {
      for shown in [secrets.masked(text), secrets.shielded(text)] {
        #expect(shown.contains(secrets.token(for: Self.value)), "\(text) became \(shown)")
        #expect(!shown.contains("w0rd"))
      }
    }
  }

  private static func percent(_ text: String) -> String {
    text.utf8.map { byte in
      let scalar = UnicodeScalar(byte)
      let isPlain =
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(Character(scalar)))
      return isPlain ? String(Character(scalar)) : "%" + Hex.encode([byte]).uppercased()
    }.joined()
  }

  @Test("the longest of several wins, so that nothing of a secret is left behind")
  func overlapping() {
    let secrets = Secrets()
    for value in ["hunter22", "hunter22-and-more", "more-of-it"] { secrets.hide(value) }
    #expect(secrets.masked("x hunter22-and-more y") == "x \(secrets.token(for: "hunter22-and-more")) y")
    #expect(secrets.masked("hunter22hunter22").components(of: secrets.token(for: "hunter22")) == 2)
  }

  @Test("lines of a key are hidden one by one")
  func lines() {
    let secrets = Secrets()
    secrets.hide("-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n")
    #expect(!secrets.masked("log: hkiG9w0BAQEFAASC").contains("hkiG9w0"))
  }

  @Test("an ordinary variable's value is hidden in what others say, and not in lamctl's own sentences")
  func variables() {
    let secrets = Secrets()
    secrets.show(["eu-west-1"])
    secrets.hide("production", of: "STAGE")
    secrets.hide("eu-west-1", of: "BUCKET_REGION")
    secrets.hide("true", of: "DEBUG")
    secrets.hide("correct-horse", of: "DB_PASSWORD")
    let text = "production in eu-west-1 with correct-horse, true"
    let token = { secrets.token(for: $0) }
    #expect(secrets.shielded(text) == "production in eu-west-1 with \(token("correct-horse")), true")
    #expect(
      secrets.masked(text) == "\(token("production")) in eu-west-1 with \(token("correct-horse")), true")
  }

  @Test("a token says the same of the same value, in this process alone, with 64 bits")
  func tokens() {
    let (one, other) = (Secrets(), Secrets())
    #expect(one.token(for: "a") == one.token(for: "a"))
    #expect(one.token(for: "a") != one.token(for: "b"))
    #expect(one.token(for: "a") != other.token(for: "a"))
    #expect(one.token(for: "a").utf8.count == "secret:".utf8.count + 16)
  }

  @Test("a process's variables are searched by their names, and URLs in them for passwords")
  func environment() {
    let secrets = Secrets()
    secrets.hide(environment: [
      "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG", "GITHUB_TOKEN": "ghs_0123456789abcdef",
      "PWD": "/home/password-tool",
      "HTTPS_PROXY": "http://user:pr%40xy-pass@proxy:3128", "AWS_ENDPOINT_URL": "htp//us:endpoint-pw@host",
      "LANG": "C.UTF-8",
      "PIP_INDEX_URL": "https://index-token-1@host/simple",
      "BUNDLE_GEMS__EXAMPLE__COM": "ann:gems-pass-1", "BUNDLE_MIRROR__HTTPS": "https://mirror.example",
    ])
    let text =
      "wJalrXUtnFEMI/K7MDENG ghs_0123456789abcdef /home/password-tool pr%40xy-pass pr@xy-pass endpoint-pw index-token-1 C.UTF-8 gems-pass-1 https://mirror.example"
    let words = secrets.shielded(text).split(separator: " ").map {
      $0.hasPrefix("secret:") ? "#" : String($0)
    }
    #expect(
      words == [
        "#", "#", "/home/password-tool", "#", "#", "#", "#", "C.UTF-8", "#", "https://mirror.example",
      ])
  }

  @Test(
    "what stands before the host of a URL is not shown, however broken it is",
    arguments: [
      ("https://u:p@host/x", "https://***@host/x"), ("htp//u:p@host", "htp//***@host"),
      ("u:p/q@r@host", "***@host"),
      ("https://host/x", "https://host/x"), ("@", "***@"), ("a@//", "***@//"),
    ])
  func urls(url: String, shown: String) {
    #expect(URLSecrets.hidden(url) == shown)
  }
}

@Suite("What others said")
struct ForeignTextTests {
  @Test(
    "is shown without what acts on the display",
    arguments: [
      ("\u{1B}[31mred\u{1B}[0m", "red"), ("ring\u{7}", "ring "), ("a\u{202E}b\u{2066}c\u{200F}", "abc"),
      ("one\ntwo\tthree", "one two three"), ("\u{9B}31m", " 31m"), ("zero\u{200B}width\u{FEFF}", "zerowidth"),
      ("👩\u{200D}🚀 é", "👩\u{200D}🚀 é"),
    ])
  func plain(text: String, shown: String) {
    #expect(ForeignText(text).description == shown)
    #expect(PlainText.line(text) == shown)
  }

  @Test("hides also what becomes known only later, and what is broken up by what is taken out")
  func later() {
    let secrets = Secrets()
    let text = ForeignText("key: corr\u{200B}ect-horse and battery", hiding: secrets)
    secrets.hide("correct-horse")
    secrets.hide("battery")
    #expect(
      text.description == "key: \(secrets.token(for: "correct-horse")) and \(secrets.token(for: "battery"))")
    #expect(String(reflecting: text) == text.description && "\(["k": text])".contains("secret:"))
    #expect(!String(reflecting: [text]).contains("battery"))
    #expect(text.contains("battery"), "decisions go by what was said")
  }

  @Test("JSON shows it in escapes, and reads back the same")
  func json() throws {
    let text = "a\u{202E}\u{7}\u{7f}\u{85}\u{E0001}é"
    let written = JSON.string(text).text()
    #expect(written == "\"a\\u202e\\u0007\\u007f\\u0085\\udb40\\udc01é\"")
    #expect(try JSON(parsing: written).string == text)
  }
}

extension String {
  fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
