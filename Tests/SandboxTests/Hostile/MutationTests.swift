import Core
import TestSupport
import Testing

@testable import Sandbox

/// What must not happen is a trap, or a file outside: a result and an error are both fine.
@Suite("Archives and signatures that are broken")
struct MutationTests {
  @Test("zip archives")
  func zips() throws {
    let folder = try TemporaryFolder()
    let state = try StateFolder.make(folder.path + "/in")
    for (index, input) in Mutations(of: [Package.python("x"), Package.zip("a/b/../c", "y")], count: 2_000)
      .enumerated()
    {
      guard let reader = try? ZipReader(input), reader.unzippedSize < 1 << 20 else { continue }
      try? reader.unpack(to: try state.folder("\(index)"))
      try state.remove("\(index)")
    }
    #expect(try Files.names(in: folder.path) == ["in"])
  }

  @Test("claims of signatures")
  func signatures() throws {
    let folder = try TemporaryFolder()
    let check = SignatureCheck(try SandboxCredentials.kept(in: StateFolder.make(folder.path + "/state")))
    let now = SystemClock().now()
    let clock = ScaledClock(speed: 1, realAnchor: now, anchor: now)
    let seed =
      "AWS4-HMAC-SHA256 Credential=sandbox/\(now.basic.prefix(8))/us-east-1/lambda/aws4_request, "
      + "SignedHeaders=host;x-amz-date, Signature=00\n\(now.basic)"
    for input in Mutations(of: [Array(seed.utf8)], words: ["/", ",", "=", ";", "Z", ".1e400", "9999", "T"]) {
      let parts = String(decoding: input, as: UTF8.self).split(separator: "\n", maxSplits: 1)
      var headers = HTTPHeaders()
      headers.add("authorization", String(parts.first ?? ""))
      headers.add("x-amz-date", String(parts.last ?? ""))
      headers.add("host", "h")
      let request = HTTPRequest(
        method: "GET", path: "/../a//%zz", query: "a=%4&=&b", headers: headers, body: [])
      _ = try? check.verify(request, clock: clock)
    }
  }
}
