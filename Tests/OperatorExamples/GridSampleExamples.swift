import EspalierGraph
import ReferenceOperators

/// Images sampled at points inside and outside of them.
let gridSampleExamples: [OperatorExample] =
  Operator.GridSample.Mode.allCases.flatMap { mode in
    Operator.GridSample.Boundary.allCases.flatMap { boundary in
      [false, true].map { alignsCorners in
        OperatorExample(
          "grid sample, \(mode), \(boundary), \(alignsCorners ? "corners" : "edges")",
          .gridSample(.init(mode, boundary: boundary, alignsCorners: alignsCorners)),
          [[2, 5, 4, 3], .init([2, 3, 4, 2], in: -1.9...1.8)], hasBatchedParameters: true,
          hasGradient: mode != .nearest)
      }
    }
  } + [
    OperatorExample(
      "grid sample far outside", .gridSample(.init(.cubic, boundary: .reflection)),
      [[2, 3, 4, 1], .init([2, 4, 4, 2], in: -9...9)], hasBatchedParameters: true),
    OperatorExample(
      "grid sample 1D", .gridSample(.init(.cubic)), [[2, 7, 17], .init([2, 5, 1], in: -1...1)],
      hasBatchedParameters: true),
    OperatorExample(
      "grid sample 3D", .gridSample(.init(boundary: .border)),
      [[2, 3, 4, 2, 3], .init([2, 2, 1, 3, 3], in: -1.2...1.2)], hasBatchedParameters: true),
    OperatorExample(
      "grid sample 3D, cubic",
      .gridSample(.init(.cubic, boundary: .reflection, alignsCorners: true)),
      [[2, 3, 1, 2, 2], .init([2, 2, 1, 3, 3], in: -1.2...1.2)], hasBatchedParameters: true),
  ]

extension GridSampleReference {
  /// The sampling of an operator.
  init(_ rule: Operator.GridSample) {
    let mode: Mode =
      switch rule.mode {
      case .linear: .linear
      case .nearest: .nearest
      case .cubic: .cubic
      }
    let boundary: Boundary =
      switch rule.boundary {
      case .zeros: .zeros
      case .border: .border
      case .reflection: .reflection
      }
    self.init(mode, boundary, alignsCorners: rule.alignsCorners)
  }
}
