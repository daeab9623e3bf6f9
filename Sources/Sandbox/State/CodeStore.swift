internal import Core
import Glibc

/// What a function's code is.
struct CodeReference: Hashable, Sendable {
  /// Base64 of the zip's SHA-256, as Lambda shows it; of the image's name for images.
  var sha256: String
  /// The same in hexadecimal digits: the name of the unpacked folder.
  var hex: String
  /// Bytes of the zip; 0 for images.
  var size: Int
  /// The container image, for functions that are one.
  var image: String?
}

/// Packages, kept as they came and unpacked once each, by the SHA-256 of the zip.
struct CodeStore: Sendable {
  /// The most bytes of a zip sent within a request.
  static let directLimit = 52_428_800
  /// The most bytes of the unpacked package, layers included.
  static let unzippedLimit = 262_144_000

  /// Absolute path.
  let folder: String

  /// The folder that a function with this code runs in.
  func unpackedFolder(_ code: CodeReference) -> String { "\(folder)/\(code.hex)" }

  /// The zip itself.
  func archive(_ hex: String) -> String { "\(folder)/\(hex).zip" }

  /// Checks and unpacks a zip.
  ///
  /// - Throws: the ``ServiceError`` that Lambda answers for one it does not take.
  func add(_ zip: [UInt8], dryRun: Bool = false) throws(ServiceError) -> CodeReference {
    let digest = SHA256.digest(of: zip)
    let reference = CodeReference(sha256: digest.base64, hex: digest.hex, size: zip.count)
    let target = unpackedFolder(reference)
    if Files.isFolder(target), Files.exists(archive(digest.hex)) { return reference }
    do throws(ZipReader.Fault) {
      let reader = try ZipReader(zip)
      guard reader.unzippedSize < Self.unzippedLimit else { throw .tooLarge }
      if dryRun { return reference }
      try install(reader, digest: digest, target: target)
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

  private func install(_ reader: ZipReader, digest: Digest, target: String) throws(ZipReader.Fault) {
    // Unpacked beside its place and moved there whole, so that a folder with the right name is always complete.
    let temporary = "\(target).\(UInt32.random(in: 0 ... .max)).tmp"
    do throws(SystemError) {
      try Files.createFolder(temporary)
    } catch {
      throw .system(error)
    }
    do throws(ZipReader.Fault) {
      try reader.unpack(to: temporary)
    } catch {
      try? Files.remove(temporary)
      throw error
    }
    if rename(temporary, target) != 0 { try? Files.remove(temporary) }
    do throws(SystemError) {
      try Files.writeAtomically(reader.bytes, to: archive(digest.hex))
    } catch {
      throw .system(error)
    }
  }

  /// Removes leftovers of interrupted unpacking and packages that no function has any more.
  func clean(keeping codes: Set<String>) {
    guard let names = try? Files.names(in: folder) else { return }
    for name in names {
      let hex = name.prefix { $0 != "." }
      if name.hasSuffix(".tmp") || !codes.contains(String(hex)) { try? Files.remove("\(folder)/\(name)") }
    }
  }
}
