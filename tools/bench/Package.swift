// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let libraries: [Target.Dependency] = [
  .product(name: "EspalierRuntime", package: "espalier"),
  .product(name: "EspalierTraining", package: "espalier"),
]

// Measurements of the library as others would use it. They are no part of its own build.
let package = Package(
  name: "bench",
  dependencies: [.package(name: "espalier", path: "../..")],
  targets: [
    .executableTarget(name: "archive", dependencies: libraries, swiftSettings: settings),
    .executableTarget(name: "indices", dependencies: libraries, swiftSettings: settings),
    .executableTarget(name: "reading", dependencies: libraries, swiftSettings: settings),
  ]
)
