internal import Core

/// Where `require_relative` of Ruby sources leads.
struct RubyGraph: SourceGraph {
  let index: RepositoryIndex
  let language: Ruby

  func closure(of subject: ClosureSubject) -> SourceClosure {
    var closure = SourceClosure.unit
    var walk = SourceWalk(subject.entries)
    while let file = walk.next() {
      for found in index.reading(file, language)?.imports ?? [] {
        guard let target = target(of: found, in: file, unit: subject.unit) else { continue }
        walk.add(target)
        guard subject.unit.contains(file), !subject.unit.contains(target), !subject.hasCommand else {
          continue
        }
        let folder = target.parent
        if let use = subject.uses.first(where: { $0.folder.contains(target) }) {
          closure.undeclared.append(
            .undeclared(
              unit: subject.unit,
              reason:
                "\(place(of: found, in: file)) requires '\(found.module.escaped)', but in the package \(use.folder) lies at ./\(use.into)",
              fix: "require it from there"))
        } else {
          let fix = "\(subject.usesFix(folder)) and require it from './\(folder.name)'"
          closure.undeclared.append(
            subject.undeclared(
              "'require_relative \(found.module.escaped)'", in: place(of: found, in: file), from: folder,
              fix: fix)
          )
        }
      }
    }
    if subject.isNarrow {
      let inside = walk.found.filter(subject.root.contains)
      closure.own = inside.union(index.data(beside: inside, in: subject.root, language))
        .union(index.existing(["Gemfile"], in: [subject.unit])).sorted()
    }
    return closure
  }

  private func place(of found: SourceImport, in file: RepositoryPath) -> String {
    index.shown(file) { source in
      source.firstRange(of: Array("'\(found.module)'".utf8))?.lowerBound
        ?? source.firstRange(of: Array("\"\(found.module)\"".utf8))?.lowerBound
    }
  }

  private func target(of found: SourceImport, in file: RepositoryPath, unit: RepositoryPath)
    -> RepositoryPath?
  {
    let base: RepositoryPath
    if found.names.contains("require_relative") {
      base = file.parent
    } else {
      guard found.module.hasPrefix("./") || found.names.contains("load") else { return nil }
      base = unit
    }
    guard let path = base.resolving(found.module) else { return nil }
    return [path, path.parent.appending("\(path.name).rb")].first(where: index.hasFile)
  }
}
