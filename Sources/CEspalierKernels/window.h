// What a sliding window does to one output pixel, many channels at a time.
//
// Four vectors of channels run through the window side by side, so that one does not wait for
// another; what is left goes through one by one.

enum { SIDE_BY_SIDE = 4 };

INLINE ptrdiff_t tap_offset(const ptrdiff_t *stride, size_t i, size_t j, size_t k) {
  return (ptrdiff_t)i * stride[0] + (ptrdiff_t)j * stride[1] + (ptrdiff_t)k * stride[2];
}

// Runs the body for every tap of the window, in ascending order, with [i][j][k] as its place.
#define FOR_EACH_TAP(window, body)                                                                 \
  for (size_t i = 0; i < (window)->taps[0]; i++)                                                   \
    for (size_t j = 0; j < (window)->taps[1]; j++)                                                 \
      for (size_t k = 0; k < (window)->taps[2]; k++)                                               \
        body

// Runs `step(vectors, lanes, channel, ...)` over all channels: `vectors` full vectors, or one of
// which the first `lanes` exist.
#define FOR_EACH_CHANNEL(step, channels, ...)                                                      \
  size_t channel = 0;                                                                              \
  for (; channels - channel >= SIDE_BY_SIDE * LANES; channel += SIDE_BY_SIDE * LANES)              \
    step(SIDE_BY_SIDE, LANES, channel, __VA_ARGS__);                                               \
  for (; channel < channels; channel += LANES)                                                     \
    step(1, lanes_at(channel, channels), channel, __VA_ARGS__);

INLINE void maximum_pool_step(const size_t vectors, size_t lanes, size_t channel,
                              const float *input, const espalier_window *window, float *output) {
  Vector results[SIDE_BY_SIDE];
  UNROLLED for (size_t v = 0; v < vectors; v++)
    results[v] = splat(-__builtin_inff());
  FOR_EACH_TAP(window, {
    const float *source = input + channel + tap_offset(window->input_stride, i, j, k);
    UNROLLED for (size_t v = 0; v < vectors; v++)
      results[v] = maximum_of(results[v], load_up_to(source + v * LANES, lanes, 0));
  })
  UNROLLED for (size_t v = 0; v < vectors; v++)
    store_up_to(output + channel + v * LANES, results[v], lanes);
}

static void maximum_pool(const float *input, const espalier_window *window, float *output,
                         size_t channels) {
  FOR_EACH_CHANNEL(maximum_pool_step, channels, input, window, output)
}

INLINE void average_pool_step(const size_t vectors, size_t lanes, size_t channel,
                              const float *input, const espalier_window *window, float divisor,
                              float *output) {
  Vector results[SIDE_BY_SIDE];
  UNROLLED for (size_t v = 0; v < vectors; v++)
    results[v] = splat(0);
  FOR_EACH_TAP(window, {
    const float *source = input + channel + tap_offset(window->input_stride, i, j, k);
    UNROLLED for (size_t v = 0; v < vectors; v++)
      results[v] += load_up_to(source + v * LANES, lanes, 0);
  })
  UNROLLED for (size_t v = 0; v < vectors; v++)
    store_up_to(output + channel + v * LANES, results[v] / divisor, lanes);
}

static void average_pool(const float *input, const espalier_window *window, float divisor,
                         float *output, size_t channels) {
  FOR_EACH_CHANNEL(average_pool_step, channels, input, window, divisor, output)
}

INLINE void depthwise_step(const size_t vectors, size_t lanes, size_t channel, const float *input,
                           const espalier_window *window, const float *weights,
                           const ptrdiff_t *weight_stride, const float *bias, float *output) {
  Vector results[SIDE_BY_SIDE];
  UNROLLED for (size_t v = 0; v < vectors; v++)
    results[v] = bias == NULL ? splat(0) : load_up_to(bias + channel + v * LANES, lanes, 0);
  FOR_EACH_TAP(window, {
    const float *source = input + channel + tap_offset(window->input_stride, i, j, k);
    const float *weight = weights + channel + tap_offset(weight_stride, i, j, k);
    UNROLLED for (size_t v = 0; v < vectors; v++)
      results[v] = multiply_add(load_up_to(source + v * LANES, lanes, 0),
                                load_up_to(weight + v * LANES, lanes, 0), results[v]);
  })
  UNROLLED for (size_t v = 0; v < vectors; v++)
    store_up_to(output + channel + v * LANES, results[v], lanes);
}

static void depthwise(const float *input, const espalier_window *window, const float *weights,
                      const ptrdiff_t *weight_stride, const float *bias, float *output,
                      size_t channels) {
  FOR_EACH_CHANNEL(depthwise_step, channels, input, window, weights, weight_stride, bias, output)
}
#undef FOR_EACH_CHANNEL
#undef FOR_EACH_TAP
