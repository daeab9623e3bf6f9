internal import Core

/// A `bootstrap` in machine code: the loader and the libraries that it needs must be on the runtime, in the package, or
/// in a layer.
struct BootstrapProgram {
  let subject: GateSubject
  /// Absolute path of the file.
  let source: String

  /// Why it cannot be started.
  var faults: [GateFault] {
    guard let bytes = try? Files.read(source, limit: Self.longest) else { return [] }
    let processor = subject.definition.architectures[0]
    guard let program = ELFFile(bytes) else {
      return [refused("is no program for a processor of 64 bits, or was cut off", processor)]
    }
    guard program.isWhole else {
      return [refused("was cut off: it is shorter than its header says", processor)]
    }
    guard program.isProgram else {
      return [refused("is a library or an object file, which nothing can start", processor)]
    }
    let runtime = subject.definition.runtime ?? "the runtime"
    if let loader = program.interpreter, !Self.loaders.contains(loader), !loader.hasPrefix("/opt/"),
      !loader.hasPrefix("/var/task/")
    {
      return [
        GateFault(
          file: "bootstrap", found: "is loaded by \(loader.escaped)",
          allowed: "\(runtime) has GNU's C library only",
          fix: "build it for linux-gnu, or link it statically")
      ]
    }
    guard !subject.hasLayers else { return [] }
    let packaged = Set(subject.entries.keys.map(\.name))
    return program.libraries.filter { name in
      !packaged.contains(name) && !isRuntimes(name)
    }.map { name in
      GateFault(
        file: "bootstrap", found: "needs the library \(name.escaped)",
        allowed: "neither \(runtime) nor the package has it",
        fix: "link it statically, or put it into lib/ of the package")
    }
  }

  private func refused(_ found: String, _ processor: String) -> GateFault {
    GateFault(
      file: "bootstrap", found: found, allowed: "Linux starts whole programs for \(processor)",
      fix: "build it anew, as a program for Linux on \(processor)")
  }

  /// Whether the runtime has the library. OpenSSL's is told by its version: the systems have one each.
  private func isRuntimes(_ name: String) -> Bool {
    guard let runtime = subject.definition.runtime,
      name.hasPrefix("libssl.so") || name.hasPrefix("libcrypto.so")
    else { return Self.libraries.contains(where: name.hasPrefix) }
    return name.hasSuffix(RuntimeTable.glibcMinor(runtime) >= 34 ? ".so.3" : ".so.10")
  }

  /// Lambda's limit for all that is unzipped.
  private static let longest = 262_144_000

  private static let loaders: Set<String> = [
    "/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib64/ld-linux-aarch64.so.1",
  ]

  /// What Amazon Linux 2 and 2023 have in Lambda's images, whatever the version.
  private static let libraries = [
    "ld-linux", "libanl.so", "libbz2.so", "libc.so", "libcrypt.so", "libcurl.so", "libdl.so",
    "libgcc_s.so", "liblzma.so", "libm.so", "libmvec.so", "libnsl.so", "libnss_", "libpthread.so",
    "libresolv.so",
    "librt.so", "libstdc++.so", "libutil.so", "libz.so", "linux-vdso.so",
  ]
}
