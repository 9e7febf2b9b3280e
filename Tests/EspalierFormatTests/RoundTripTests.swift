import EspalierFormat
import EspalierGraph
import EspalierWriter
import Testing

/// What is written is read again, and written again becomes the same bytes.
@Suite struct RoundTripTests {
  @Test(arguments: WeightsCodec.allCases)
  func smallModelIsTheSameAfterwards(_ codec: WeightsCodec) throws {
    let model = try Models.small()
    let bytes = try ModelWriter(model, weights: codec).encode()
    let read = try ModelReader(MemorySource(bytes)).load()
    expectSame(model, read)
    #expect(try ModelWriter(read, weights: codec).encode() == bytes)
  }

  @Test func randomModelsAreTheSameAfterwards() throws {
    for seed in 0..<60 as Range<UInt64> {
      let model = try Models.random(seed: seed)
      let codec: WeightsCodec = seed % 2 == 0 ? .planes : .none
      let bytes = try ModelWriter(model, weights: codec).encode()
      #expect(bytes.count % 64 == 0, "seed \(seed)")
      let read = try ModelReader(MemorySource(bytes)).load()
      expectSame(model, read, "seed \(seed)")
      #expect(try ModelWriter(read, weights: codec).encode() == bytes, "seed \(seed)")
    }
  }
}
