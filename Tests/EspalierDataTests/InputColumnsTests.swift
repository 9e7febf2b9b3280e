import EspalierTraining
import Testing

@Suite struct InputColumnsTests {
  @Test func largeOffsetsAreTakenOffTheTable() {
    func input(_ scale: Double, _ offset: Double) -> Input {
      Input("x", shape: [1], columns: ["a"], scale: scale, offset: offset)
    }
    #expect(input(0.5, -1000).mean == 2000)
    #expect(input(-2, 500).mean == 250)
    // Pictures are normalised inside the network, whatever reads them.
    #expect(input(1 / 127.5, -1).mean == 0)
    #expect(input(1, 256).mean == 0)
    #expect(input(0, 1e6).mean == 0)
    #expect(input(.leastNonzeroMagnitude, 1e6).mean == 0)
  }
}
