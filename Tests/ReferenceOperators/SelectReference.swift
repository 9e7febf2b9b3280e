extension Tensor {
  /// The second tensor's number where this one's is not zero, else the third's; operands broadcast.
  package func select(_ first: Tensor, _ second: Tensor) -> Tensor {
    Tensor.broadcast([self, first, second]) { $0[0] != 0 ? $0[1] : $0[2] }
  }
}
