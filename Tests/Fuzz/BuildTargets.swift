import Core
import Glibc

@testable import Packager

extension FuzzTarget {
  /// The readers of what is built and installed, and of what is to be packaged.
  static let buildTargets: [FuzzTarget] = [
    FuzzTarget(
      "class-files", bytes: [classFile], words: ["\u{1}\0\u{4}", "\u{7}\0\u{1}", "\u{5}", "[L", ";"]
    ) { bytes in _ = ClassFile(bytes) },
    FuzzTarget("assemblies", bytes: [assembly], words: ["BSJB", "#~", "#Strings", "\0\0\0\0", "PE"]) {
      bytes in
      guard let assembly = DotNetAssembly(bytes) else { return }
      _ = assembly.typeNames
      _ = assembly.type(named: "Shop.Function")
      _ = assembly.type(named: "Shop.Outer+Inner")
    },
    FuzzTarget(
      "foreign-zips", bytes: [zip], words: ["PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "\0\0", "../"]
    ) { bytes in
      guard let folder = try? Files.makeTemporaryFolder(prefix: "lamctl-fuzz") else { return }
      defer { try? Files.remove(folder) }
      guard (try? Files.writeAtomically(bytes, to: "\(folder)/z")) != nil,
        let found = try? ForeignZip("\(folder)/z")
      else { return }
      for entry in found.entries.prefix(8) { _ = try? found.content(of: entry, limit: 1 << 16) }
    },
    FuzzTarget(
      "python-conditions",
      seeds: [#"(python_version < "3.11" and os_name == 'posix') or extra not in "a,b" and x ~= "1.2.*""#],
      words: ["(", ")", " and ", " or ", " not in ", "==", "~=", "'", "\"", "1!2.0rc1.post2.dev3+l"]
    ) { bytes in
      let target = PythonMarker.Target(minor: 13, architecture: "arm64")
      _ = PythonMarker(text(bytes))?.holds(on: target, extras: ["a"])
      _ = PythonVersion(text(bytes))
      _ = RequirementsTarget(target: target).line(text(bytes))
    },
    FuzzTarget(
      "python-imports",
      seeds: [
        "import a.b as c, d\ntry:\n  from .x import (y,\n z)\nexcept (ImportError, E):\n  raise\nif x: import y; import z\nsys.path[0:0] = q\n"
      ],
      words: ["try:\n", "except", "import ", "from ", "\n  ", "(", "\"\"\"", ";", ":", "sys.path."]
    ) { bytes in _ = PythonImportScan(source: bytes) },
    FuzzTarget(
      "script-imports",
      seeds: [
        "import a from 'b'; export * from \"c\"\nvar x = f(require('d')), y = require(`e`); require('f').g()"
      ],
      words: ["require(", "import ", "from ", "'", "(", ")", "{", "}", "=", ";"]
    ) { bytes in _ = ScriptImportScan(source: bytes) },
    FuzzTarget(
      "ruby-requires", seeds: ["require 'a'\nbegin\n  require \"b\"\nend\nrequire_relative('c') # d\n"],
      words: ["require", "begin", "end", "=begin", "__END__", "#{", "$LOAD_PATH"]
    ) { bytes in _ = RubyRequires(source: bytes) },
    FuzzTarget("make-rules", seeds: ["/t/fn: /r/a\\ b.rs /r/c.rs\n"], words: ["\\", ": ", "\n"]) { bytes in
      _ = DependencyFile(bytes)
    },
    FuzzTarget(
      "node-exports",
      seeds: [
        #"{"exports": {".": {"node": {"require": "./a.js"}, "default": null}, "./x/*": ["./y/*.js"]}}"#
      ],
      words: ["\"exports\"", "*", "./", "\"default\"", "null"]
    ) { bytes in
      guard let value = (try? JSON(parsing: bytes))?["exports"] else { return }
      let ways = PackageExports(value: value, conditions: ["node", "require"])
      for rest in ["", "x/y", "*"] { _ = ways.target(of: rest) }
    },
  ]

  /// A class that names itself, its parent and an array.
  /// A .NET assembly with the types `Shop.Function` and one inside of it: of each place what is not zero from there on.
  private static var assembly: [UInt8] {
    let pieces: [(place: Int, text: String)] = [
      (0, "MZ"), (60, "@"), (64, "PE\0\0d"), (70, "\u{1}"), (88, "\u{B}\u{2}"), (313, " "), (341, " "),
      (348, "p\u{1}"), (368, "H"), (376, "\u{10} "), (384, "BSJB\u{1}\0\u{1}"), (396, "\u{4}"),
      (400, "v4"), (406, "\u{2}\08"), (412, "p"), (416, "#~"), (424, "0"), (428, "#Strings"),
      (444, "\u{2}\0\0\u{1}G"), (464, "\u{1}"), (468, "\u{1}"), (472, "\u{3}"), (476, "\u{1}"),
      (492, "\u{1}\0\u{8}"), (500, "\u{F}"), (506, "\u{1}\0\u{1}"),
      (514, "\u{18}\0!\0\u{5}\0\u{1}\0\u{1}"), (528, "&"), (532, "\u{5}\0\u{1}\0\u{2}"), (546, ","),
      (550, "\u{1}\0\0Object\0System\0<Module>\0Function\0Shop\0Inner\0Run"),
    ]
    var bytes = [UInt8](repeating: 0, count: 600)
    for (place, text) in pieces {
      bytes.replaceSubrange(place..<place + text.utf8.count, with: Array(text.utf8))
    }
    // What is no character by itself: the header's length, and the sizes of the pieces.
    for (place, byte) in [(84, 0xF0), (344, 0xE8), (380, 0xD8), (420, 0xA8)] as [(Int, UInt8)] {
      bytes[place] = byte
    }
    return bytes
  }

  private static var classFile: [UInt8] {
    var bytes: [UInt8] = [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 61, 0, 7]
    for name in ["a/B", "java/lang/Object", "[Lc/D;"] {
      bytes += [1, 0, UInt8(name.utf8.count)] + Array(name.utf8)
    }
    for index in 1...3 { bytes += [7, 0, UInt8(index)] }
    return bytes + [0, 33, 0, 4, 0, 5]
  }

  /// A zip of one stored file.
  private static var zip: [UInt8] {
    let head: [UInt8] = [
      20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0, 0xAC, 0x2A, 0x93, 0xD8, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0,
    ]
    let local: [UInt8] = [0x50, 0x4B, 3, 4] + head + Array("aok".utf8)
    let list: [UInt8] =
      [0x50, 0x4B, 1, 2, 20, 3] + head + [UInt8](repeating: 0, count: 14) + Array("a".utf8)
    return local + list + [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0, UInt8(list.count), 0, 0, 0]
      + [UInt8(local.count), 0, 0, 0, 0, 0]
  }
}
