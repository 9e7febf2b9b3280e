import EspalierData
import EspalierFormat
import EspalierGraph
import EspalierRuntime
import EspalierTraining

// README: network
let pixels = (0..<8).flatMap { row in (0..<8).map { "pixel_\(row)_\($0)" } }

let network = Network {
  Input("image", shape: [8, 8, 1], columns: pixels, scale: 1 / 16)
  Trunk {
    Conv2D(32, kernel: 3, activation: .relu)
    Conv2D(32, kernel: 3, activation: .relu)
    MaxPool2D(2)
    Conv2D(64, kernel: 3, activation: .relu)
    MaxPool2D(2)
    Flatten()
    Dense(64, activation: .relu)
  }
  Head("digit", .classification(labels: (0...9).map { "\($0)" })) {
    Dense(10)
  }
  Head("even", .binary(labels: ["odd", "even"]), weight: 0.5) {
    Dense(16, activation: .relu)
    Dense(1)
  }
  Head("ink", .regression(unit: "fraction")) {
    Dense(1)
  }
}
// README: end

// README: run
func probabilityOfEven(_ image: [Float], file: String) throws -> Float {
  var reader = try ModelReader(FileSource(path: file))
  let model = try reader.load(heads: ["even"])
  var session = try Session(model, heads: ["even"])
  try session.setInput("image", to: image.span)
  try session.run()
  return try session.output(of: "even")[0]
}
// README: end
