// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .treatAllWarnings(as: .error),
  // Nothing here uses regular expressions, and their engine is 1.4 MB: Core searches in text.
  .unsafeFlags(["-Xfrontend", "-disable-implicit-string-processing-module-import"]),
]

// A release binary carries the Swift runtime inside; libcurl, libcrypto and libz stay the system's,
// so that their security updates reach it. Each function has a section of its own: the linker leaves out those that
// nothing calls, and keeps one of those that are equal.
let released: [SwiftSetting] =
  strict + [
    .unsafeFlags(["-static-stdlib", "-Xfrontend", "-function-sections"], .when(configuration: .release))
  ]

// Modules where nothing is counted in microseconds are made small instead.
let small: [SwiftSetting] = released + [.unsafeFlags(["-Osize"], .when(configuration: .release))]

// What the simulated releases of the tests spend their time in: optimised in debug builds too, which makes them
// three times as fast.
let simulated: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "lamctl",
  products: [.executable(name: "lamctl", targets: ["lamctl"])],
  targets: [
    .systemLibrary(
      name: "CSystem", path: "Sources/Core/C/System"),
    .systemLibrary(
      name: "CCrypto", path: "Sources/Core/C/Crypto", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      // Without pkgConfig, which would link it: it is loaded with the first connection.
      name: "CCurl", path: "Sources/AWSClient/C/Curl",
      providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(
      name: "CZlib", path: "Sources/Packager/C/Zlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"])]),

    .target(
      name: "Core", dependencies: ["CSystem", "CCrypto"], exclude: ["C"], swiftSettings: released + simulated),
    .target(name: "LambdaSettings", dependencies: ["Core"], swiftSettings: small + simulated),
    .target(
      name: "AWSClient", dependencies: ["Core", "LambdaSettings", "CCurl"], exclude: ["C"],
      swiftSettings: small),
    .target(
      name: "Packager", dependencies: ["Core", "LambdaSettings", "CZlib"], exclude: ["C"],
      swiftSettings: released),
    .target(name: "Triggers", dependencies: ["Core", "AWSClient"], swiftSettings: small),
    .target(
      name: "Release", dependencies: ["Core", "LambdaSettings", "AWSClient", "Triggers"],
      swiftSettings: small + simulated),
    .target(name: "Sandbox", dependencies: ["Core", "LambdaSettings", "CZlib"], swiftSettings: small),
    .executableTarget(
      name: "lamctl",
      dependencies: ["Core", "LambdaSettings", "AWSClient", "Packager", "Triggers", "Release", "Sandbox"],
      swiftSettings: small,
      linkerSettings: [
        .unsafeFlags(
          [
            "-static-stdlib", "-use-ld=lld", "-Xlinker", "-s", "-Xlinker", "--gc-sections", "-Xlinker",
            "--icf=all", "-Xlinker", "--no-export-dynamic",
          ],
          .when(configuration: .release))
      ]),

    // The judge beside the rules of other tools, on simulated traffic; `scripts/bench judge` runs it.
    .executableTarget(
      name: "judge-simulation", dependencies: ["Release"], path: "scripts/benchmarks/judge-simulation",
      swiftSettings: released),

    .target(name: "TestSupport", dependencies: ["Core"], path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(name: "CoreTests", dependencies: ["Core", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "AWSClientTests", dependencies: ["AWSClient", "Core", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "LambdaSettingsTests", dependencies: ["LambdaSettings", "Core", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "PackagerTests", dependencies: ["Packager", "Core", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "TriggersTests", dependencies: ["Triggers", "AWSClient", "Core", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ReleaseTests",
      dependencies: ["Release", "Triggers", "LambdaSettings", "AWSClient", "Core", "TestSupport"],
      swiftSettings: strict + simulated),
    .testTarget(
      name: "SandboxTests", dependencies: ["Sandbox", "Core", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "LamctlTests",
      dependencies: [
        "lamctl", "AWSClient", "Packager", "Triggers", "Release", "Sandbox", "Core", "TestSupport",
      ],
      exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(
      name: "ConformanceTests",
      dependencies: [
        "lamctl", "LambdaSettings", "AWSClient", "Triggers", "Release", "Sandbox", "Core", "TestSupport",
      ],
      exclude: ["requirements.in", "requirements.txt", "Programs"], swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["lamctl", "LambdaSettings", "AWSClient", "Sandbox", "Core", "TestSupport"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)

// Only for scripts/fuzz, which builds everything with testing enabled: it reads with what other modules cannot see.
if Context.environment["LAMCTL_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "Core", "LambdaSettings", "AWSClient", "Packager", "Triggers", "Release", "Sandbox",
      ],
      path: "Tests/Fuzz",
      exclude: ["Corpus"], swiftSettings: released,
      linkerSettings: [.unsafeFlags(["-static-stdlib", "-use-ld=lld"], .when(configuration: .release))]))
}
