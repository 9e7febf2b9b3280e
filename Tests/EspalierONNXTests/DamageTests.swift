import EspalierGraph
@_spi(Testing) import EspalierONNX
import Testing

/// Whatever happens to a file, the reader refuses it with an `ONNXError` or reads a document; it never crashes, and
/// what it reads can be written and read again.
@Suite struct DamageTests {
  /// Reads bytes; what reads must be what is written of it, and so must what inlining makes of it.
  private func probe(_ bytes: [UInt8], _ note: @autoclosure () -> String) {
    let model: ONNXModel
    do throws(ONNXError) {
      model = try ONNXModel(bytes)
    } catch {
      #expect(!error.description.isEmpty)
      return
    }
    expectWhole(model, note())
    if let inlined = try? model.inlined() { expectWhole(inlined, "inlined, \(note())") }
  }

  /// Compares bytes, because a number that is none equals nothing.
  private func expectWhole(_ model: ONNXModel, _ note: String) {
    do {
      let bytes = try model.encoded()
      #expect(try ONNXModel(bytes).encoded() == bytes, "\(note)")
    } catch {
      Issue.record("\(note): what was read does not read again: \(error)")
    }
  }

  @Test func everyTruncation() throws {
    let file = try Documents.everything().encoded()
    // All but the numbers of the large tensor, where nothing can happen.
    for count in 0..<file.count where count < 200 || count > file.count - 1500 {
      probe(Array(file[..<count]), "\(count) bytes")
    }
  }

  @Test func everyFlippedBit() throws {
    for file in [try Documents.small().encoded(), try Documents.calling().encoded()] {
      for bit in 0..<file.count * 8 {
        var damaged = file
        damaged[bit / 8] ^= 1 << (bit % 8)
        probe(damaged, "bit \(bit)")
      }
    }
  }

  @Test func randomMutations() throws {
    var random = SplitMix(seed: 7)
    let file = try Documents.everything().encoded()
    for round in 0..<3000 {
      var damaged = file
      for _ in 0..<(1 + random.next() % 8) {
        damaged[Int(random.next() % UInt64(file.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      probe(damaged, "round \(round)")
    }
  }

  @Test func everyFailingAllocation() throws {
    let file = try Documents.calling().encoded()
    var limits = ONNXLimits()
    var survived = 0
    for call in 1...2000 {
      limits.failingAllocation = call
      do throws(ONNXError) {
        #expect(try ONNXModel(file, limits: limits) == Documents.calling())
        survived += 1
      } catch {
        #expect(error == .outOfMemory, "call \(call)")
        #expect(survived == 0, "call \(call)")
      }
    }
    #expect((1..<1900).contains(survived))
  }
}
