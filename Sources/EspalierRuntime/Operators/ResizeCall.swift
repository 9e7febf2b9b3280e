import EspalierGraph
package import EspalierKernels

/// `Operator.Resize`.
package struct ResizeCall: PreparedCall, ElementMover {
  /// One axis that is interpolated.
  package struct Pass: Sendable {
    /// What its elements are made of.
    package let table: ResizeTable
    /// Product of the sizes before the axis.
    package let outer: Int
    /// Product of the sizes after the axis.
    package let inner: Int

    /// The elements that the pass makes.
    package var outputCount: Int { outer * table.output * inner }
  }

  /// How elements are chosen.
  package enum Method: Sendable {
    /// One for one.
    case nearest(NearestGeometry)
    /// Interpolated along one axis after the other.
    case passes([Pass])
  }

  /// How elements are chosen.
  package let method: Method
  /// What elements outside of the input are.
  private let outside: Float?
  private let elementBytes: Int

  init(_ rule: Operator.Resize, _ inputs: [TensorType], _ output: TensorType) {
    elementBytes = inputs[0].element.byteCount
    if case .crop(_, _, let value) = rule.coordinates { outside = value } else { outside = nil }
    let axes = rule.resizedAxes(inputs[0].shape, output.shape)
    if case .nearest(let rounding) = rule.filter {
      method = .nearest(
        NearestGeometry(
          sizes: inputs[0].shape.sizes,
          elements: axes.map { ($0, ResizeRounding(rounding).elements($1)) }))
      return
    }
    let filter = ResizeFilter(rule.filter)
    var sizes = inputs[0].shape.sizes
    var passes: [Pass] = []
    for (axis, geometry) in axes {
      passes.append(
        Pass(
          table: ResizeTable(geometry, filter), outer: sizes[..<axis].reduce(1, *),
          inner: sizes[(axis + 1)...].reduce(1, *)))
      sizes[axis] = geometry.output
    }
    method = .passes(passes)
  }

  /// The bytes of what its elements are made of.
  var tableByteCount: Int {
    switch method {
    case .nearest(let geometry): geometry.byteCount
    case .passes(let passes): passes.reduce(0) { $0 + $1.table.byteCount }
    }
  }

  /// The results of all passes but the last.
  package var scratchCount: Int {
    guard case .passes(let passes) = method else { return 0 }
    return passes.dropLast().reduce(0) { $0 + $1.outputCount }
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    switch method {
    case .passes(let passes):
      interpolate(passes, operands)
    case .nearest(let geometry):
      guard let outside else { return move(operands, elementBytes: elementBytes) }
      var result = operands.output.mutableSpan
      resizeNearest(operands[0].span, geometry, outside: outside, output: &result)
    }
  }

  /// Copies elements of a type.
  package func move<Element: BitwiseCopyable>(_ operands: Operands, as type: Element.Type) {
    guard case .nearest(let geometry) = method else { return }
    var result = operands.output(as: type).mutableSpan
    resizeNearest(operands[0, as: type].span, geometry, outside: nil, output: &result)
  }

  private func interpolate(_ passes: [Pass], _ operands: Operands) {
    var source = operands[0]
    var free = 0
    for (index, pass) in passes.enumerated() {
      let end = free + pass.outputCount
      let target =
        index == passes.count - 1
        ? operands.output : UnsafeMutableBufferPointer(rebasing: operands.scratch[free..<end])
      var result = target.mutableSpan
      resizeAxis(
        source.span, pass.table, outer: pass.outer, inner: pass.inner, outside: outside ?? 0,
        output: &result)
      source = target
      free = end
    }
  }
}

extension Operator.Resize {
  /// The axes whose elements change, at least one.
  fileprivate func resizedAxes(
    _ input: Shape, _ output: Shape
  ) -> [(axis: Int, geometry: ResizeAxis)] {
    let exact = exactSizes(of: input)
    let all = axes.indices.map { index in
      let axis = axes[index]
      return (
        axis: axis,
        geometry: ResizeAxis(
          input: input[axis], output: output[axis], scale: exact[index].scale,
          exact: exact[index].exact, coordinates: kernelCoordinates(index))
      )
    }
    if case .crop = coordinates { return all }
    let changed = all.filter {
      $0.geometry.scale != 1 || $0.geometry.input != $0.geometry.output
    }
    return changed.isEmpty ? [all[0]] : changed
  }

  private func kernelCoordinates(_ index: Int) -> ResizeAxis.Coordinates {
    switch coordinates {
    case .halfPixel: .halfPixel
    case .halfPixelSymmetric: .halfPixelSymmetric
    case .pytorchHalfPixel: .pytorchHalfPixel
    case .alignCorners: .alignCorners
    case .asymmetric: .asymmetric
    case .crop(let start, let end, _):
      .crop(start: Double(start[index]), end: Double(end[index]))
    }
  }
}

extension ResizeRounding {
  fileprivate init(_ rounding: Operator.Resize.Rounding) {
    switch rounding {
    case .preferFloor: self = .preferFloor
    case .preferCeiling: self = .preferCeiling
    case .floor: self = .floor
    case .ceiling: self = .ceiling
    }
  }
}

extension ResizeFilter {
  /// The filter of an operator that interpolates.
  fileprivate init(_ filter: Operator.Resize.Filter) {
    switch filter {
    case .nearest: self.init(cubic: nil, isAntialiased: false, excludesOutside: false)
    case .linear(let antialiased, let excludesOutside):
      self.init(cubic: nil, isAntialiased: antialiased, excludesOutside: excludesOutside)
    case .cubic(let coefficient, let antialiased, let excludesOutside):
      self.init(
        cubic: Double(coefficient), isAntialiased: antialiased, excludesOutside: excludesOutside)
    }
  }
}
