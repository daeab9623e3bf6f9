import Core
import Testing

@testable import lamctl

@Suite("Help")
struct HelpTests {
  @Test("the help of a command is the one in its golden file", arguments: definedCommands.indices)
  func command(index: Int) throws {
    let command = definedCommands[index]
    try Golden.expect(HelpText.command(command, columns: 100), matches: "help-\(command.name).txt")
  }

  @Test("the overview names every command")
  func overview() throws {
    try Golden.expect(HelpText.overview(of: definedCommands, columns: 100), matches: "help.txt")
  }

  @Test("no line is wider than asked for", arguments: [60, 80, 100])
  func width(columns: Int) {
    for command in definedCommands {
      let lines = HelpText.command(command, columns: columns).split(separator: "\n")
      // A line of an example is to be copied: it is never broken.
      let tooLong = lines.filter {
        Cells.width($0) > columns && !$0.hasPrefix("  lamctl ") && !$0.hasSuffix(":")
      }
      #expect(tooLong.isEmpty, "\(command.name) at \(columns)")
    }
  }

  @Test("definitions are sound: names and variables once, every help a phrase, one heading at a time")
  func definitions() {
    func check<Options: Command>(_ type: Options.Type) {
      let parameters = type.allParameters
      // A function's version is called so, too; such a command does not tell lamctl's.
      let names = parameters.map(\.name) + ["help"]
      #expect(Set(names).count == names.count, "\(type.name): a name is used twice")
      #expect(!type.summary.hasSuffix("."), "\(type.name)")
      for parameter in parameters {
        let place = "\(type.name) \(parameter.spelling)"
        #expect(!parameter.help.isEmpty && !parameter.help.hasSuffix("."), "\(place)")
        #expect(parameter.form == .positional || parameter.name == parameter.name.lowercased(), "\(place)")
      }
      let headings = parameters.map(\.section)
      let changes = zip(headings, headings.dropFirst()).filter { $0 != $1 }.count
      #expect(headings.last == "Everywhere" && changes >= Set(headings).count - 1, "\(type.name)")
    }
    for command in definedCommands { check(command) }
    #expect(Set(definedCommands.map { $0.name }).count == definedCommands.count)
  }

  @Test("every example is understood by the command it belongs to")
  func examples() throws {
    func check<Options: Command>(_ type: Options.Type) throws {
      for example in type.examples {
        let words = example.line.split(separator: ">")[0].split(separator: " ").map {
          $0.filter { $0 != "'" }
        }
        #expect(words.prefix(2) == ["lamctl", type.name])
        _ = try ArgumentParser<Options>.parse(Array(words.dropFirst(2)), environment: [:])
      }
    }
    for command in definedCommands { try check(command) }
  }
}
