internal import Core
import Glibc

/// Everything that one look at the repository shows.
struct Survey: Sendable {
  let index: RepositoryIndex
  /// `function.json` files by their folder, less what is wrong in them.
  let functionFiles: [RepositoryPath: ConfigValue]
  /// Folders of shared code, which are no units.
  let shared: Set<RepositoryPath>
  /// Among them those of units with a fault, under the names that they have by their folders.
  let functions: [DiscoveredFunction]
  let passedOver: [PassedOver]
  /// All that is wrong; what builds or writes settings refuses it.
  let faults: [UnitFault]

  /// What is wrong with `unit`.
  func faults(of unit: RepositoryPath) -> [PackagerError] { faults.filter { $0.unit == unit }.map(\.error) }
}

extension Workspace {
  /// The `function.json` files of the repository by their folder, in the order of their paths.
  func functionFiles(in index: RepositoryIndex) -> [(folder: RepositoryPath, reading: ConfigFile.Reading)] {
    index.files.filter { $0.isNamed("function.json") }.compactMap { file in
      let folder = file.parent
      guard Narrowing.entersAll(of: folder) else { return nil }
      return (folder, ConfigFile.read(file.absolute(in: root), name: file.text, table: .functionFile))
    }
  }

  /// Looks at the repository, once a run. What is wrong with a unit is a fault in the result.
  ///
  /// - Parameter hashes: whether digests are made of it, so that what is read is hashed at once.
  /// - Throws: ``PackagerError`` when the folders cannot be listed.
  func survey(hashes: Bool = false) throws(PackagerError) -> Survey {
    if let known = surveyed.withLock({ $0 }) { return known }
    let survey = try look(hashes: hashes)
    surveyed.withLock { $0 = survey }
    return survey
  }

  private func look(hashes: Bool) throws(PackagerError) -> Survey {
    let index = try RepositoryIndex(
      root: root, git: git, marks: Languages.needNames, hashes: hashes,
      cache: StatCache(root: root, environment: environment))
    var files: [RepositoryPath: ConfigValue] = [:]
    var faults: [UnitFault] = []
    for (folder, reading) in functionFiles(in: index) {
      files[folder] = reading.value
      faults += reading.faults.map { UnitFault(unit: folder, error: $0) }
    }
    var shared = Set(config.shared.keys)
    var general: [PackagerError] = []
    for value in [config.value] + (config.value["environments"]?.members.map(\.value) ?? []) {
      shared.formUnion(usedFolders(value["defaults"], from: .root, index: index, faults: &general))
    }
    faults += general.map { UnitFault(unit: nil, error: $0) }
    let damaged = Set(faults.compactMap(\.unit))
    for (folder, file) in files.sorted(by: { $0.key < $1.key }) {
      var own: [PackagerError] = []
      for value in [file] + (file["environments"]?.members.map(\.value) ?? []) {
        shared.formUnion(usedFolders(value, from: folder, index: index, faults: &own))
      }
      // What follows from a file that is wrong is no second fault.
      if !damaged.contains(folder) { faults += own.map { UnitFault(unit: folder, error: $0) } }
    }
    var discovery = Discovery(
      config: config, index: index, functionFiles: files, shared: shared,
      rootName: Naming.clean(rootFolderName), git: git)
    discovery.run()
    faults += brokenManifests(of: discovery.functions, in: index)
    faults += unreadable(in: index)
    let faulty = Set(faults.compactMap(\.unit))
    faults += discovery.faults.filter { fault in fault.unit.map { !faulty.contains($0) } ?? true }
    return Survey(
      index: index, functionFiles: files, shared: shared, functions: discovery.functions,
      passedOver: (discovery.passedOver + tooLarge(in: index)).sorted { $0.path < $1.path },
      faults: faults)
  }

  /// The manifests that functions are built by, where they cannot be understood.
  private func brokenManifests(of functions: [DiscoveredFunction], in index: RepositoryIndex) -> [UnitFault] {
    var seen: Set<RepositoryPath> = []
    var faults: [UnitFault] = []
    for function in functions {
      guard let language = Languages.named(function.language) else { continue }
      let names =
        language.manifests.map(\.name) + [function.target].compactMap { $0 }.filter { $0.hasSuffix("proj") }
      for file in index.existing(names, in: Set([function.unit, function.project]))
      where seen.insert(file).inserted {
        guard let bytes = index.manifest(file), let error = language.fault(in: bytes, of: file) else {
          continue
        }
        faults.append(UnitFault(unit: function.unit, error: error))
      }
    }
    return faults + brokenManifests(beside: seen, in: index)
  }

