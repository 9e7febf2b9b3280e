// The transpose of a matrix, in square blocks that stay in registers.

#if LANES == 16
enum { COLUMN_BITS = 4 };
#define INTERLEAVE_LOW(x, y)                                                                       \
  __builtin_shufflevector(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define INTERLEAVE_HIGH(x, y)                                                                      \
  __builtin_shufflevector(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#elif LANES == 8
enum { COLUMN_BITS = 3 };
#define INTERLEAVE_LOW(x, y) __builtin_shufflevector(x, y, 0, 8, 1, 9, 2, 10, 3, 11)
#define INTERLEAVE_HIGH(x, y) __builtin_shufflevector(x, y, 4, 12, 5, 13, 6, 14, 7, 15)
#else
enum { COLUMN_BITS = 2 };
#define INTERLEAVE_LOW(x, y) __builtin_shufflevector(x, y, 0, 4, 1, 5)
#define INTERLEAVE_HIGH(x, y) __builtin_shufflevector(x, y, 2, 6, 3, 7)
#endif

// Interleaving the upper with the lower half of the rows moves one bit of the row number into the
// column number; as often as there are bits, it moves all of them.
static void transpose_block(const float *input, size_t input_row, float *output,
                            size_t output_row) {
  Vector rows[LANES], next[LANES];
  UNROLLED for (size_t row = 0; row < LANES; row++)
    rows[row] = load(input + row * input_row);
  UNROLLED for (size_t bit = 0; bit < COLUMN_BITS; bit++) {
    UNROLLED for (size_t row = 0; row < LANES / 2; row++) {
      next[2 * row] = INTERLEAVE_LOW(rows[row], rows[row + LANES / 2]);
      next[2 * row + 1] = INTERLEAVE_HIGH(rows[row], rows[row + LANES / 2]);
    }
    UNROLLED for (size_t row = 0; row < LANES; row++)
      rows[row] = next[row];
  }
  UNROLLED for (size_t row = 0; row < LANES; row++)
    store(output + row * output_row, rows[row]);
}
#undef INTERLEAVE_LOW
#undef INTERLEAVE_HIGH

static void transpose(const float *input, float *output, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row += LANES) {
    const size_t row_end = rows - row < LANES ? rows : row + LANES;
    for (size_t column = 0; column < columns; column += LANES) {
      const size_t column_end = columns - column < LANES ? columns : column + LANES;
      if (row_end - row == LANES && column_end - column == LANES) {
        transpose_block(input + row * columns + column, columns, output + column * rows + row, rows);
        continue;
      }
      for (size_t i = row; i < row_end; i++)
        for (size_t j = column; j < column_end; j++)
          output[j * rows + i] = input[i * columns + j];
    }
  }
}
