internal import Core
import Glibc

/// One thing in a folder.
struct FolderEntry {
  enum Kind {
    case file, folder, link, other
  }

  /// The name; for one that is not UTF-8, as far as it can be shown.
  let name: String
  /// The bytes of a name that is not UTF-8.
  let foreignName: [UInt8]?
  let kind: Kind

  /// What is in the folder at the absolute path `folder`.
  static func entries(of folder: String) throws(PackagerError) -> [FolderEntry] {
    guard let stream = opendir(folder) else {
      throw .system(SystemError(operation: "list", subject: folder, code: errno))
    }
    defer { closedir(stream) }
    var entries: [FolderEntry] = []
    while let found = readdir(stream) {
      let type = Int(found.pointee.d_type)
      withUnsafeBytes(of: &found.pointee.d_name) { buffer in
        let bytes = buffer[..<(buffer.firstIndex(of: 0) ?? buffer.count)]
        if bytes.count < 3, bytes.allSatisfy({ $0 == UInt8(ascii: ".") }) { return }
        if let name = String(validating: bytes, as: UTF8.self) {
          entries.append(FolderEntry(name: name, foreignName: nil, kind: kind(type, name, in: folder)))
        } else {
          let kind: Kind = type == Int(DT_DIR) ? .folder : .file
          entries.append(FolderEntry(name: shown(Array(bytes)), foreignName: Array(bytes), kind: kind))
        }
      }
    }
    return entries
  }

  /// A name that is not UTF-8, its foreign bytes in hexadecimal digits: `caf\xE9`.
  private static func shown(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      (0x20..<0x7F).contains(byte)
        ? String(UnicodeScalar(byte)) : "\\x" + Hex.encode([byte]).uppercased()
    }.joined()
  }

  private static func kind(_ type: Int, _ name: String, in folder: String) -> Kind {
    switch type {
    case Int(DT_REG): return .file
    case Int(DT_DIR): return .folder
    case Int(DT_LNK): return .link
    case Int(DT_UNKNOWN): break
    default: return .other
    }
    // Some file systems do not say in the listing.
    var status = stat()
    guard lstat("\(folder)/\(name)", &status) == 0 else { return .other }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    case S_IFLNK: return .link
    default: return .other
    }
  }
}
