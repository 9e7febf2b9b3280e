// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
  .treatAllWarnings(as: .error),
]
let c: [CSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "espalier",
  products: [
    .library(
      name: "EspalierRuntime", targets: ["EspalierRuntime", "EspalierFormat", "EspalierGraph"]),
    .library(name: "EspalierC", targets: ["EspalierC", "CEspalier"]),
    .library(
      name: "EspalierTraining",
      targets: [
        "EspalierTraining", "EspalierArrays", "EspalierData", "EspalierFiles", "EspalierWriter",
      ]),
    .library(name: "EspalierONNX", targets: ["EspalierONNX"]),
    .executable(name: "espalier", targets: ["espalier"]),
  ],
  dependencies: [
    .package(url: "https://github.com/jpsim/Yams", .upToNextMinor(from: "6.2.2")),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    // C libraries of the system.
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
    .systemLibrary(name: "CLibzip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(
      name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),

    // C of our own.
    .target(name: "CEspalierDecode", dependencies: ["CZlib"], cSettings: c),
    .target(
      name: "CEspalierKernels", cSettings: c, linkerSettings: [.linkedLibrary("m")]),
    .target(
      name: "CEspalierSchema", dependencies: ["CEspalierUnpack", "CProtobufC"], cSettings: c),
    .target(name: "CEspalierSystem", cSettings: c),
    .target(name: "CEspalierUnpack", dependencies: ["CProtobufC"], cSettings: c),
    .target(name: "CONNXSchema", dependencies: ["CEspalierUnpack", "CProtobufC"], cSettings: c),

    // The runtime: no Foundation, Embedded Swift.
    .target(name: "EspalierGraph", swiftSettings: swift),
    .target(name: "EspalierKernels", dependencies: ["CEspalierKernels"], swiftSettings: swift),
    .target(
      name: "EspalierFormat",
      dependencies: [
        "EspalierGraph", "CEspalierDecode", "CEspalierSchema", "CEspalierSystem",
        "CEspalierUnpack", "CProtobufC", "CZlib",
      ],
      swiftSettings: swift),
    .target(
      name: "EspalierRuntime", dependencies: ["EspalierGraph", "EspalierKernels"],
      swiftSettings: swift),

    // The interface of C.
    .target(name: "CEspalier", cSettings: c),
    .target(
      name: "EspalierC",
      dependencies: ["CEspalier", "EspalierFormat", "EspalierGraph", "EspalierRuntime"],
      swiftSettings: swift),

    // Making models.
    .target(
      name: "EspalierWriter",
      dependencies: ["EspalierGraph", "EspalierFormat", "CEspalierSystem", "CZlib"],
      swiftSettings: swift),
    .target(
      name: "EspalierFiles", dependencies: ["EspalierGraph", "CEspalierSystem", "CZlib"],
      swiftSettings: swift),
    .target(name: "EspalierText", dependencies: ["EspalierGraph"], swiftSettings: swift),
    .target(
      name: "EspalierArrays", dependencies: ["EspalierFiles", "EspalierGraph"],
      swiftSettings: swift),
    .target(
      name: "EspalierZip",
      dependencies: ["EspalierArrays", "EspalierFiles", "EspalierGraph", "CLibzip"],
      swiftSettings: swift),
    .target(
      name: "EspalierInference",
      dependencies: ["EspalierArrays", "EspalierGraph", "EspalierRuntime"], swiftSettings: swift),
    .target(
      name: "EspalierData", dependencies: ["EspalierFiles", "EspalierGraph", "EspalierText"],
      swiftSettings: swift),
    .target(
      name: "EspalierTraining",
      dependencies: [
        "EspalierArrays", "EspalierData", "EspalierGraph", "EspalierKernels", "EspalierRuntime",
        "EspalierText",
      ],
      swiftSettings: swift),
    .target(
      name: "EspalierONNX",
      dependencies: [
        "EspalierFormat", "EspalierGraph", "EspalierRuntime", "EspalierWriter", "CEspalierSystem",
        "CONNXSchema", "CProtobufC",
      ],
      swiftSettings: swift),
    .target(
      name: "EspalierRecipe",
      dependencies: [
        "EspalierArrays", "EspalierData", "EspalierFiles", "EspalierGraph", "EspalierText",
        "EspalierTraining", "EspalierWriter",
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: swift),
    .target(
      name: "EspalierReport", dependencies: ["EspalierFormat", "EspalierGraph", "EspalierText"],
      swiftSettings: swift),
    .executableTarget(
      name: "espalier",
      dependencies: [
        "EspalierArrays", "EspalierData", "EspalierFiles", "EspalierFormat", "EspalierGraph",
        "EspalierInference", "EspalierONNX", "EspalierRecipe", "EspalierReport", "EspalierRuntime",
        "EspalierText", "EspalierTraining", "EspalierWriter", "EspalierZip", "CEspalierSystem",
        "CSodium",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swift),

    // Tests.
    .target(
      name: "ReferenceOperators", path: "Tests/ReferenceOperators", swiftSettings: swift),
    .target(
      name: "OperatorExamples", dependencies: ["EspalierGraph", "ReferenceOperators"],
      path: "Tests/OperatorExamples", swiftSettings: swift),
    .testTarget(
      name: "EspalierGraphTests",
      dependencies: ["EspalierGraph", "OperatorExamples", "ReferenceOperators"],
      swiftSettings: swift),
    .testTarget(
      name: "EspalierKernelsTests", dependencies: ["EspalierKernels", "ReferenceOperators"],
      swiftSettings: swift),
    .testTarget(
      name: "EspalierFormatTests",
      dependencies: [
        "EspalierGraph", "EspalierFormat", "EspalierRuntime", "EspalierWriter", "CEspalierDecode",
        "CEspalierSchema", "CZlib", "OperatorExamples", "ReferenceOperators",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "EspalierRuntimeTests",
      dependencies: [
        "EspalierGraph", "EspalierRuntime", "EspalierWriter", "OperatorExamples",
        "ReferenceOperators",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "EspalierFilesTests", dependencies: ["EspalierFiles", "CZlib"], swiftSettings: swift),
    .testTarget(
      name: "EspalierArraysTests",
      dependencies: [
        "EspalierArrays", "EspalierFiles", "EspalierFormat", "EspalierGraph", "EspalierWriter",
        "EspalierZip",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "EspalierInferenceTests",
      dependencies: ["EspalierArrays", "EspalierGraph", "EspalierInference", "EspalierRuntime"],
      swiftSettings: swift),
    .testTarget(
      name: "EspalierTextTests", dependencies: ["EspalierGraph", "EspalierText"],
      swiftSettings: swift),
    .testTarget(
      name: "EspalierDataTests", dependencies: ["EspalierData", "EspalierTraining"],
      swiftSettings: swift),
    .testTarget(
      name: "EspalierTrainingTests",
      dependencies: [
        "EspalierArrays", "EspalierData", "EspalierFormat", "EspalierGraph", "EspalierKernels",
        "EspalierRuntime", "EspalierTraining", "EspalierWriter", "OperatorExamples",
        "ReferenceOperators",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "EspalierONNXTests",
      dependencies: [
        "EspalierFormat", "EspalierGraph", "EspalierONNX", "EspalierRuntime", "EspalierWriter",
        "CEspalierSystem", "OperatorExamples", "ReferenceOperators",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "EspalierRecipeTests",
      dependencies: ["EspalierData", "EspalierGraph", "EspalierRecipe", "EspalierTraining"],
      swiftSettings: swift),
    .testTarget(
      name: "EspalierReportTests",
      dependencies: [
        "EspalierFormat", "EspalierGraph", "EspalierReport", "EspalierText", "EspalierWriter",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "ReadmeTests",
      dependencies: [
        "EspalierData", "EspalierFormat", "EspalierGraph", "EspalierRecipe", "EspalierRuntime",
        "EspalierTraining",
        "EspalierWriter",
      ],
      swiftSettings: swift),
  ]
)
