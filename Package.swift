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
    .library(name: "EspalierGraph", targets: ["EspalierGraph"])
  ],
  dependencies: [
    .package(url: "https://github.com/jpsim/Yams", .upToNextMinor(from: "6.2.2"))
  ],
  targets: [
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),

    .target(name: "EspalierGraph", swiftSettings: swift),
    .target(name: "EspalierTraining", dependencies: ["EspalierGraph"], swiftSettings: swift),
    .target(
      name: "EspalierRecipe",
      dependencies: ["EspalierTraining", .product(name: "Yams", package: "Yams")],
      swiftSettings: swift),

    .testTarget(name: "EspalierGraphTests", dependencies: ["EspalierGraph"], swiftSettings: swift),
    .testTarget(
      name: "EspalierRecipeTests", dependencies: ["EspalierRecipe", "EspalierTraining"],
      swiftSettings: swift),
    .testTarget(
      name: "EspalierDataTests", dependencies: ["EspalierTraining"], swiftSettings: swift),
  ]
)
