public import Core

/// How often a version was invoked and how often that failed.
public struct Counts: Hashable, Sendable {
  /// Invocations, 0 to 2^40.
  public let invocations: Int
  /// Invocations that ended in an error, 0 to 2^40. Late points can make them exceed the invocations for a while.
  public let errors: Int

  /// Nothing at all.
  public static let zero = Counts(invocations: 0, errors: 0)

  /// The most that one minute can hold; sums of minutes then stay far from overflow.
  static let largest = 1 << 40

  /// Values outside 0 to 2^40 are moved to the nearer end.
  public init(invocations: Int, errors: Int) {
    self.invocations = min(max(invocations, 0), Self.largest)
    self.errors = min(max(errors, 0), Self.largest)
  }

  private init(summed invocations: Int, _ errors: Int) {
    self.invocations = invocations
    self.errors = errors
  }

  /// The sum.
  public static func + (a: Counts, b: Counts) -> Counts {
    Counts(summed: a.invocations + b.invocations, a.errors + b.errors)
  }

  /// The sum of many.
  public static func sum(_ counts: some Sequence<Counts>) -> Counts { counts.reduce(.zero, +) }

  /// Errors per invocation; nil without invocations.
  public var rate: Double? { invocations > 0 ? Double(errors) / Double(invocations) : nil }
}

/// A count kept apart by version, such as slow invocations.
public struct Split: Hashable, Sendable {
  /// The canary's.
  public let canary: Int
  /// The stable version's.
  public let stable: Int

  /// Negative values count as none.
  public init(canary: Int, stable: Int) {
    self.canary = min(max(canary, 0), Counts.largest)
    self.stable = min(max(stable, 0), Counts.largest)
  }
}

/// What both versions did on one alias in one settled minute.
public struct Minute: Hashable, Sendable {
  /// When it began; only the numbering of minutes in sentences needs it.
  public var start: Timestamp?
  /// The canary's invocations and errors.
  public var canary: Counts
  /// The stable version's invocations and errors.
  public var stable: Counts
  /// Invocations slower than the limit; nil where nobody asked.
  public var slow: Split?
  /// Counts of the user's own metrics by name. A metric without an entry says nothing about this minute.
  public var extra: [String: Split]

  /// A minute of errors, and of whatever else is known.
  public init(
    start: Timestamp? = nil, canary: Counts, stable: Counts, slow: Split? = nil, extra: [String: Split] = [:]
  ) {
    self.start = start
    self.canary = canary
    self.stable = stable
    self.slow = slow
    self.extra = extra
  }
}
