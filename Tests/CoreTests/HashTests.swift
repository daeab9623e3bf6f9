import Core
import Testing

@Suite("Hashes and encodings")
struct HashTests {
  @Test("SHA-256 of the standard's examples")
  func sha256() {
    #expect(
      SHA256.digest(of: "").hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256.digest(of: "abc").hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test("a hasher fed in pieces agrees with one fed whole, and can be used again")
  func pieces() {
    let hasher = SHA256()
    for _ in 0..<2 {
      hasher.update("a")
      hasher.update(Array("bc".utf8))
      #expect(hasher.finalize() == SHA256.digest(of: "abc"))
    }
  }

  @Test("HMAC of RFC 4231, test cases 2 and 6")
  func hmac() {
    #expect(
      Hex.encode(HMAC.sha256(key: Array("Jefe".utf8), "what do ya want for nothing?"))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(
      Hex.encode(
        HMAC.sha256(
          key: [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First")
      )
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }

  @Test(
    "base64 of RFC 4648",
    arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
  func base64(text: String, encoded: String) {
    #expect(Base64.encode(Array(text.utf8)) == encoded)
    #expect(Base64.decode(encoded) == Array(text.utf8))
  }

  @Test("what is not base64 or hexadecimal is refused", arguments: ["Zg", "Z===", "Zm9!", "Zg==Zg=="])
  func refused(text: String) {
    #expect(Base64.decode(text) == nil)
    #expect(Hex.decode(text) == nil)
  }

  @Test("hexadecimal there and back")
  func hex() {
    #expect(Hex.encode([0, 255, 16]) == "00ff10")
    #expect(Hex.decode("00fF10") == [0, 255, 16])
  }
}
