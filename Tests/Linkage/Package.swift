// swift-tools-version: 6.2
import PackageDescription

// A program that uses the runtime as others would; tools/linkage looks at what it is linked with.
let package = Package(
  name: "linkage",
  dependencies: [.package(name: "espalier", path: "../..")],
  targets: [
    .executableTarget(
      name: "linkage",
      dependencies: [.product(name: "EspalierRuntime", package: "espalier")],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .treatAllWarnings(as: .error),
      ])
  ]
)
