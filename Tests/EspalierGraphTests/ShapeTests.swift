import EspalierGraph
import Testing

@Suite struct ShapeTests {
  @Test(
    arguments: [
      [1 << 32, 0, 1 << 32], [0, 1 << 31, 1 << 31, 2], [.max, .max, 0], [0, -1], [1 << 62, 2],
    ] as [[Int]])
  func noZeroHidesSizesThatCannotBeMultiplied(_ sizes: [Int]) {
    #expect(Shape(sizes).checkedElementCount == nil)
    #expect(TensorType(.int8, Shape(sizes)).checkedByteCount == nil)
  }

  @Test func bytesOfEmptyTensorsAreCountedWithoutTheZeros() {
    #expect(Shape([0, 1 << 62, 0]).checkedElementCount == 0)
    #expect(TensorType(.int8, [0, 1 << 62]).checkedByteCount == 0)
    #expect(TensorType(.float32, [0, 1 << 62]).checkedByteCount == nil)
    #expect(Shape([]).checkedElementCount == 1)
  }

  @Test func resizingInStepsThatCannotBeCountedIsRefused() {
    let long = 1 << 15
    let resize = Operator.resize(
      .init(
        axes: [0, 1, 2, 3, 4, 5], to: .sizes([long, long, long, 1, 1, 1]), .linear(), .halfPixel))
    #expect(throws: OperatorError.tooLarge) {
      try resize.outputType(of: [TensorType(.float32, [1, 1, 1, long, long, long])])
    }
  }
}
