internal import Core

/// Follows the tokens of a list from page to page; the one place where lists that come in pages are read.
///
/// A service that hands out a token for the second time, or tokens without an end, is answered with an error and not
/// believed for ever.
struct PageWalk {
  /// Beyond any list that lamctl reads: 50,000 functions, or 500 pages of 500 metrics.
  static let mostPages = 1_000

  private let call: APICall
  private let endpoint: String
  private var seen: Set<String> = []
  private var pages = 0

  init(_ call: APICall, endpoint: String) {
    self.call = call
    self.endpoint = endpoint
  }

  /// Takes the token of one more page; nil and empty ones end the list.
  ///
  /// - Returns: the token to ask for the next page with; nil at the end.
  /// - Throws: ``AWSError/malformedAnswer(operation:endpoint:reason:)``.
  mutating func follow(_ token: String?) throws(AWSError) -> String? {
    pages += 1
    guard let token, !token.isEmpty else { return nil }
    guard seen.insert(token).inserted else {
      throw fault("its token for the next page leads back to a page before it")
    }
    guard pages < Self.mostPages else { throw fault("its list has not ended after \(Self.mostPages) pages") }
    return token
  }

  private func fault(_ reason: String) -> AWSError {
    .malformedAnswer(operation: call.title, endpoint: endpoint, reason: reason)
  }
}

extension Pipeline {
  /// Reads a list to its end, or until `take` has enough.
  ///
  /// - Parameters:
  ///   - token: the member of an answer that holds the token for the next page.
  ///   - request: the call for the page that a token asks for; nil for the first.
  ///   - take: gets each page; false ends the reading.
  func pages(
    token: String, _ request: (String?) -> APICall, take: (JSONObject) -> Bool
  ) async throws(AWSError) {
    var walk: PageWalk?
    var next: String?
    repeat {
      let call = request(next)
      var pages = walk ?? PageWalk(call, endpoint: call.service.name)
      let page = try await answer(call).object
      guard take(page) else { return }
      next = try pages.follow(page[token]?.string)
      walk = pages
    } while next != nil
  }
}
