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
    .library(name: "EspalierGraph", targets: ["EspalierGraph"]),
    .library(name: "EspalierFormat", targets: ["EspalierFormat"]),
    .library(name: "EspalierWriter", targets: ["EspalierWriter"]),
  ],
  targets: [
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),

    .target(name: "EspalierGraph", swiftSettings: swift),
    .target(name: "CEspalierSchema", dependencies: ["CProtobufC"], cSettings: c),
    .target(name: "CEspalierSystem", cSettings: c),
    .target(
      name: "EspalierFormat",
      dependencies: ["EspalierGraph", "CEspalierSchema", "CEspalierSystem", "CProtobufC", "CZlib"],
      swiftSettings: swift),
    .target(
      name: "EspalierWriter",
      dependencies: ["EspalierGraph", "EspalierFormat", "CEspalierSystem", "CZlib"],
      swiftSettings: swift),

    .testTarget(name: "EspalierGraphTests", dependencies: ["EspalierGraph"], swiftSettings: swift),
    .testTarget(
      name: "EspalierFormatTests",
      dependencies: ["EspalierGraph", "EspalierFormat", "EspalierWriter", "CEspalierSchema"],
      swiftSettings: swift),
  ]
)
