import CEspalierSchema
@_spi(Testing) import EspalierFormat
import EspalierGraph
import EspalierWriter
import Testing

/// Unpacking of graph payloads under memory that fails.
@Suite struct UnpackingTests {
  private let payload: [UInt8]

  init() throws {
    let surgery = try Surgery(ModelWriter(Models.random(seed: 5)).encode())
    payload = surgery.pieces[surgery.position(of: .trunk, "trunk")].payload
  }

  /// Unpacks with an allocation that fails; returns whether it succeeded and how many were asked for.
  private func unpack(failing call: Int, budget: Int = 1 << 20) -> (Bool, EspalierArena) {
    var arena = EspalierArena()
    arena.budget = budget
    arena.failing_call = call
    let message = espalier_unpack_trunk(payload, payload.count, &arena)
    let succeeded = message != nil
    let state = arena
    espalier_arena_release(&arena)
    #expect(arena.live_blocks == 0)
    #expect(arena.last_block == nil)
    return (succeeded, state)
  }

  @Test func everyFailingAllocationIsAnErrorWithoutALeak() {
    let (succeeded, whole) = unpack(failing: 0)
    #expect(succeeded)
    #expect(whole.calls > 50)
    for call in 1...whole.calls {
      let (succeeded, state) = unpack(failing: call)
      #expect(!succeeded, "call \(call)")
      #expect(state.exhausted != 0, "call \(call)")
    }
  }

  @Test func everyTooSmallBudgetIsAnError() {
    let (_, whole) = unpack(failing: 0)
    for budget in stride(from: 0, to: whole.used, by: 16) {
      let (succeeded, state) = unpack(failing: 0, budget: budget)
      #expect(!succeeded, "budget \(budget)")
      #expect(state.refused_bytes > budget, "budget \(budget)")
    }
    #expect(unpack(failing: 0, budget: whole.used).0)
  }

  @Test func loadingSaysThatMemoryRanOut() throws {
    let file = try ModelWriter(Models.small()).encode()
    var limits = ReaderLimits()
    for call in 1...20 {
      limits.failingAllocation = call
      #expect(throws: FormatError.outOfMemory(.trunk), "call \(call)") {
        try load(file, limits: limits)
      }
    }
    limits.failingAllocation = 1_000_000
    expectSame(try load(file, limits: limits), try Models.small())
  }

  /// Cut between two fields of the outermost message a payload is a message again, cut elsewhere it is none.
  @Test func truncationsOfAPayloadAreRefused() {
    var boundaries: Set<Int> = [0]
    var place = 0
    while place < payload.count {
      var length = 0
      var shift = 0
      repeat {
        place += 1
        length |= Int(payload[place] & 0x7F) << shift
        shift += 7
      } while payload[place] >= 0x80
      place += 1 + length
      boundaries.insert(place)
    }
    #expect(boundaries.count == 4, "before and after a graph and the columns of two inputs")
    for count in 0...payload.count {
      var arena = EspalierArena()
      arena.budget = 1 << 20
      let message = espalier_unpack_trunk(Array(payload[..<count]), count, &arena)
      #expect((message != nil) == boundaries.contains(count), "\(count) bytes")
      espalier_arena_release(&arena)
    }
  }
}
