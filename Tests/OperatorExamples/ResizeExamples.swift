import EspalierGraph

/// Other sizes.
let resizeExamples: [OperatorExample] =
  nearestExamples + [
    resize(
      "linear, twice the size", [1, 2], to: .scales([2, 2]), .linear(), .halfPixel, [2, 3, 4, 5]),
    resize("linear, smaller", [1, 2], to: .sizes([3, 2]), .linear(), .halfPixel, [2, 7, 5, 3]),
    resize(
      "linear, corners", [1, 2], to: .sizes([5, 7]), .linear(), .alignCorners, [2, 3, 4, 17]),
    resize("linear, corners of one", [1], to: .sizes([1]), .linear(), .alignCorners, [2, 4, 3]),
    resize(
      "linear, asymmetric", [1, 2], to: .scales([1.5, 0.6]), .linear(), .asymmetric, [2, 5, 6, 2]),
    resize(
      "linear, half pixels of PyTorch", [1, 2], to: .sizes([1, 5]), .linear(), .pytorchHalfPixel,
      [2, 4, 3, 3]),
    resize(
      "linear, symmetric", [1, 2], to: .scales([1.3, 0.7]), .linear(), .halfPixelSymmetric,
      [2, 5, 7, 3]),
    resize("linear in the last axis", [2], to: .sizes([7]), .linear(), .halfPixel, [2, 3, 5]),
    resize(
      "linear, axes apart", [1, 3], to: .sizes([5, 2]), .linear(), .halfPixel, [2, 3, 2, 4]),
    resize(
      "linear, 3D", [1, 2, 3], to: .sizes([3, 4, 5]), .linear(), .halfPixel, [1, 2, 3, 4, 2]),
    resize("linear, the same size", [1], to: .sizes([4]), .linear(), .halfPixel, [2, 4, 3]),
    resize(
      "linear, antialiased", [1, 2], to: .scales([0.4, 1.5]), .linear(antialiased: true),
      .halfPixel, [2, 11, 4, 3]),
    resize(
      "linear, antialiased, without the outside", [1], to: .sizes([3]),
      .linear(antialiased: true, excludesOutside: true), .halfPixel, [2, 8, 3]),
    resize(
      "linear crop", [1, 2], to: .sizes([3, 4]), .linear(),
      .crop(start: [0.2, -0.5], end: [0.9, 1.5], outside: 7), [2, 6, 5, 3]),
    resize(
      "linear crop of one", [1], to: .sizes([1]), .linear(),
      .crop(start: [0], end: [0.75], outside: 0), [2, 6, 3]),
    resize(
      "cubic, larger", [1, 2], to: .scales([2, 1.5]), .cubic(coefficient: -0.75), .halfPixel,
      [2, 4, 5, 3]),
    resize(
      "cubic, smaller", [1, 2], to: .sizes([3, 2]), .cubic(coefficient: -0.5), .asymmetric,
      [2, 7, 5, 17]),
    resize(
      "cubic, without the outside", [1, 2], to: .scales([2, 0.8]),
      .cubic(coefficient: -0.5, excludesOutside: true), .halfPixel, [2, 4, 5, 2]),
    resize(
      "cubic, antialiased", [1, 2], to: .scales([0.4, 0.6]),
      .cubic(coefficient: -0.75, antialiased: true), .halfPixel, [2, 9, 8, 2]),
    resize(
      "cubic, antialiased, without the outside", [1], to: .sizes([4]),
      .cubic(coefficient: -0.75, antialiased: true, excludesOutside: true), .halfPixel, [2, 9, 3]),
    resize(
      "cubic, corners", [1], to: .sizes([7]), .cubic(coefficient: -0.75), .alignCorners, [2, 4, 3]),
    resize(
      "linear, fitting", [1, 2], to: .within([7, 8]), .linear(), .halfPixel, [2, 2, 4, 3]),
  ]

private let nearestExamples: [OperatorExample] = [
  resize(
    "nearest, twice the size", [1, 2], to: .scales([2, 3]), .nearest(.preferFloor), .halfPixel,
    [2, 3, 2, 17]),
  resize(
    "nearest, smaller", [1, 2], to: .sizes([2, 3]), .nearest(.preferCeiling), .halfPixel,
    [2, 7, 5, 3]),
  resize(
    "nearest, floors", [1, 2], to: .sizes([7, 3]), .nearest(.floor), .asymmetric, [2, 3, 5, 3]),
  resize(
    "nearest, ceilings", [1, 2], to: .sizes([8, 8]), .nearest(.ceiling), .alignCorners,
    [2, 4, 4, 2]),
  resize(
    "nearest, fitting", [1, 2], to: .within([7, 8]), .nearest(.preferFloor), .halfPixel,
    [2, 2, 4, 3]),
  resize(
    "nearest, covering", [1, 2], to: .covering([7, 8]), .nearest(.preferFloor), .halfPixel,
    [2, 2, 4, 3]),
  resize(
    "nearest crop", [1, 2], to: .sizes([4, 5]), .nearest(.preferFloor),
    .crop(start: [0.4, -0.2], end: [1.2, 0.6], outside: 10), [2, 6, 5, 3]),
  resize(
    "nearest in the first and last axis", [0, 2], to: .scales([2, 2]), .nearest(.floor),
    .asymmetric, [2, 3, 4], hasBatchedParameters: true),
  resize(
    "nearest of uint8", [1], to: .scales([1.5]), .nearest(.preferFloor), .halfPixel, [2, 4, 3],
    .uint8),
  resize(
    "nearest of int64", [1, 2], to: .scales([2, 2]), .nearest(.preferFloor), .asymmetric,
    [2, 3, 3, 1], .int64),
]

private func resize(
  _ description: String, _ axes: [Int], to target: Operator.Resize.Target,
  _ filter: Operator.Resize.Filter, _ coordinates: Operator.Resize.Coordinates, _ shape: Shape,
  _ element: ElementType = .float32, hasBatchedParameters: Bool = false
) -> OperatorExample {
  OperatorExample(
    "resize, \(description)", .resize(.init(axes: axes, to: target, filter, coordinates)),
    [.init(shape, element, in: element == .float32 ? nil : 0...100)],
    hasBatchedParameters: hasBatchedParameters)
}
