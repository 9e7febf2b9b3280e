import EspalierKernels
import ReferenceOperators

/// A sliding window over an input, as the reference and as the kernels describe it.
struct WindowCase: CustomStringConvertible {
  var input: [Int]
  var window: WindowReference

  init(
    _ input: [Int], kernel: [Int], stride: [Int]? = nil, dilation: [Int]? = nil,
    before: [Int]? = nil, after: [Int]? = nil
  ) {
    self.input = input
    window = WindowReference(
      kernel: kernel, stride: stride, dilation: dilation, paddingBefore: before,
      paddingAfter: after)
  }

  var output: [Int] { window.outputSize(input) }

  var description: String {
    "input \(input), kernel \(window.kernel), stride \(window.stride), dilation "
      + "\(window.dilation), padding \(window.paddingBefore) and \(window.paddingAfter)"
  }

  /// Windows of one to three dimensions with every kind of stride, dilation and padding.
  static let all: [WindowCase] = [
    WindowCase([1], kernel: [1]),
    WindowCase([7], kernel: [3]),
    WindowCase([7], kernel: [3], stride: [2], before: [1], after: [1]),
    WindowCase([9], kernel: [3], dilation: [3], before: [2], after: [3]),
    WindowCase([3], kernel: [5], before: [2], after: [2]),
    WindowCase([2], kernel: [2], stride: [3], before: [4], after: [3]),
    WindowCase([4, 5], kernel: [1, 1]),
    WindowCase([4, 5], kernel: [1, 1], stride: [2, 2]),
    WindowCase([4, 5], kernel: [4, 5]),
    WindowCase([5, 4], kernel: [3, 3], before: [1, 1], after: [1, 1]),
    WindowCase([6, 7], kernel: [3, 2], stride: [2, 3], before: [1, 0], after: [0, 1]),
    WindowCase([7, 6], kernel: [2, 3], dilation: [2, 2], before: [1, 2], after: [1, 2]),
    WindowCase([5, 1], kernel: [3, 3], stride: [1, 2], before: [1, 1], after: [1, 1]),
    WindowCase([3, 4, 3], kernel: [2, 3, 1], stride: [1, 2, 1]),
    WindowCase([3, 3, 4], kernel: [3, 2, 2], before: [1, 1, 0], after: [1, 0, 1]),
    WindowCase(
      [4, 3, 4], kernel: [2, 2, 2], stride: [2, 1, 2], dilation: [2, 1, 3], before: [1, 1, 2],
      after: [1, 1, 1]),
  ]
}

extension Extent {
  /// The extents of one to three axes, missing ones in front filled up.
  init(_ axes: [Int], missing: Int = 1) {
    let all = Array(repeating: missing, count: 3 - axes.count) + axes
    self.init(depth: all[0], height: all[1], width: all[2])
  }
}
