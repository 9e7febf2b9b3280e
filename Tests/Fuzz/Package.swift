// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
  .treatAllWarnings(as: .error),
]

// The fuzzers of the readers; tools/fuzz builds them with the sanitizers and runs them.
let package = Package(
  name: "fuzz",
  dependencies: [.package(name: "espalier", path: "../..")],
  targets: [
    .systemLibrary(name: "CLibFuzzer"),
    .target(
      name: "FuzzSupport",
      dependencies: ["CLibFuzzer", .product(name: "EspalierRuntime", package: "espalier")],
      swiftSettings: swift),
    .executableTarget(
      name: "fuzz-model",
      dependencies: [
        "CLibFuzzer", "FuzzSupport",
        .product(name: "EspalierRuntime", package: "espalier"),
        .product(name: "EspalierTraining", package: "espalier"),
      ],
      swiftSettings: swift),
    .executableTarget(
      name: "fuzz-onnx",
      dependencies: [
        "CLibFuzzer", "FuzzSupport",
        .product(name: "EspalierONNX", package: "espalier"),
        .product(name: "EspalierRuntime", package: "espalier"),
        .product(name: "EspalierTraining", package: "espalier"),
      ],
      swiftSettings: swift),
  ]
)
