/// The most that is done for one ONNX document, so that no file can exhaust the machine.
///
/// The first are for reading. Those called folded are for importing: constants are computed while a document becomes a
/// model, and a few bytes can ask for huge ones. Those called checked are for running the model to see whether it does
/// what the document does. What a model itself may hold, `GraphLimits` says.
public struct ONNXLimits: Sendable, Equatable {
  /// Bytes of memory.
  ///
  /// Counts the file, what unpacking it takes, which also stands for the structures that are made of it, the numbers of
  /// all tensors, and what inlining adds. Default: 16 GiB.
  public var memoryBytes = Int(clamping: UInt64(1) << 34)
  /// Nodes of the graph and of all functions; when inlining, nodes of the result and calls that it replaces.
  ///
  /// Default: 1,048,576.
  public var nodes = 1 << 20
  /// Elements of one list of names, values, tensors, functions or versions.
  ///
  /// Default: 1,048,576.
  public var listCount = 1 << 20
  /// Bytes of a name.
  ///
  /// Default: 4096.
  public var nameBytes = 4096
  /// Dimensions of a tensor.
  ///
  /// Default: 64.
  public var rank = 64
  /// Functions that call one another, one inside the other.
  ///
  /// Default: 64.
  public var functionDepth = 64
  /// Nodes that bodies of branches and loops become.
  ///
  /// Default: 65,536.
  public var unrolledNodes = 1 << 16
  /// Bytes of the constants that importing makes, beyond eight times those of the document.
  ///
  /// Default: 2 GiB.
  public var foldedBytes = Int(clamping: UInt64(1) << 31)
  /// Operations that importing spends on constants: elements that are read or made, and multiplications that are added
  /// up.
  ///
  /// Default: 17,179,869,184, some ten seconds of work.
  public var foldedOperations = Int(clamping: UInt64(1) << 34)
  /// Bytes of the tensors of a model that is checked.
  ///
  /// Default: 16 GiB.
  public var checkedBytes = Int(clamping: UInt64(1) << 34)
  /// Operations of one run of a model that is checked.
  ///
  /// Default: 4,398,046,511,104, some ten minutes of work.
  public var checkedOperations = Int(clamping: UInt64(1) << 42)
  /// Bytes of the tensors of a model that is checked with the largest sizes that are tried.
  ///
  /// Default: 1 GiB.
  public var largeBytes = 1 << 30
  /// Operations of one run of a model that is checked with the largest sizes that are tried.
  ///
  /// Default: 4,294,967,296, about a second of work.
  public var largeOperations = Int(clamping: UInt64(1) << 32)
  /// Nodes that are looked at to find sizes that a network takes, beyond 64 times those of the document.
  ///
  /// Default: 1,048,576.
  public var searchedNodes = 1 << 20

  /// The allocation of unpacking that fails, counted from 1; 0 for none.
  ///
  /// Lets tests see what happens when memory runs out.
  @_spi(Testing) public var failingAllocation = 0

  /// The defaults.
  public init() {}
}
