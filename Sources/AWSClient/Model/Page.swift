/// One page of a list.
package struct Page<Element: Sendable>: Sendable {
  /// What is on it; may be empty although more pages follow.
  package let items: [Element]
  /// Asks for the next page; nil on the last.
  package let nextMarker: String?

  /// A page of these items.
  package init(items: [Element], nextMarker: String? = nil) {
    self.items = items
    self.nextMarker = nextMarker
  }
}
