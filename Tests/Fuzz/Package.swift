// swift-tools-version: 6.2
import PackageDescription

// The fuzzer of the reader; tools/fuzz builds it with the sanitizers and runs it.
let package = Package(
  name: "fuzz",
  dependencies: [.package(name: "espalier", path: "../..")],
  targets: [
    .systemLibrary(name: "CLibFuzzer"),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "CLibFuzzer",
        .product(name: "EspalierRuntime", package: "espalier"),
        .product(name: "EspalierTraining", package: "espalier"),
      ],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableExperimentalFeature("Lifetimes"),
        .treatAllWarnings(as: .error),
      ]),
  ]
)
