// Vectors at the end of an array, of which only the first lanes exist. No other lane is touched in
// memory. An instruction set with masks defines load_first and store_first itself.

#if !MASKED_LOADS
// The first `count` < LANES floats at source; the other lanes hold `rest`.
INLINE Vector load_first(const float *source, size_t count, float rest) {
  Vector result = splat(rest);
  UNROLLED for (size_t lane = 0; lane + 1 < LANES; lane++)
    if (lane < count)
      result[lane] = source[lane];
  return result;
}

// Stores the first `count` < LANES lanes.
INLINE void store_first(float *target, Vector value, size_t count) {
  UNROLLED for (size_t lane = 0; lane + 1 < LANES; lane++)
    if (lane < count)
      target[lane] = value[lane];
}
#endif

// The first `lanes` floats at source, which may be all; the other lanes hold `rest`.
INLINE Vector load_up_to(const float *source, size_t lanes, float rest) {
  return lanes < LANES ? load_first(source, lanes, rest) : load(source);
}

// Stores the first `lanes` lanes, which may be all.
INLINE void store_up_to(float *target, Vector value, size_t lanes) {
  if (lanes < LANES)
    store_first(target, value, lanes);
  else
    store(target, value);
}

// Lanes of the vector at `index` that exist in an array of `count` > index.
INLINE size_t lanes_at(size_t index, size_t count) {
  return count - index < LANES ? count - index : LANES;
}
