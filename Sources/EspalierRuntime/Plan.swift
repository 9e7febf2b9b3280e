public import EspalierGraph

/// What has to be computed, in which order and where, so that chosen heads get their outputs.
///
/// A plan is made for a set of heads and a batch. Nodes that no chosen head needs are left out, in the trunk too.
public struct Plan: Sendable {
  /// The sizes that the model's symbols are bound to.
  public let sizes: SymbolSizes
  /// The chosen heads, each once, in the order they were asked for.
  public let heads: [Name]
  /// The model's inputs that the chosen heads need.
  public let inputs: [PlannedInput]
  /// The outputs of the chosen heads, head by head in the order they were asked for.
  public let outputs: [PlannedOutput]
  /// The bytes of memory that a session takes: all tensors but the parameters that live at once, and scratch memory.
  public let arenaByteCount: Int
  /// The operations that one run takes, about: multiplications followed by an addition, and elements that are read or
  /// made; `Int.max` where they cannot be counted.
  public let operationCount: Int
  /// The bytes of parameters in another form than the model's, which sessions share.
  public let preparedByteCount: Int
  /// Whether trunk and heads are computed, or one of them.
  public let part: Part
  /// What the plan is for.
  package let purpose: Purpose

  /// Finds inputs and outputs by their names.
  let names: PlanNames
  /// Where tensors live; steps name them by position.
  package let slots: [Slot]
  /// The computations in order.
  package let steps: [Step]
  /// Where scratch memory begins in the arena.
  package let scratchByteOffset: Int
  /// The 4-byte elements of scratch memory.
  package let scratchCount: Int
}

extension Plan {
  /// Which part of a model is computed.
  public enum Part: Sendable {
    /// Trunk and heads.
    case whole
    /// The trunk: its outputs are the features that the chosen heads need, under the name `trunk`.
    case trunk
    /// The heads: their inputs are features, so that they run over features that were kept, in a batch of their own.
    case heads
  }

  /// What a plan is for.
  package enum Purpose: Sendable {
    /// Answers, as fast and in as little memory as passes make it.
    case inference
    /// Answers to compare others with: the model's nodes as they are, each tensor in memory of its own.
    case reference
    /// Gradients: the model's nodes as they are, whose tensors all stay until the end.
    case training
  }

  /// For each step the slots that steps write and that neither later steps nor outputs read.
  var releasedSlots: [[Int]] {
    var isNeeded = slots.map { _ in false }
    for input in inputs { isNeeded[input.slot] = true }
    for output in outputs { isNeeded[output.slot] = true }
    var released: [[Int]] = steps.map { _ in [] }
    for (index, step) in steps.enumerated().reversed() {
      for slot in step.inputs + [step.output] where !isNeeded[slot] {
        isNeeded[slot] = true
        if slots[slot].isWritten { released[index].append(slot) }
      }
    }
    return released
  }
}

/// An input as a plan sees it.
public struct PlannedInput: Sendable {
  /// The input's name.
  public let name: Name
  /// The element type.
  public let element: ElementType
  /// The sizes, batch included.
  public let shape: Shape
  package let slot: Int
}

/// An output as a plan sees it.
public struct PlannedOutput: Sendable {
  /// The head that it belongs to, or `trunk`.
  public let head: Name
  /// The output's name.
  public let name: Name
  /// The element type.
  public let element: ElementType
  /// The sizes, batch included.
  public let shape: Shape
  package let slot: Int
}

/// A piece of memory that a tensor occupies for a while.
package struct Slot: Sendable {
  /// Where it is.
  package enum Place: Sendable, Equatable {
    /// At a byte offset of the arena.
    case arena(Int)
    /// At a byte offset of the arena, inside the memory of another slot.
    case part(of: Int, Int)
    /// In a parameter: of the trunk for graph 0, of the model's n-th head for graph n + 1.
    case parameter(graph: Int, index: Int)
    /// In a parameter that is stored in fewer bytes, widened.
    case widened(graph: Int, index: Int)
  }

  /// Where it is.
  package var place: Place
  /// What it holds.
  package let element: ElementType
  /// The number of elements.
  package let count: Int

  /// Whether steps write it, or callers: it is no parameter.
  package var isWritten: Bool {
    switch place {
    case .arena, .part: true
    case .parameter, .widened: false
    }
  }

  /// The bytes of the elements; `Int.max` when that does not fit.
  package var byteCount: Int {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: element.byteCount)
    return overflow ? Int.max : bytes
  }
}

/// One node, prepared.
package struct Step: Sendable {
  /// The slots it reads.
  package let inputs: [Int]
  /// The slot it writes.
  package let output: Int
  /// What it computes.
  package let call: KernelCall
  /// Functions of each element of the output that follow, in order.
  package let epilogue: [UnaryCall]
  /// The node that it computes.
  package let node: Name
}
