internal import Core

/// A part of a function's package.
package struct PackagePart: Sendable {
  /// The bytes.
  package let bytes: [UInt8]
  /// Where in the package they begin.
  package let offset: Int
  /// The length of the whole package.
  package let length: Int
}

extension LambdaClient {
  /// The largest answer: a package is at most 250 MB unzipped, and an endpoint that knows no parts sends all of it.
  private static let longestPart = 300 << 20

  /// The last bytes of a function's package, from the link that GetFunction gave; all of it where there are fewer, or
  /// where the endpoint sends no parts.
  ///
  /// - Parameter location: ``FunctionDescription/codeLocation``: who has it needs no credentials, so that it is never shown.
  package func packageEnd(_ location: String, last count: Int) async throws(AWSError) -> PackagePart {
    try await package(location, "bytes=-\(count)")
  }

  /// Some bytes of a function's package.
  package func packagePart(_ location: String, _ range: Range<Int>) async throws(AWSError) -> PackagePart {
    try await package(location, "bytes=\(range.lowerBound)-\(range.upperBound - 1)")
  }

  private func package(_ location: String, _ range: String) async throws(AWSError) -> PackagePart {
    var request = HTTPRequest(method: "GET", url: location)
    request.headers = [(name: "Range", value: range)]
    request.sink = .memory(limit: Self.longestPart)
    let place = "the place of the package"
    let response: HTTPResponse
    do throws(TransportFailure) {
      response = try await pipeline.transport.send(request)
    } catch {
      throw .transport(operation: "the download of a package", endpoint: place, origin: nil, error)
    }
    if response.status == 200 {
      return PackagePart(bytes: response.body, offset: 0, length: response.body.count)
    }
    // `bytes 0-99/1234`.
    let parts = (response.headers["content-range"] ?? "").split { " -/".contains($0) }
    guard response.status == 206, parts.count == 4, let offset = Int(parts[1]), let length = Int(parts[3]),
      offset >= 0, length >= response.body.count, offset <= length - response.body.count
    else {
      throw .malformedAnswer(
        operation: "the download of a package", endpoint: place, reason: "its status is \(response.status)")
    }
    return PackagePart(bytes: response.body, offset: offset, length: length)
  }
}
