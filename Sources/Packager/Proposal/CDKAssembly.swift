internal import Core

/// The functions of the templates in a folder that `cdk synth` wrote.
///
/// Their code is bundles that CDK has built; which folder of the repository a function belongs to is told by its handler,
/// where only one function there has it.
enum CDKAssembly {
  static func proposal(_ folder: RepositoryPath, in workspace: Workspace) throws(PackagerError) -> Proposal {
    let absolute = folder.absolute(in: workspace.root)
    let names = try system { () throws(SystemError) in try Files.names(in: absolute) }.sorted()
    let templates = names.filter { $0.hasSuffix(".template.json") }
    guard !templates.isEmpty else {
      throw .discovery(
        reason: "\(folder.isRoot ? "the root folder" : folder.description) holds no *.template.json of CDK",
        fix: "name the folder that cdk synth writes, cdk.out, or a template, serverless.yml or plan")
    }
    var proposal = Proposal(source: folder.text)
    for name in templates {
      let path = folder.appending(name)
      let document = try ProposalReader.document(path, in: workspace)
      let part = CloudFormationTemplate(document, path: path, root: workspace.root).proposal()
      proposal.functions += part.functions.map {
        // What lies in the folder is made anew each time.
        ProposedFunction(name: $0.name, unit: nil, settings: $0.settings)
      }
      proposal.notes += part.notes
    }
    return proposal
  }
}
