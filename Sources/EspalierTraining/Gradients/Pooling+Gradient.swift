import EspalierGraph
import EspalierKernels
import EspalierRuntime

extension StepGradient {
  /// What a window gave goes back to what it was made of.
  func pooling(_ call: PoolingCall) {
    switch call.rule.function {
    case .maximum: maximumPooling(call.geometry)
    case .average: averagePooling(call.geometry, includesPadding: call.rule.countsPadding)
    case .powerSum: powerPooling(call.geometry, power: call.rule.power)
    case .maximumIndex: break  // positions do not change with what lies there
    }
  }

  /// The gradient goes to the first element of the window that is the maximum.
  private func maximumPooling(_ geometry: PoolingGeometry) {
    guard let gradient = inputGradients[0] else { return }
    let input = inputs[0]
    geometry.forEachWindow { pixel, taps in
      for channel in 0..<geometry.channels {
        let result = pixel * geometry.channels + channel
        for index in 0..<taps.count {
          let element = taps[index] * geometry.channels + channel
          guard input[element] == output[result] else { continue }
          gradient[element] += outputGradient[result]
          break
        }
      }
    }
  }

  /// The gradient is spread evenly over what the average counted.
  private func averagePooling(_ geometry: PoolingGeometry, includesPadding: Bool) {
    guard let gradient = inputGradients[0] else { return }
    geometry.forEachWindow { pixel, taps in
      let divisor = Float(includesPadding ? taps.counted : taps.count)
      for index in 0..<taps.count {
        for channel in 0..<geometry.channels {
          gradient[taps[index] * geometry.channels + channel] +=
            outputGradient[pixel * geometry.channels + channel] / divisor
        }
      }
    }
  }
}

extension StepGradient {
  /// The derivative by an element is `sign(x) · (|x| / output)^(power − 1)`.
  private func powerPooling(_ geometry: PoolingGeometry, power: Int) {
    guard let gradient = inputGradients[0] else { return }
    let input = inputs[0]
    geometry.forEachWindow { pixel, taps in
      for index in 0..<taps.count {
        for channel in 0..<geometry.channels {
          let result = pixel * geometry.channels + channel
          let element = taps[index] * geometry.channels + channel
          guard input[element] != 0 else { continue }
          let share =
            power == 1 ? 1 : integerPower(input[element].magnitude / output[result], power - 1)
          gradient[element] +=
            input[element] < 0 ? -share * outputGradient[result] : share * outputGradient[result]
        }
      }
    }
  }
}

/// The input pixels under one window, counted through the batch.
private struct WindowTaps {
  /// Along one axis: the first input position inside the input, and how many there are.
  struct Axis {
    let first: Int
    let count: Int
    /// How many there are inside the input or its padding.
    let counted: Int

    init(
      at position: Int, input: Int, kernel: Int, stride: Int, dilation: Int, padding: Int,
      paddingAfter: Int
    ) {
      let start = position * stride - padding
      let skipped = start >= 0 ? 0 : (dilation - 1 - start) / dilation
      first = start + skipped * dilation
      let room = first < input ? (input - 1 - first) / dilation + 1 : 0
      count = max(0, min(kernel - skipped, room))
      counted = max(0, min(kernel, (input + paddingAfter - start + dilation - 1) / dilation))
    }
  }

  let image: Int
  let depth: Axis
  let height: Axis
  let width: Axis
  let geometry: PoolingGeometry

  var count: Int { depth.count * height.count * width.count }
  var counted: Int { depth.counted * height.counted * width.counted }

  subscript(index: Int) -> Int {
    let (rows, column) = index.quotientAndRemainder(dividingBy: width.count)
    let (plane, row) = rows.quotientAndRemainder(dividingBy: height.count)
    let size = geometry.inputSize
    let dilation = geometry.dilation
    let z = depth.first + plane * dilation.depth
    let y = height.first + row * dilation.height
    let x = width.first + column * dilation.width
    return ((image * size.depth + z) * size.height + y) * size.width + x
  }
}

extension PoolingGeometry {
  /// Calls `body` with each output pixel, counted through the batch, and what lies under its window.
  fileprivate func forEachWindow(_ body: (_ pixel: Int, _ taps: WindowTaps) -> Void) {
    func axis(_ position: Int, _ size: KeyPath<Extent, Int>) -> WindowTaps.Axis {
      WindowTaps.Axis(
        at: position, input: inputSize[keyPath: size], kernel: kernel[keyPath: size],
        stride: stride[keyPath: size], dilation: dilation[keyPath: size],
        padding: paddingBefore[keyPath: size], paddingAfter: paddingAfter[keyPath: size])
    }
    var pixel = 0
    for image in 0..<batch {
      for z in 0..<outputSize.depth {
        for y in 0..<outputSize.height {
          for x in 0..<outputSize.width {
            let taps = WindowTaps(
              image: image, depth: axis(z, \.depth), height: axis(y, \.height),
              width: axis(x, \.width), geometry: self)
            body(pixel, taps)
            pixel += 1
          }
        }
      }
    }
  }
}
