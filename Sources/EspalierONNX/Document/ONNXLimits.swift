/// The most that is done for one ONNX document, so that no file can exhaust the machine.
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

  /// The allocation of unpacking that fails, counted from 1; 0 for none.
  ///
  /// Lets tests see what happens when memory runs out.
  @_spi(Testing) public var failingAllocation = 0

  /// The defaults.
  public init() {}
}
