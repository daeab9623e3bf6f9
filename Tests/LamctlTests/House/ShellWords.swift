/// A line of a shell, taken apart as far as documents need it.
struct ShellWords {
  /// The words of each command; redirections are left out.
  private(set) var commands: [[String]] = [[]]

  init(_ line: String) {
    var word: String?
    var quote: Character?
    var isRedirection = false
    func end(_ commands: inout [[String]]) {
      if let word, !isRedirection { commands[commands.count - 1].append(word) }
      if word != nil { isRedirection = false }
      word = nil
    }
    for character in line {
      if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
        continue
      }
      switch character {
      case "'", "\"":
        quote = character
        word = word ?? ""
      case " ": end(&commands)
      case "#" where word == nil: return
      case "|", "&", ";", "(", ")":
        end(&commands)
        commands.append([])
      case ">", "<":
        // The number of a descriptor belongs to the redirection.
        if let number = word, number.allSatisfy(\.isNumber) { word = nil }
        end(&commands)
        isRedirection = true
      default: word = (word ?? "") + String(character)
      }
    }
    end(&commands)
  }
}
