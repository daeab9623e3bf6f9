internal import Core
import Glibc

/// Code on its way to Lambda.
struct CodePayload: Sendable {
  /// The largest zip that a request may carry; larger ones go through S3.
  static let directLimit = 52_428_800

  private let code: FunctionCode
  private let length: Int
  /// As in CodeSha256; nil when only Lambda can know it.
  private let digest: String?

  /// Looks at the file and hashes it.
  ///
  /// - Throws: ``AWSError/localFile(_:)``, ``AWSError/limitExceeded(_:)``.
  init(_ code: FunctionCode) async throws(AWSError) {
    self.code = code
    guard case .zip(let path) = code else {
      length = 0
      digest = nil
      return
    }
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .localFile("\(SystemError(operation: "read", subject: path, code: errno))")
    }
    length = Int(status.st_size)
    guard length <= Self.directLimit else {
      throw .limitExceeded(
        "\(path) has \(length) bytes, and Lambda takes at most \(Self.directLimit) (50 MB) with a request:"
          + " set a bucket for packages, so that it goes through S3")
    }
    do throws(SystemError) {
      let body = HTTPBody(segments: [.file(path: path, offset: 0, length: length)])
      digest = try await body.digest().get().base64
    } catch {
      throw .localFile("\(error)")
    }
  }

  /// The request's body: `members` and the code, in the member `name` where one is given. A zip is read and encoded while
  /// it is sent.
  func body(in name: String? = nil, with members: JSONObject) -> HTTPBody {
    let nest = { (object: JSONObject) in name.map { JSONObject([($0, .object(object))]) } ?? object }
    var all = members
    switch code {
    case .zip(let path):
      let rest = members.isEmpty ? "}" : "," + JSON.object(members).text().dropFirst()
      let open = (name.map { "{\"\($0)\":" } ?? "") + "{\"ZipFile\":\""
      return HTTPBody(segments: [
        .bytes(Array(open.utf8)), .base64File(path: path, length: length),
        .bytes(Array(((name == nil ? "\"" : "\"}") + rest).utf8)),
      ])
    case .s3(let bucket, let key, let version):
      var object = JSONObject([("S3Bucket", .string(bucket)), ("S3Key", .string(key))])
      object["S3ObjectVersion"] = version.map(JSON.string)
      all = all.merging(nest(object))
    case .image(let uri):
      let object = JSONObject([("ImageUri", .string(uri))])
      all = all.merging(nest(object))
    }
    return .json(all)
  }

  /// Whether the function has this code, as far as that can be told from here.
  func isSame(as configuration: FunctionConfiguration) -> Bool {
    digest.map { $0 == configuration.codeSHA256 } ?? false
  }
}
