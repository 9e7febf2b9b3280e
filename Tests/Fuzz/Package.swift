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
    .target(
      name: "ModelMutations",
      dependencies: [
        "CLibFuzzer", "FuzzSupport",
        .product(name: "EspalierRuntime", package: "espalier"),
      ],
      swiftSettings: swift),
    .executableTarget(
      name: "fuzz-model",
      dependencies: [
        "CLibFuzzer", "FuzzSupport", "ModelMutations",
        .product(name: "EspalierRuntime", package: "espalier"),
        .product(name: "EspalierTraining", package: "espalier"),
      ],
      swiftSettings: swift),
    .executableTarget(
      name: "fuzz-run",
      dependencies: [
        "CLibFuzzer", "FuzzSupport", "ModelMutations",
        .product(name: "EspalierRuntime", package: "espalier"),
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

    // Models for the fuzzer that runs them; the folders of the examples are links.
    .target(
      name: "ReferenceOperators",
      dependencies: [.product(name: "EspalierRuntime", package: "espalier")],
      swiftSettings: swift),
    .target(
      name: "OperatorExamples",
      dependencies: [
        "ReferenceOperators", .product(name: "EspalierRuntime", package: "espalier"),
      ],
      swiftSettings: swift),
    .executableTarget(
      name: "operator-models",
      dependencies: [
        "OperatorExamples",
        .product(name: "EspalierTraining", package: "espalier"),
      ],
      swiftSettings: swift),
  ]
)
