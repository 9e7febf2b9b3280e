// swift-tools-version: 6.2
import PackageDescription

// Measurements of the library as others would use it. They are no part of its own build.
let package = Package(
  name: "bench",
  dependencies: [.package(name: "espalier", path: "../..")],
  targets: [
    .executableTarget(
      name: "reading",
      dependencies: [
        .product(name: "EspalierRuntime", package: "espalier"),
        .product(name: "EspalierTraining", package: "espalier"),
      ],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .treatAllWarnings(as: .error),
      ])
  ]
)
