internal import AWSClient
internal import Core
internal import Packager

extension Session {
  /// The functions in AWS whose names match, as they are, with the lists of the files in their packages.
  ///
  /// - Parameter glob: a pattern with `*`, `?` and `[…]`; nil for all.
  /// - Throws: ``AWSError`` when they cannot be listed or read, ``Failure`` when none matches.
  func liveFunctions(_ glob: String?) async throws -> [LiveFunction] {
    let pattern = glob.flatMap { Glob($0.utf8) }
    if let glob, pattern == nil { throw Failure(.usage, "\(glob) is no pattern") }
    let names = try await aws.lambda.listAllFunctions().map(\.functionName)
      .filter { pattern?.matches($0) ?? true }.sorted()
    guard !names.isEmpty else {
      throw Failure(
        .failed, "no function in \(aws.region)" + (glob.map { " is called \($0)" } ?? ""),
        fix: "look at the region, the credentials and the pattern")
    }
    let lambda = aws.lambda
    return try await Concurrent.map(names, limit: parallel) {
      name throws(AWSError) -> LiveFunction in
      let found = try await lambda.getFunction(name)
      let files = await Self.files(found.codeLocation, lambda)
      return LiveFunction(
        functionName: name, configuration: found.configuration.members,
        reservedConcurrency: found.reservedConcurrency, tags: found.tags, files: files)
    }
  }

  /// The files in a package: its end, and the directory that this points to. Nil where there is no zip that can be read.
  private static func files(_ location: String?, _ lambda: LambdaClient) async -> [String]? {
    guard let location,
      let end = try? await lambda.packageEnd(location, last: ZipNames.endLength),
      let directory = ZipNames(tail: end.bytes, of: end.length)
    else { return nil }
    let place = directory.place
    if place.lowerBound >= end.offset {
      let start = place.lowerBound - end.offset
      return directory.names(Array(end.bytes[start..<(start + place.count)]))
    }
    let part = try? await lambda.packagePart(location, place)
    guard let part, part.offset <= place.lowerBound else { return nil }
    let start = place.lowerBound - part.offset
    guard part.bytes.count >= start + place.count else { return nil }
    return directory.names(Array(part.bytes[start..<(start + place.count)]))
  }
}
