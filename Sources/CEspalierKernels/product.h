// The product of matrices.
//
// A tile is a few rows by a few vectors of c that stay in registers while the depth runs. Depth is
// cut into blocks whose share of b, one panel of columns, fits the first-level cache; between blocks
// the sums rest in c, which changes no bit of them. A panel is copied next to one another when it
// serves enough rows to pay for it, because rows of b that lie a power of two apart would otherwise
// fight over the same cache lines.
//
// The including file chooses:
//   TILE_SHAPES(SHAPE)  rows and widest vectors of the tiles, as SHAPE(rows, vectors): rows descend
//                       to 1, vectors are powers of two up to 8 and never descend
//   TILE_ROWS           rows of the first of them
//   PANEL_FLOATS        room for one panel of one block of depth
//   PACKING_ROWS        number of rows from which panels are copied

enum { WIDEST_TILE = 8 };

// What is left of a product once a block of depth and a panel of columns are chosen.
typedef struct {
  const float *a, *b, *bias;
  float *c;
  ptrdiff_t a_row, a_column, b_row, c_row;
  size_t depth, vectors;
  // Lanes of the last vector that exist in c.
  size_t lanes;
  bool accumulate;
} Panel;

INLINE Vector start_of_sum(const bool partial, const Panel *panel, const float *c, size_t column) {
  const size_t lanes = panel->lanes;
  Vector start = splat(0);
  if (panel->accumulate)
    start = partial ? load_first(c, lanes, 0) : load(c);
  if (panel->bias == NULL)
    return start;
  const float *bias_start = panel->bias + column;
  const Vector bias = partial ? load_first(bias_start, lanes, 0) : load(bias_start);
  return panel->accumulate ? start + bias : bias;
}

// One vector of b. Without masks a partial panel has been copied and filled up with zeros.
INLINE Vector load_of_b(const bool partial, const Panel *panel, const float *b) {
  return partial && MASKED_LOADS ? load_first(b, panel->lanes, 0) : load(b);
}

// Computes one tile at the given row. The constants fold; the loops over rows and vectors unroll.
INLINE void compute_tile(const size_t rows, const size_t vectors, const bool partial,
                         const Panel *panel, size_t first_row) {
  Vector sums[TILE_ROWS][WIDEST_TILE];
  float *const c = panel->c + (ptrdiff_t)first_row * panel->c_row;
  UNROLLED for (size_t row = 0; row < rows; row++) {
    UNROLLED for (size_t vector = 0; vector < vectors; vector++) {
      const float *start = c + (ptrdiff_t)row * panel->c_row + vector * LANES;
      sums[row][vector] = start_of_sum(partial, panel, start, vector * LANES);
    }
  }

  const ptrdiff_t a_row = panel->a_row, a_column = panel->a_column, b_row = panel->b_row;
  const float *a = panel->a + (ptrdiff_t)first_row * a_row;
  const float *b = panel->b;
  for (size_t k = panel->depth; k != 0; k--) {
    Vector right[WIDEST_TILE];
    UNROLLED for (size_t vector = 0; vector < vectors; vector++)
      right[vector] = load_of_b(partial, panel, b + vector * LANES);
    UNROLLED for (size_t row = 0; row < rows; row++) {
      const Vector left = splat(a[(ptrdiff_t)row * a_row]);
      UNROLLED for (size_t vector = 0; vector < vectors; vector++)
        sums[row][vector] = multiply_add(left, right[vector], sums[row][vector]);
    }
    a += a_column;
    b += b_row;
  }

  UNROLLED for (size_t row = 0; row < rows; row++) {
    UNROLLED for (size_t vector = 0; vector < vectors; vector++) {
      float *end = c + (ptrdiff_t)row * panel->c_row + vector * LANES;
      if (partial)
        store_first(end, sums[row][vector], panel->lanes);
      else
        store(end, sums[row][vector]);
    }
  }
}

// Runs the tile of `rows` rows that is as wide as the panel.
INLINE void compute_rows(const size_t rows, const size_t widest, const Panel *panel,
                         size_t first_row) {
  if (panel->lanes < LANES)
    compute_tile(rows, 1, true, panel, first_row);
  else if (widest >= 8 && panel->vectors == 8)
    compute_tile(rows, 8, false, panel, first_row);
  else if (widest >= 4 && panel->vectors == 4)
    compute_tile(rows, 4, false, panel, first_row);
  else if (widest >= 2 && panel->vectors == 2)
    compute_tile(rows, 2, false, panel, first_row);
  else
    compute_tile(rows, 1, false, panel, first_row);
}

static void compute_panel(const Panel *panel, size_t rows) {
  size_t row = 0;
#define SHAPE(tile_rows, widest)                                                                   \
  for (; rows - row >= tile_rows; row += tile_rows)                                                \
    compute_rows(tile_rows, widest, panel, row);
  TILE_SHAPES(SHAPE)
#undef SHAPE
}

// Widest panel that every tile used for this number of rows can compute.
static size_t widest_panel(size_t rows) {
#define SHAPE(tile_rows, widest)                                                                   \
  if (rows >= tile_rows)                                                                           \
    return widest;
  TILE_SHAPES(SHAPE)
#undef SHAPE
  return 1;
}

// Copies a panel of b next to one another, filling up a partial vector with zeros.
static void pack_panel(const Panel *panel, float *packed) {
  const float *b = panel->b;
  for (size_t k = 0; k < panel->depth; k++, b += panel->b_row) {
    for (size_t vector = 0; vector + 1 < panel->vectors; vector++, packed += LANES)
      store(packed, load(b + vector * LANES));
    store(packed, load_up_to(b + (panel->vectors - 1) * LANES, panel->lanes, 0));
    packed += LANES;
  }
}

// Computes all columns over one block of depth.
static void compute_block(const espalier_product *product, size_t first, size_t depth,
                          float *packed) {
  const bool continues = first > 0;
  Panel panel = {.a = product->a + (ptrdiff_t)first * product->a_column_stride,
                 .a_row = product->a_row_stride,
                 .a_column = product->a_column_stride,
                 .c_row = product->c_row_stride,
                 .depth = depth,
                 .accumulate = product->accumulate || continues};
  size_t widest = widest_panel(product->rows);
  for (size_t column = 0; column < product->columns;) {
    const size_t rest = product->columns - column;
    while (widest > 1 && widest * LANES > rest)
      widest /= 2;
    panel.vectors = widest;
    panel.lanes = rest < LANES ? rest : LANES;
    panel.b = product->b + (ptrdiff_t)first * product->b_row_stride + column;
    panel.b_row = product->b_row_stride;
    panel.c = product->c + column;
    panel.bias = product->bias == NULL || continues ? NULL : product->bias + column;
    if (product->rows >= PACKING_ROWS || (panel.lanes < LANES && !MASKED_LOADS)) {
      pack_panel(&panel, packed);
      panel.b = packed;
      panel.b_row = (ptrdiff_t)(panel.vectors * LANES);
    }
    compute_panel(&panel, product->rows);
    column += panel.vectors * LANES;
  }
}

static void compute_product(const espalier_product *product) {
  _Alignas(64) float packed[PANEL_FLOATS];
  const size_t widest = widest_panel(product->rows);
  const size_t longest = PANEL_FLOATS / (widest * LANES);
  size_t first = 0;
  do {
    const size_t rest = product->depth - first;
    const size_t depth = rest < longest ? rest : longest;
    compute_block(product, first, depth, packed);
    first += depth;
  } while (first < product->depth);
}
