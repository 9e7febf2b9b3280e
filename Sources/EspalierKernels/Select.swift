/// Computes `output = condition ? first : second` with NumPy's broadcasting; conditions are bytes of which 0 is false.
@_specialize(where Element == UInt8)
@_specialize(where Element == UInt16)
@_specialize(where Element == UInt32)
@_specialize(where Element == UInt64)
package func select<Element: BitwiseCopyable>(
  _ condition: Span<UInt8>, _ first: Span<Element>, _ second: Span<Element>,
  _ walk: BroadcastWalk<3>, output: inout MutableSpan<Element>
) {
  walk.map(condition, first, second, output: &output) { $0 != 0 ? $1 : $2 }
}
