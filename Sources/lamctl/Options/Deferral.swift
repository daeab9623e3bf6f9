internal import Packager

/// What may have changed without being released: it goes out with the next change of something else.
enum Deferral: String, ChoiceValue {
  /// The versions of what builds.
  case tools

  /// The part of a function's digest that it is.
  var part: DigestPart {
    switch self {
    case .tools: .tools
    }
  }
}