  /// Manifests that cannot be understood where functions, or what they import, may lie: without them a function would
  /// not be found, or a change of shared code would not reach it.
  private func brokenManifests(
    beside seen: Set<RepositoryPath>, in index: RepositoryIndex
  ) -> [UnitFault] {
    let byName = NameTable(
      Languages.all.flatMap { language in language.manifests.map { ($0.name, language) } })
    var faults: [UnitFault] = []
    for file in index.files {
      let language = byName[file] ?? (file.hasSuffix(".csproj") ? Languages.named("dotnet") : nil)
      guard let language, !seen.contains(file), Narrowing.mayMatter(file.parent),
        let bytes = index.manifest(file),
        let error = language.fault(in: bytes, of: file)
      else { continue }
      faults.append(UnitFault(unit: nil, error: error))
    }
    return faults
  }

  /// Sources that the system refuses: a function could be in them.
  private func unreadable(in index: RepositoryIndex) -> [UnitFault] {
    index.unreadable.filter { Self.isRefused($0.error) }.map {
      UnitFault(unit: nil, error: .system($0.error))
    }
  }

  /// Sources that are none by their size, or links that lead nowhere.
  private func tooLarge(in index: RepositoryIndex) -> [PassedOver] {
    index.unreadable.filter { !Self.isRefused($0.error) }.map { file, error in
      PassedOver(path: file, reason: "is not looked into: \(error.reason)")
    }
  }

  private static func isRefused(_ error: SystemError) -> Bool {
    ![EFBIG, ENOENT, ELOOP, EISDIR, EINVAL].contains(error.code)
  }

  private func usedFolders(
    _ value: ConfigValue?, from folder: RepositoryPath, index: RepositoryIndex, faults: inout [PackagerError]
  ) -> [RepositoryPath] {
    var used: [RepositoryPath] = []
    // What is packaged as a layer is no function either; what is wrong with its name is told of the function.
    for element in value?["layers"]?.elements ?? [] {
      if let text = element.string, !text.hasPrefix("arn:"), !text.contains("${"),
        let layer = try? layerFolder(element, from: folder, index: index)
      {
        used.append(layer)
      }
    }
    for element in value?["uses"]?.elements ?? [] {
      PackagerError.collect(into: &faults) { () throws(PackagerError) in
        used.append(try Self.usedFolder(element, from: folder, index: index))
      }
    }
    return used
  }

  /// The folder that an element of `layers` in a file of `folder` means: like that of `uses`, and one of which the look at
  /// the repository sees nothing, such as one with nothing but `node_modules`.
  func layerFolder(
    _ element: ConfigValue, from folder: RepositoryPath, index: RepositoryIndex
  ) throws(PackagerError) -> RepositoryPath {
    let text = element.string ?? ""
    let isKnown = { (path: RepositoryPath) in index.folders.contains(path) }
    let unseen = [folder.resolving(text), RepositoryPath(text)].compactMap { $0 }.first { path in
      isKnown(path) || Files.isFolder(path.absolute(in: root))
    }
    if let unseen, !isKnown(unseen) { return unseen }
    return try Self.usedFolder(element, from: folder, index: index, key: "layers")
  }

  /// The folder that an element of `uses` in a file of `folder` means: from there, else from the root.
  static func usedFolder(
    _ element: ConfigValue, from folder: RepositoryPath, index: RepositoryIndex, key: String = "uses"
  ) throws(PackagerError) -> RepositoryPath {
    let text = element.string ?? ""
    if let near = folder.resolving(text), index.folders.contains(near) {
      return near
    }
    let top = RepositoryPath(text)
    if let top, index.folders.contains(top) { return top }
    let path = try element.path(from: folder)
    let known = index.folders.sorted().map(\.description)
    let tried = [path.description] + [top?.description].compactMap { $0 }.filter { $0 != path.description }
    let isLayer = key == "layers"
    let hint = tried.lazy.compactMap { Suggestion.nearest(to: $0, in: known) }.first { near in
      // Far down in a long path a third of it may be another name altogether.
      !isLayer
        || RepositoryPath(near).map { Suggestion.nearest(to: path.name, in: [$0.name]) != nil } ?? false
    }
    throw element.error(
      "\"\(key)\": there is no folder '\(path)' with files"
        + tried.dropFirst().map { ", and none '\($0)' from the root" }.joined()
        + (hint.map { "; did you mean '\($0)'?" } ?? "")
        + (isLayer
          ? "; a published layer is named by its ARN, arn:aws:lambda:REGION:ACCOUNT:layer:NAME:1" : ""))
  }
}
