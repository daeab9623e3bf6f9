import Core
import Testing

@testable import Sandbox

@Suite("MD5")
struct MD5Tests {
  @Test(
    "is that of RFC 1321",
    arguments: [
      ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
      (
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
        "57edf4a22be3c955ac49da2e2107b67a"
      ),
    ])
  func md5(text: String, digest: String) {
    #expect(Hex.encode(MD5.digest(of: Array(text.utf8))) == digest)
  }
}
