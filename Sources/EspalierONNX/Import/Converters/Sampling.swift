internal import EspalierGraph

extension Importer {
  /// Images at points that need not be pixels.
  static let samplingConverters: [String: Converter] = [
    "GridSample": { importer, node in [try importer.gridSample(node)] },
    "AffineGrid": { importer, node in [try importer.affineGrid(node)] },
  ]

  private mutating func gridSample(_ node: ONNXNode) throws -> Operand {
    let (input, grid) = (try required(node, 0), try required(node, 1))
    let modes: [String: Operator.GridSample.Mode] = [
      "linear": .linear, "bilinear": .linear, "nearest": .nearest, "cubic": .cubic,
      "bicubic": .cubic,
    ]
    let boundaries: [String: Operator.GridSample.Boundary] = [
      "zeros": .zeros, "border": .border, "reflection": .reflection,
    ]
    let mode = try text(node, "mode", default: "linear")
    let boundary = try text(node, "padding_mode", default: "zeros")
    guard let rule = modes[mode], let outside = boundaries[boundary] else {
      throw ImportProblem("its mode cannot be \(mode), its padding_mode \(boundary)")
    }
    let order = try channelsLast(input.rank)
    let values = [try value(input, order: order), try plainValue(grid)]
    let result = try draft.emit(
      .gridSample(
        .init(rule, boundary: outside, alignsCorners: try flag(node, "align_corners"))), values)
    return Operand(value: result, order: order, element: input.element)
  }

  /// The points of a regular grid between -1 and 1, moved by a matrix for each image.
  private mutating func affineGrid(_ node: ONNXNode) throws -> Operand {
    let theta = try required(node, 0)
    guard let sizes = try constantIntegers(node, 1), sizes.count == 4 || sizes.count == 5,
      theta.rank == 3
    else { throw ImportProblem("it wants the sizes of images of 2 or 3 spatial axes") }
    let spatial = Array(sizes[2...])
    let rank = spatial.count
    let isAligned = try flag(node, "align_corners")
    guard let count = Shape(spatial).checkedElementCount, count > 0 else {
      throw ImportProblem("its sizes cannot be \(listed(sizes))")
    }
    try draft.budget.take(TensorType(.float32, [count, rank + 1]))
    func coordinate(_ position: Int, _ size: Int) -> Float {
      isAligned
        ? size == 1 ? 0 : -1 + 2 * Float(position) / Float(size - 1)
        : -1 + (2 * Float(position) + 1) / Float(size)
    }
    // Rows of (x, y, 1), the last spatial axis first.
    var points: [Float] = []
    for point in 0..<count {
      var rest = point
      for axis in spatial.indices.reversed() {
        points.append(coordinate(rest % spatial[axis], spatial[axis]))
        rest /= spatial[axis]
      }
      points.append(1)
    }
    let grid = draft.addConstant(Constant([count, rank + 1], points))
    let value = try plainValue(theta)
    let moved = try draft.emit(.matrixProduct(.init(transposesRight: true)), [grid, value])
    let result = try reshape(
      moved, to: draft.sizes(moved).map { [$0[0]] + spatial + [rank] })
    return plain(result, theta.element)
  }
}
