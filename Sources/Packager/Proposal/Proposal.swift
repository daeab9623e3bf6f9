package import Core

/// A function on the way into lamctl's own files.
package struct ProposedFunction: Sendable {
  /// Its name for people: a logical name.
  package var name: String
  /// The folder that is built, from the root; nil where the source says no folder of this repository.
  package var unit: RepositoryPath?
  /// Settings under the keys of `function.json`, `handler` and `functionName` among them.
  package var settings: JSONObject

  /// A function from the values of its properties.
  package init(name: String, unit: RepositoryPath?, settings: JSONObject) {
    self.name = name
    self.unit = unit
    self.settings = settings
  }
}

/// What `lamctl init` would write: a value, which the files are made of.
package struct Proposal: Sendable {
  /// What the functions were read from, for messages: `template.yaml`.
  package var source: String
  /// Name of the project; nil for none.
  package var project: String?
  /// Template of the names in AWS; nil for the usual one.
  package var name: String?
  /// Whether the functions are called in AWS by their names here, so that these must stay.
  var keepsNames = false
  /// Region of the first environment; nil where the source says none.
  package var region: String?
  /// Name of the first environment, whose alias has the same name.
  package var environment = "prod"
  /// The functions in their order.
  package var functions: [ProposedFunction] = []
  /// What could not be carried over, a sentence each.
  package var notes: [String] = []

  /// A proposal without functions.
  package init(source: String) { self.source = source }

  /// A file to be written.
  package struct File: Sendable {
    /// From the root.
    package let path: RepositoryPath
    /// Its content.
    package let json: JSON

    /// The content as it is written.
    package var text: String { json.text(.pretty) + "\n" }
  }

  /// The files of the proposal: `lamctl.json`, and a `function.json` for each unit that has settings of its own. What the
  /// tables of those files do not take is left out and told.
  package func files() -> (files: [File], notes: [String]) {
    let placed = functions.filter { $0.unit != nil }
    let common = common(placed)
    var notes = self.notes
    for function in functions where function.unit == nil {
      notes.append("\(function.name): no folder of the repository is known to hold its code")
    }
    var files: [File] = []
    var root: [(String, JSON)] = []
    if let project { root.append(("project", .string(project))) }
    if let name { root.append(("name", .string(name))) }
    let units = Set(placed.compactMap(\.unit)).sorted()
    let contents = units.map { unit in content(of: placed.filter { $0.unit == unit }, unit, common) }
    // The root folder is a unit by its function.json, and without one by a pattern of its own.
    let patterns = zip(units, contents).filter { unit, content in !unit.isRoot || content.isEmpty }
      .map { unit, _ in JSON.string(unit.isRoot ? "." : unit.text) }
    if !patterns.isEmpty { root.append(("functions", .array(patterns))) }
    if !common.isEmpty { root.append(("defaults", .object(common))) }
    let region: [(String, JSON)] = region.map { [("region", .string($0))] } ?? []
    root.append(("environments", .object(JSONObject([(environment, .object(JSONObject(region)))]))))
    files.append(checked("lamctl.json", JSONObject(root), .root, &notes))
    for (unit, content) in zip(units, contents) where !content.isEmpty {
      files.append(checked(unit.appending("function.json"), content, .functionFile, &notes))
    }
    return (files, notes)
  }

  /// The `function.json` of a unit; empty where the folder alone says all of it.
  ///
  /// Entries say which function is which by their handlers: without any the sources are left to say it.
  private func content(
    of members: [ProposedFunction], _ unit: RepositoryPath, _ common: JSONObject
  ) -> JSONObject {
    let own = members.map { ($0.name, $0.settings.without(common.keys)) }
    guard own.contains(where: { !$0.1.isEmpty }) else { return JSONObject() }
    guard members.count > 1 || isNamedOtherwise(members[0], unit) else { return own[0].1 }
    return JSONObject([("functions", .object(JSONObject(own.map { ($0.0, JSON.object($0.1)) })))])
  }

  /// Whether the function's name, which its name in AWS is made of, is another than its folder would give it.
  private func isNamedOtherwise(_ function: ProposedFunction, _ unit: RepositoryPath) -> Bool {
    guard keepsNames, function.settings["functionName"] == nil else { return false }
    return Naming.parts(unit).last.map(Naming.clean) != function.name
  }

  /// The settings in which all functions agree, where there are several.
  private func common(_ functions: [ProposedFunction]) -> JSONObject {
    guard functions.count > 1, let first = functions.first else { return JSONObject() }
    let own: Set = ["handler", "functionName", "description", "environment", "artifact", "smoke", "triggers"]
    return JSONObject(
      first.settings.members.filter { key, value in
        !own.contains(key) && functions.allSatisfy { $0.settings[key] == value }
      }.map { ($0.key, $0.value) })
  }

  private func checked(
    _ path: RepositoryPath, _ content: JSONObject, _ table: ConfigTable, _ notes: inout [String]
  ) -> File {
    let reading = ConfigFile.parse(
      Array(JSON.object(content).text(.pretty).utf8), name: path.text, table: table)
    notes += reading.faults.map { "left out: \($0)" }
    return File(path: path, json: reading.value.json)
  }
}

extension JSONObject {
  fileprivate func without(_ keys: [String]) -> JSONObject {
    JSONObject(members.filter { !keys.contains($0.key) }.map { ($0.key, $0.value) })
  }
}
