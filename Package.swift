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
  targets: [
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),

    .target(name: "CEspalierKernels", cSettings: c),
    .target(
      name: "EspalierKernels", dependencies: ["CEspalierKernels"], swiftSettings: swift),
    .target(
      name: "ReferenceOperators", path: "Tests/ReferenceOperators", swiftSettings: swift),
    .testTarget(
      name: "EspalierKernelsTests", dependencies: ["EspalierKernels", "ReferenceOperators"],
      swiftSettings: swift),

    .target(name: "EspalierGraph", swiftSettings: swift),
    .testTarget(name: "EspalierGraphTests", dependencies: ["EspalierGraph"], swiftSettings: swift),
  ]
)
