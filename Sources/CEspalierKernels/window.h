// What a sliding window does to one output pixel, many channels at a time.

// Runs the body for every tap, in ascending order, with `offset` floats from the first tap of the
// window and [i][j][k] as the tap's place in it.
#define FOR_EACH_TAP(window, body)                                                                 \
  for (size_t i = 0; i < (window)->taps[0]; i++)                                                   \
    for (size_t j = 0; j < (window)->taps[1]; j++)                                                 \
      for (size_t k = 0; k < (window)->taps[2]; k++) {                                             \
        const ptrdiff_t offset = tap_offset((window)->input_stride, i, j, k);                      \
        body                                                                                       \
      }

INLINE ptrdiff_t tap_offset(const ptrdiff_t *stride, size_t i, size_t j, size_t k) {
  return (ptrdiff_t)i * stride[0] + (ptrdiff_t)j * stride[1] + (ptrdiff_t)k * stride[2];
}

static void maximum_pool(const float *input, const espalier_window *window, float *output,
                         size_t channels) {
  for (size_t channel = 0; channel < channels; channel += LANES) {
    const size_t lanes = lanes_at(channel, channels);
    Vector result = splat(-__builtin_inff());
    FOR_EACH_TAP(window, {
      result = maximum_of(result, load_up_to(input + channel + offset, lanes, 0));
    })
    store_up_to(output + channel, result, lanes);
  }
}

static void average_pool(const float *input, const espalier_window *window, float divisor,
                         float *output, size_t channels) {
  for (size_t channel = 0; channel < channels; channel += LANES) {
    const size_t lanes = lanes_at(channel, channels);
    Vector result = splat(0);
    FOR_EACH_TAP(window, { result += load_up_to(input + channel + offset, lanes, 0); })
    store_up_to(output + channel, result / divisor, lanes);
  }
}

static void depthwise(const float *input, const espalier_window *window, const float *weights,
                      const ptrdiff_t *weight_stride, const float *bias, float *output,
                      size_t channels) {
  for (size_t channel = 0; channel < channels; channel += LANES) {
    const size_t lanes = lanes_at(channel, channels);
    Vector result = bias == NULL ? splat(0) : load_up_to(bias + channel, lanes, 0);
    FOR_EACH_TAP(window, {
      const ptrdiff_t weight = tap_offset(weight_stride, i, j, k);
      result = multiply_add(load_up_to(input + channel + offset, lanes, 0),
                            load_up_to(weights + channel + weight, lanes, 0), result);
    })
    store_up_to(output + channel, result, lanes);
  }
}
#undef FOR_EACH_TAP
