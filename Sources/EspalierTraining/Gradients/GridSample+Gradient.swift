import EspalierKernels
import EspalierRuntime

extension StepGradient {
  /// A pixel gets the gradients of the points that it is a part of, by its shares; a point's coordinates get how fast
  /// these shares change with them.
  func gridSample(_ sampling: GridSampling) {
    let channels = sampling.channels
    guard let grid = inputs[1].baseAddress else { return }
    sampling.forEachPoint(grid) { point, taps in
      let byValue = outputGradient.from(point * channels, count: channels)
      taps.forEach { pixel, weight, slopes in
        var product: Float = 0
        for channel in 0..<channels {
          let element = pixel * channels + channel
          inputGradients[0]?[element] += weight * byValue[channel]
          product += inputs[0][element] * byValue[channel]
        }
        for axis in 0..<sampling.axes {
          inputGradients[1]?[point * sampling.axes + axis] += product * slopes[axis]
        }
      }
    }
  }
}
