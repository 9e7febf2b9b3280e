// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

// Measurements of the library as others would use it. They are no part of its own build.
let package = Package(
  name: "bench",
  dependencies: [.package(name: "espalier", path: "../..")],
  targets: [
    .executableTarget(
      name: "archive",
      dependencies: [
        .product(name: "EspalierRuntime", package: "espalier"),
        .product(name: "EspalierTraining", package: "espalier"),
      ],
      swiftSettings: settings)
  ]
)
