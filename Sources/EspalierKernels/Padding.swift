/// Which element of an array each element of the same array with others around it is.
package struct Padding: Sendable {
  /// What is added.
  package enum Mode: Sendable {
    /// One element everywhere.
    case constant
    /// The array mirrored at its first and last element.
    case reflect
    /// The nearest element.
    case edge
    /// The array repeated.
    case wrap
  }

  /// One axis: how much lies before it, its size, and how much lies after it.
  package struct Axis: Equatable, Sendable {
    let before: Int
    let size: Int
    let after: Int

    /// Makes an axis.
    package init(before: Int, size: Int, after: Int) {
      self.before = before
      self.size = size
      self.after = after
    }

    var paddedSize: Int { before + size + after }
  }

  private let mode: Mode
  /// The axes through the last one that is padded; at least one.
  private let axes: [Axis]
  /// Their padded sizes, the last one left out.
  private let rows: [Int]
  /// How far apart neighbours along each of them are in the input.
  private let strides: [Int]
  /// The elements of one position of all of them.
  private let block: Int

  /// Describes a padding.
  ///
  /// - Precondition: all sizes are positive, amounts are not negative, and there are at most eight axes.
  package init(_ mode: Mode, _ axes: [Axis]) {
    precondition(axes.count <= 8, "rank \(axes.count)")
    for axis in axes {
      precondition(
        axis.size > 0 && axis.before >= 0 && axis.after >= 0,
        "\(axis.before) before \(axis.size) and \(axis.after) after")
    }
    self.mode = mode
    let last = axes.lastIndex { $0.before > 0 || $0.after > 0 } ?? 0
    let padded = axes.isEmpty ? [Axis(before: 0, size: 1, after: 0)] : Array(axes[...last])
    var strides = padded.map { $0.size }
    let block = axes.dropFirst(last + 1).reduce(1) { $0 * $1.size }
    var stride = block
    for axis in padded.indices.reversed() {
      strides[axis] = stride
      stride *= padded[axis].size
    }
    self.axes = padded
    self.strides = strides
    self.block = block
    rows = padded.dropLast().map { $0.paddedSize }
  }

  /// The elements of the input.
  package var inputCount: Int { axes.reduce(block) { $0 * $1.size } }
  /// The elements of the output.
  package var outputCount: Int { axes.reduce(block) { $0 * $1.paddedSize } }

  /// The position along an axis that a position of the padded axis is; nil for an added constant.
  private func source(_ position: Int, _ axis: Int) -> Int? {
    let size = axes[axis].size
    let index = position - axes[axis].before
    if index >= 0 && index < size { return index }
    switch mode {
    case .constant:
      return nil
    case .edge:
      return index < 0 ? 0 : size - 1
    case .wrap:
      let rest = index % size
      return rest < 0 ? rest + size : rest
    case .reflect:
      guard size > 1 else { return 0 }
      let rest = (index < 0 ? -index : index) % (2 * (size - 1))
      return rest < size ? rest : 2 * (size - 1) - rest
    }
  }

  /// Calls `body` with the elements of the output in order, as runs of the input; nil for runs of the constant.
  @inline(__always)
  package func forEachRun(_ body: (_ input: Int?, _ output: Int, _ count: Int) -> Void) {
    let last = axes.count - 1
    let axis = axes[last]
    var row = Odometer()
    var output = 0
    repeat {
      guard let start = rowStart(row) else {
        body(nil, output, axis.paddedSize * block)
        output += axis.paddedSize * block
        continue
      }
      for position in 0..<axis.before {
        body(source(position, last).map { start + $0 * block }, output, block)
        output += block
      }
      body(start, output, axis.size * block)
      output += axis.size * block
      for position in axis.before + axis.size..<axis.paddedSize {
        body(source(position, last).map { start + $0 * block }, output, block)
        output += block
      }
    } while row.advance(in: rows.span)
  }

  /// Where the input's row begins that a row of the output is; nil for a row of the constant.
  private func rowStart(_ row: Odometer) -> Int? {
    var start = 0
    for axis in rows.indices {
      guard let position = source(row.position[axis], axis) else { return nil }
      start += position * strides[axis]
    }
    return start
  }
}

/// Computes what a padding says.
package func pad<Element: BitwiseCopyable>(
  _ input: Span<Element>, _ padding: Padding, value: Element, output: inout MutableSpan<Element>
) {
  requireCount(input.count, padding.inputCount, "input")
  requireCount(output.count, padding.outputCount, "output")
  withPointers(input, &output) { input, output in
    guard let input, let output else { return }
    padding.forEachRun { from, to, count in
      guard let from else { return (output + to).update(repeating: value, count: count) }
      if count == 1 {
        output[to] = input[from]
      } else {
        (output + to).update(from: input + from, count: count)
      }
    }
  }
}
