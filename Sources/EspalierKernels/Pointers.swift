// The addresses of spans for the C kernels, which do not know spans. The address of an empty span is
// nil, which is how the kernels know that there is no bias.

/// Calls `body` with the addresses of an input and an output.
@inline(__always)
func withPointers<Input: BitwiseCopyable, Output: BitwiseCopyable>(
  _ input: Span<Input>, _ output: inout MutableSpan<Output>,
  _ body: (UnsafePointer<Input>?, UnsafeMutablePointer<Output>?) -> Void
) {
  output.withUnsafeMutableBufferPointer { output in
    input.withUnsafeBufferPointer { input in
      body(input.isEmpty ? nil : input.baseAddress, output.baseAddress)
    }
  }
}

/// Calls `body` with the addresses of two inputs and an output.
@inline(__always)
func withPointers<First: BitwiseCopyable, Second: BitwiseCopyable, Output: BitwiseCopyable>(
  _ first: Span<First>, _ second: Span<Second>, _ output: inout MutableSpan<Output>,
  _ body: (UnsafePointer<First>?, UnsafePointer<Second>?, UnsafeMutablePointer<Output>?) -> Void
) {
  withPointers(first, &output) { first, output in
    second.withUnsafeBufferPointer { second in
      body(first, second.isEmpty ? nil : second.baseAddress, output)
    }
  }
}

/// Calls `body` with the addresses of three inputs and an output.
@inline(__always)
func withPointers<
  First: BitwiseCopyable, Second: BitwiseCopyable, Third: BitwiseCopyable, Output: BitwiseCopyable
>(
  _ first: Span<First>, _ second: Span<Second>, _ third: Span<Third>,
  _ output: inout MutableSpan<Output>,
  _ body: (
    UnsafePointer<First>?, UnsafePointer<Second>?, UnsafePointer<Third>?,
    UnsafeMutablePointer<Output>?
  ) -> Void
) {
  withPointers(first, second, &output) { first, second, output in
    third.withUnsafeBufferPointer { third in
      body(first, second, third.isEmpty ? nil : third.baseAddress, output)
    }
  }
}
