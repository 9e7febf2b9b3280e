@_spi(Testing) import EspalierONNX
import FuzzSupport

/// What has to hold for every file, whatever is in it.
///
/// 1. Reading ends, with an `ONNXError` that says something or with a document.
/// 2. What reads can be written, what is written reads again, and is written as the same bytes.
/// 3. Inlining ends, with an error or with a document, for which the same holds.
/// 4. With an allocation that fails, reading fails or makes the same document.
/// 5. Read as a tensor, a file is refused or makes a tensor, for which the same holds as for documents.
/// 6. A document that reads is imported, for which `ImportCheck` says what has to hold.
///
/// The sanitizers see to memory, libFuzzer's limits to time, to the size of one allocation and to leaks.
enum Check {
  static func run(_ file: [UInt8]) {
    var limits = ONNXLimits()
    limits.memoryBytes = 1 << 26
    limits.nodes = 1 << 12
    limits.unrolledNodes = 1 << 10
    limits.searchedNodes = 1 << 12
    limits.foldedBytes = 1 << 20
    limits.foldedOperations = 1 << 22
    limits.checkedBytes = 1 << 20
    limits.checkedOperations = 1 << 20
    do throws(ONNXError) {
      let model = try ONNXModel(file, limits: limits)
      let written = expectRoundTrip(model)
      expectFailure(file, limits, written)
      expectRoundTrip(try model.inlined(limits: limits))
      ImportCheck.run(model, limits)
    } catch {
      demand(!error.description.isEmpty, "an error says nothing")
    }
    expectTensor(file, limits)
  }

  /// Bytes are compared, because a number that is none equals nothing.
  @discardableResult
  private static func expectRoundTrip(_ model: ONNXModel) -> [UInt8] {
    do throws(ONNXError) {
      let written = try model.encoded()
      let again = try ONNXModel(written).encoded()
      demand(again == written, "the second time, other bytes are written")
      return written
    } catch {
      fatalError("what was read cannot be written and read: \(error)")
    }
  }

  /// The last byte chooses the allocation that fails.
  private static func expectFailure(_ file: [UInt8], _ limits: ONNXLimits, _ written: [UInt8]) {
    var limits = limits
    limits.failingAllocation = 1 + Int(file.last ?? 0)
    do throws(ONNXError) {
      let survived = try ONNXModel(file, limits: limits).encoded()
      demand(survived == written, "without all of its memory, another document is read")
    } catch {
      demand(error == .outOfMemory, "\(error)")
    }
  }

  private static func expectTensor(_ file: [UInt8], _ limits: ONNXLimits) {
    guard let tensor = try? ONNXTensor(file, limits: limits) else { return }
    guard let again = try? ONNXTensor(tensor.encoded()), again == tensor else {
      fatalError("a tensor that was read is another when it is written and read")
    }
  }
}
