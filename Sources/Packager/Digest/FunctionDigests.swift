package import Core

/// Which kind of input changed.
package enum DigestPart: String, Sendable, CaseIterable {
  /// The unit's own files, and those that `inputs` names.
  case files
  /// Shared code and `globalInputs`.
  case shared
  /// Lock files and requirements.
  case locks
  /// Versions of the tools that build.
  case tools
  /// Runtime, architecture, handler, build command, package rules.
  case command
  /// Environment variables that the build may see.
  case env
  /// The function's configuration.
  case config
  /// The files of the repository that the function's layers are made of.
  case layers

  /// Whether it decides about the package.
  var isOfSource: Bool { self != .config && self != .layers }
}

/// The inputs of one part by name: digests of files and settings, versions of tools. Nothing in them comes from a secret.
package typealias DigestItems = [String: String]

/// What one function's source and configuration are, in digests.
package struct FunctionDigests: Hashable, Sendable {
  /// Everything that decides about the package, and the handler.
  package let src: Digest
  /// The configuration as the manifest owns it, with the layers of the repository by their content.
  package let cfg: Digest
  /// Like ``src`` without the handler: one for all functions of a unit.
  package let build: Digest
  /// A digest a part; ``DigestPart/config`` is not in ``src``.
  package let parts: [DigestPart: Digest]
  /// The inputs of each part by name.
  package let items: [DigestPart: DigestItems]
  /// The function's layers of the repository, in their order.
  package let layers: [RepositoryLayer]

  /// The form that is stored: the first 32 hexadecimal digits.
  package static func short(_ digest: Digest) -> String { String(digest.hex.prefix(32)) }

  init(items: [DigestPart: DigestItems], layers: [RepositoryLayer] = []) {
    var parts: [DigestPart: Digest] = [:]
    for part in DigestPart.allCases {
      parts[part] = Self.digest(of: items[part] ?? [:], tag: "lamctl-\(part.rawValue)-1")
    }
    var unitItems = items[.command] ?? [:]
    unitItems["handler"] = nil
    let command = Self.digest(of: unitItems, tag: "lamctl-command-1")
    self.items = items
    self.layers = layers
    self.parts = parts
    src = Self.combined(parts, tag: "lamctl-src-1")
    build = Self.combined(parts.merging([.command: command]) { $1 }, tag: "lamctl-build-1")
    let config = parts[.config] ?? Self.digest(of: [:], tag: "lamctl-config-1")
    cfg = Self.adding(layers, to: config, tag: "lamctl-config-layers-1")
  }

  /// `digest`, and what the layers are made of.
  private static func adding(_ layers: [RepositoryLayer], to digest: Digest, tag: String) -> Digest {
    guard !layers.isEmpty else { return digest }
    let hasher = RecordHasher(tag: tag)
    hasher.add([digest.bytes])
    for layer in layers { hasher.add([Array(layer.name.utf8), layer.src.bytes]) }
    return hasher.digest()
  }

  /// The parts of ``src`` in the form that is kept with a version, so that any machine can tell which of them differ: five
  /// hexadecimal digits each, in the order of ``DigestPart``.
  package var shortParts: String { Self.sourceParts.map(shortPart).joined() }

  /// The parts that are others than in `short`, which another computer may have made; none where it is not of this form.
  package func parts(otherThan short: String) -> [DigestPart] {
    guard short.utf8.count == Self.sourceParts.count * Self.partLength else { return [] }
    let digits = Array(short)
    return Self.sourceParts.enumerated().filter { index, part in
      String(digits[(index * Self.partLength)...].prefix(Self.partLength)) != shortPart(part)
    }.map { $1 }
  }

  /// A part's digest in the form of ``shortParts``.
  package func shortPart(_ part: DigestPart) -> String {
    String((parts[part]?.hex ?? "").prefix(Self.partLength))
  }

  /// Where a part stands in ``shortParts``; nil for one that is not in them.
  package static func shortDigits(of part: DigestPart) -> Range<Int>? {
    sourceParts.firstIndex(of: part).map { $0 * partLength..<($0 + 1) * partLength }
  }

  private static let partLength = 5
  private static let sourceParts = DigestPart.allCases.filter(\.isOfSource)

  /// Like ``src`` without what belongs to the machine that builds, its tools and variables, and with the layers.
  package var inputs: Digest {
    var known = parts
    for part in [DigestPart.tools, .env] { known[part] = Self.digest(of: [:], tag: "lamctl-none-1") }
    return Self.adding(
      layers, to: Self.combined(known, tag: "lamctl-inputs-1"), tag: "lamctl-inputs-layers-1")
  }

  /// The same with the tools and variables of another machine.
  package func builtWith(tools: DigestItems, env: DigestItems) -> FunctionDigests {
    FunctionDigests(items: items.merging([.tools: tools, .env: env]) { $1 }, layers: layers)
  }

  private static func combined(_ parts: [DigestPart: Digest], tag: String) -> Digest {
    let hasher = RecordHasher(tag: tag)
    for part in DigestPart.allCases where part.isOfSource {
      hasher.add([Array(part.rawValue.utf8), parts[part]?.bytes ?? []])
    }
    return hasher.digest()
  }

  private static func digest(of items: DigestItems, tag: String) -> Digest {
    let hasher = RecordHasher(tag: tag)
    // Of ASCII the order of strings is that of their bytes, and is found much faster.
    let isPlain = items.keys.allSatisfy { key in key.utf8.allSatisfy { $0 < 0x80 } }
    let sorted =
      isPlain
      ? items.sorted { $0.key < $1.key }
      : items.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    for (name, value) in sorted { hasher.add([name, value]) }
    return hasher.digest()
  }
}
