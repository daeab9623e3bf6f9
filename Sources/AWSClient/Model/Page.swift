/// One page of a list.
public struct Page<Element: Sendable>: Sendable {
  /// What is on it; may be empty although more pages follow.
  public let items: [Element]
  /// Asks for the next page; nil on the last.
  public let nextMarker: String?

  /// A page of these items.
  public init(items: [Element], nextMarker: String? = nil) {
    self.items = items
    self.nextMarker = nextMarker
  }
}
