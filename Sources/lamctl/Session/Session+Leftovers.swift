internal import AWSClient
internal import Packager
internal import Release

extension Session {
  /// What lamctl has released to this environment, or to one that is gone, and the configuration does not know any more.
  ///
  /// - Parameters:
  ///   - listed: names of functions in AWS.
  ///   - definitions: all functions of the environment.
  ///   - sample: how many functions' aliases are looked at; nil for all.
  func leftovers(
    listed: [String], definitions: [FunctionDefinition], sample: Int?
  ) async throws -> [Leftover] {
    let reader = LeftoverReader(lambda: aws.lambda, alias: environment.alias, parallel: parallel)
    let names = Set(definitions.map(\.functionName))
    var candidates: [String] = []
    if let pattern = NamePattern(workspace, environment: environment) {
      candidates = listed.filter { pattern.matches($0) && !names.contains($0) }
    }
    var known: Set<String> = [environment.alias]
    for name in workspace.config.environmentNames {
      known.insert(try workspace.environment(named: name).alias)
    }
    let there = names.intersection(listed).sorted()
    return await reader.functions(among: candidates)
      + reader.aliases(of: Array(sample.map { there.prefix($0) } ?? there[...]), besides: known)
  }
}
