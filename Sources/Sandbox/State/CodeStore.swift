internal import Core

/// What a function's code is.
struct CodeReference: Hashable, Sendable {
  /// Base64 of the zip's SHA-256, as Lambda shows it; for images the digest of the manifest in hexadecimal digits.
  var sha256: String
  /// The same in hexadecimal digits: the name of the unpacked folder.
  var hex: String
  /// Bytes of the zip; 0 for images.
  var size: Int
  /// The container image, for functions that are one.
  var image: String?

  /// The digest that an image is named by; of the name where that has none, as nobody looks into a repository here.
  static func digest(ofImage name: String) -> String {
    let mark = "@sha256:"
    let hex = name.utf8.suffix(64)
    let isPinned = name.utf8.dropLast(64).suffix(mark.utf8.count).elementsEqual(mark.utf8)
    let digits = String(decoding: hex, as: UTF8.self)
    return isPinned && isDigest(digits) ? digits : SHA256.digest(of: name).hex
  }

  private static let digestForm = NameForm.hexadecimal(64)

  /// Whether `hex` is a SHA-256 in hexadecimal digits.
  static func isDigest(_ hex: String) -> Bool { digestForm.matches(hex) }
}

/// Packages, kept as they came and unpacked once each, by the SHA-256 of the zip.
struct CodeStore: Sendable {
  /// The most bytes of a zip sent within a request.
  static let directLimit = 52_428_800
  /// The most bytes of the unpacked package, layers included.
  static let unzippedLimit = 262_144_000

  private static let unpackedForm = NameForm.hexadecimal(64)
  private static let archiveForm = NameForm.hexadecimal(64, ending: ".zip")

  let state: StateFolder

  /// The absolute path of the folder that a function with this code runs in.
  func unpackedFolder(_ code: CodeReference) -> String { state.path(of: code.hex) }

  /// The zip itself, by the hexadecimal digits of its digest; nil when there is none.
  func archive(_ hex: String) -> [UInt8]? {
    guard CodeReference.isDigest(hex) else { return nil }
    return (try? state.read(Self.archiveName(hex), limit: SizeLimits.body)).flatMap { $0 }
  }

  private static func archiveName(_ hex: String) -> String { "\(hex).zip" }

  /// Checks and unpacks a zip.
  ///
  /// - Throws: the ``ServiceError`` that Lambda answers for one it does not take.
  func add(_ zip: [UInt8], dryRun: Bool = false) throws(ServiceError) -> CodeReference {
    let digest = SHA256.digest(of: zip)
    let reference = CodeReference(sha256: digest.base64, hex: digest.hex, size: zip.count)
    if state.isFolder(digest.hex), state.contains(Self.archiveName(digest.hex)) { return reference }
    do throws(ZipReader.Fault) {
      let reader = try ZipReader(zip)
      guard reader.unzippedSize < Self.unzippedLimit else { throw .tooLarge }
      if dryRun { return reference }
      try install(reader, hex: digest.hex)
      return reference
    } catch {
      switch error {
      case .malformed:
        throw .invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")
      case .tooLarge: throw .invalid("Unzipped size must be smaller than \(Self.unzippedLimit) bytes")
      case .system(let error): throw ServiceError(500, "ServiceException", "The sandbox \(error)")
      }
    }
  }

  private func install(_ reader: ZipReader, hex: String) throws(ZipReader.Fault) {
    // Unpacked beside its place and moved there whole, so that a folder with the right name is always complete.
    let temporary = StateFolder.temporaryName(for: hex)
    do throws(ZipReader.Fault) {
      try reader.unpack(to: try system { () throws(SystemError) in try state.folder(temporary) })
    } catch {
      try? state.remove(temporary)
      throw error
    }
    try system { () throws(SystemError) in
      do throws(SystemError) {
        try state.move(temporary, to: state, as: hex)
      } catch {
        // Another request was first with the same package.
        try state.remove(temporary)
      }
      try state.write(reader.bytes, to: Self.archiveName(hex))
    }
  }

  private func system<Result>(_ body: () throws(SystemError) -> Result) throws(ZipReader.Fault) -> Result {
    do throws(SystemError) {
      return try body()
    } catch {
      throw .system(error)
    }
  }

  /// Removes leftovers of interrupted unpacking and packages that no function has any more; nothing that the sandbox
  /// did not name.
  func clean(keeping codes: Set<String>) throws(SystemError) {
    let forms = [Self.unpackedForm, Self.archiveForm]
    try state.remove(forms) { !codes.contains(String($0.prefix(64))) }
    try state.remove(forms.map(NameForm.temporary)) { _ in true }
  }
}
