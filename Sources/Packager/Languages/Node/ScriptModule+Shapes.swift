extension ScriptModule {
  /// The most tokens of a type, or of what stands between a function's name and its parameters: whatever is longer is
  /// passed over, so that a file costs no more than its length, whatever is left open in it.
  private static let longestType = 512

  static func closings(in tokens: [ScriptToken]) -> [Int: Int] {
    var closings: [Int: Int] = [:]
    var open: [Int] = []
    for index in tokens.indices {
      guard case .symbol(let byte) = tokens[index] else { continue }
      if "([{".utf8.contains(byte) { open.append(index) }
      if ")]}".utf8.contains(byte), let start = open.popLast() { closings[start] = index }
    }
    for start in open { closings[start] = tokens.count }
    return closings
  }

  /// The index of the bracket that closes the one at `open`, or of the end.
  func closing(of open: Int) -> Int { closings[open] ?? tokens.count }

  /// The index after the next comma that is not inside brackets.
  func nextElement(after start: Int, end: Int) -> Int {
    var index = start
    while index < end {
      if isSymbol(index, ",") { return index + 1 }
      if isSymbol(index, "(") || isSymbol(index, "[") || isSymbol(index, "{") { index = closing(of: index) }
      index += 1
    }
    return end
  }

  /// The shape of the value in `name: Type = value`, from the token after the name.
  func value(after start: Int) -> Shape {
    var index = start
    var depth = 0
    var type: [String] = []
    while index < min(tokens.count, start + Self.longestType) {
      switch tokens[index] {
      case .symbol(UInt8(ascii: "=")) where depth == 0:
        let found = shape(at: index + 1).shape
        // `handler: Handler<Event> = …` types parameters that have no annotation of their own.
        if case .function(var parameters, let isAsync) = found, let first = parameters.indices.first,
          parameters[first].type.isEmpty
        {
          parameters[first].type = type
          return .function(parameters: parameters, isAsync: isAsync)
        }
        return found
      case .symbol(UInt8(ascii: ";")) where depth == 0: return .opaque
      case .symbol(let byte) where "([{<".utf8.contains(byte): depth += 1
      case .symbol(let byte) where ")]}>".utf8.contains(byte): depth -= 1
      case .name(let word): type.append(word)
      default: break
      }
      index += 1
    }
    return .opaque
  }

  /// What the expression at `start` is.
  func shape(at start: Int) -> (shape: Shape, end: Int) {
    var index = start
    let isAsync = name(index) == "async"
    if isAsync { index += 1 }
    if name(index) == "function" {
      index += 1
      let limit = min(tokens.count, index + Self.longestType)
      while index < limit, !isSymbol(index, "(") { index += 1 }
      guard isSymbol(index, "(") else { return (.opaque, index) }
      return (.function(parameters: parameters(at: index), isAsync: isAsync), index)
    }
    if isSymbol(index, "(") {
      let end = closing(of: index)
      var next = end + 1
      if isSymbol(next, ":") {
        // A return type: up to the arrow, or the end of the statement.
        let limit = min(tokens.count, next + Self.longestType)
        while next < limit, token(next) != .arrow, !isSymbol(next, ";"), !isSymbol(next, "=") {
          next += 1
        }
      }
      if token(next) == .arrow {
        return (.function(parameters: parameters(at: index), isAsync: isAsync), next)
      }
    }
    if let parameter = name(index), token(index + 1) == .arrow {
      return (.function(parameters: [Parameter(name: parameter)], isAsync: isAsync), index)
    }
    return (.opaque, index)
  }

  /// The parameters in the brackets that open at `open`.
  func parameters(at open: Int) -> [Parameter] {
    let end = closing(of: open)
    var parameters: [Parameter] = []
    var index = open + 1
    while index < end {
      let next = nextElement(after: index, end: end)
      if let word = name(index) {
        let type = tokens[(index + 1)..<max(index + 1, min(next, end))].compactMap { token -> String? in
          if case .name(let name) = token { name } else { nil }
        }
        parameters.append(Parameter(name: word, type: isSymbol(index + 1, "=") ? [] : type))
      } else {
        parameters.append(Parameter(name: "{}"))
      }
      index = next
    }
    return parameters
  }
}
