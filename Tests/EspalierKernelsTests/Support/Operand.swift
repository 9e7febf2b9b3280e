#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Numbers in memory of their own, next to memory that nobody may touch.
///
/// A kernel that reads or writes one byte beyond its arrays stops the test run with a fault at the
/// very instruction. Numbers lie flush with the forbidden page on one side; what is left on the
/// other side is filled with a mark that `isIntact` looks for.
final class Operand {
  enum Edge: CaseIterable {
    case start, end
  }

  /// The numbers.
  let buffer: UnsafeMutableBufferPointer<Float>
  private let slack: UnsafeMutableBufferPointer<UInt32>
  private let mapping: UnsafeMutableRawPointer
  private let mappingSize: Int

  private static let mark: UInt32 = 0x7fc0_dead

  init(_ values: [Float], flushWith edge: Edge = .end) {
    let page = Int(getpagesize())
    let size = values.count * MemoryLayout<Float>.stride
    let room = max(1, (size + page - 1) / page) * page
    mappingSize = room + 2 * page
    guard
      let mapping = mmap(
        nil, mappingSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | Operand.anonymous, -1, 0),
      mapping != MAP_FAILED
    else { preconditionFailure("no memory for \(values.count) numbers") }
    self.mapping = mapping
    precondition(mprotect(mapping, page, PROT_NONE) == 0, "cannot protect a page")
    precondition(mprotect(mapping + page + room, page, PROT_NONE) == 0, "cannot protect a page")
    let offset = edge == .start ? 0 : room - size
    let start = mapping + page
    buffer = UnsafeMutableBufferPointer(
      start: (start + offset).assumingMemoryBound(to: Float.self), count: values.count)
    slack = UnsafeMutableBufferPointer(
      start: (edge == .start ? start + size : start).assumingMemoryBound(to: UInt32.self),
      count: (room - size) / MemoryLayout<UInt32>.stride)
    slack.update(repeating: Operand.mark)
    _ = buffer.update(from: values)
  }

  /// Makes an operand of a number that no kernel produces by chance.
  convenience init(count: Int, flushWith edge: Edge = .end) {
    self.init(Array(repeating: 12345.678, count: count), flushWith: edge)
  }

  deinit { munmap(mapping, mappingSize) }

  var values: [Float] { Array(buffer) }
  var bits: [UInt32] { buffer.map(\.bitPattern) }
  /// Whether the memory around the numbers is as it was.
  var isIntact: Bool { slack.allSatisfy { $0 == Operand.mark } }

  #if canImport(Darwin)
    private static let anonymous = MAP_ANON
  #else
    private static let anonymous = MAP_ANONYMOUS
  #endif
}
