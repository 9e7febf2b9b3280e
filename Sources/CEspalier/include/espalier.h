// Runs Espalier models from C and C++: a model is opened, some of its heads are loaded, sessions run them.
//
//   espalier_error error = {.struct_size = sizeof error};
//   espalier_model *model;
//   if (espalier_model_open("digits.espalier", NULL, &model, &error) != ESPALIER_OK)
//     return fail(error.message);
//
// Conventions. Functions that can fail return a code, ESPALIER_OK or one of espalier_code, and fill the caller's error,
// which may be NULL. Structures begin with their own size, so that later versions can add fields: set struct_size to
// sizeof before a call. Handles are opaque; what a function has opened or created, its partner closes, in any order:
// a session keeps what it needs of its model. There is no global state. A model may be used by several threads at once,
// except while espalier_model_load runs; a session belongs to one thread at a time. Names and texts are UTF-8, end in a
// zero byte, and live as long as the handle that they came from.
#ifndef ESPALIER_H
#define ESPALIER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The version of this interface. Its number rises when a program that was built with an older header would be wrong.
#define ESPALIER_ABI 1

// The ABI number that the library was built with.
uint32_t espalier_abi(void);

// What a function came to. Numbers never change their meaning.
typedef enum {
  ESPALIER_OK = 0,
  ESPALIER_BAD_ARGUMENT = 1,    // a pointer that may not be NULL, or a struct_size that no version has
  ESPALIER_UNREADABLE = 2,      // the file cannot be read, is damaged, or exceeds the limits
  ESPALIER_UNKNOWN_HEAD = 3,    // there is no head of this name, or it is not loaded
  ESPALIER_UNKNOWN_TENSOR = 4,  // there is no input or output of this name
  ESPALIER_WRONG_SIZE = 5,      // bytes for an input or output are too many, too few, or misaligned
  ESPALIER_WRONG_ELEMENT = 6,   // elements of another type than the input or output has
  ESPALIER_BAD_SIZE = 7,        // the model does not take this batch, or this size of a symbol
  ESPALIER_OUT_OF_MEMORY = 8,   // the tensors take more than the budget
  ESPALIER_MISSING_INPUT = 9,   // an input was never given
  ESPALIER_OUT_OF_RANGE = 10,   // an index names no position of what it points into
  ESPALIER_INTERNAL = 11        // a fault of the library
} espalier_code;

// Why a function failed: the text says what is wrong and is cut to fit.
typedef struct {
  uint32_t struct_size;
  int32_t code;
  char message[504];
} espalier_error;

// The element types of tensors; little-endian, a bool is one byte, 0 or 1.
typedef enum {
  ESPALIER_FLOAT32 = 1,
  ESPALIER_FLOAT16 = 2,
  ESPALIER_BFLOAT16 = 3,
  ESPALIER_INT8 = 4,
  ESPALIER_UINT8 = 5,
  ESPALIER_INT32 = 6,
  ESPALIER_INT64 = 7,
  ESPALIER_BOOL = 8,
  ESPALIER_FLOAT64 = 9
} espalier_element;

// An opened file and the heads that are loaded from it.
typedef struct espalier_model espalier_model;

// What a reader may take; a field of 0 means the default.
typedef struct {
  uint32_t struct_size;
  uint32_t threads;       // that decode weights at once; 1
  uint64_t memory_bytes;  // of parameters and graphs; 32 times the file, 256 MiB at least
} espalier_limits;

// Bytes somewhere: reads count bytes at an offset into a buffer, and returns 0, or anything else when it cannot. It may
// be called from several threads when the limits allow threads.
typedef struct {
  uint32_t struct_size;
  void *context;
  uint64_t byte_count;
  int (*read)(void *context, uint64_t offset, void *buffer, size_t count);
} espalier_reader;

// Opens a file; no head is loaded yet. limits may be NULL.
int32_t espalier_model_open(
    const char *path, const espalier_limits *limits, espalier_model **model, espalier_error *error);

// The same from memory that stays as it is until the model and its sessions are closed. Weights that are stored plainly
// are used where they are when the memory begins on a multiple of 64.
int32_t espalier_model_open_memory(
    const void *bytes, size_t count, const espalier_limits *limits, espalier_model **model,
    espalier_error *error);

// The same through a callback, which is called until the model is closed.
int32_t espalier_model_open_reader(
    const espalier_reader *reader, const espalier_limits *limits, espalier_model **model,
    espalier_error *error);

// Closes a model; NULL is allowed.
void espalier_model_close(espalier_model *model);

// Loads the trunk and the heads of these names, and those that they read; all heads when count is 0. May be called
// again with other heads: those that were loaded before stay.
int32_t espalier_model_load(
    espalier_model *model, const char *const *heads, size_t count, espalier_error *error);

// The heads of the file, loaded or not, in the order of their names. The name is NULL behind the last.
size_t espalier_model_head_count(const espalier_model *model);
const char *espalier_model_head(const espalier_model *model, size_t index);

// The labels of a loaded head, in the order of its outputs; none for a regression. NULL behind the last.
size_t espalier_model_label_count(const espalier_model *model, const char *head);
const char *espalier_model_label(const espalier_model *model, const char *head, size_t index);

// Runs the example that the file has for loaded heads, and says by how much, relative to the largest number, outputs
// differ at most; 0 where there is no example.
int32_t espalier_model_self_test(
    espalier_model *model, double *difference, espalier_error *error);

// Memory in which heads of a model run.
typedef struct espalier_session espalier_session;

// Which part of a model runs.
typedef enum {
  ESPALIER_WHOLE = 0,  // trunk and heads
  ESPALIER_TRUNK = 1,  // the trunk: outputs are features, of a head called trunk
  ESPALIER_HEADS = 2   // the heads: inputs are features
} espalier_part;

// A size of the model that is open.
typedef struct {
  const char *symbol;
  int64_t size;
} espalier_size;

// How a session runs; a field of 0 means the default.
typedef struct {
  uint32_t struct_size;
  int32_t part;               // espalier_part
  int64_t batch;              // rows at once; 1
  const espalier_size *sizes; // of other symbols
  size_t size_count;
  uint64_t memory_bytes;      // the most that tensors may take; 1 GiB
  int32_t clamps_indices;     // take the nearest position instead of refusing an index out of range
} espalier_options;

// A tensor that a session reads or writes.
typedef struct {
  uint32_t struct_size;
  int32_t element;            // espalier_element
  const char *head;           // of an output; NULL for an input
  const char *name;
  size_t byte_count;
  size_t rank;
  int64_t sizes[8];           // outermost first
} espalier_tensor;

// Plans loaded heads, all of them when count is 0, and allocates memory for them. options may be NULL.
int32_t espalier_session_create(
    espalier_model *model, const char *const *heads, size_t count, const espalier_options *options,
    espalier_session **session, espalier_error *error);

// Frees a session; NULL is allowed.
void espalier_session_free(espalier_session *session);

// The bytes of the session's own memory.
size_t espalier_session_memory(const espalier_session *session);

// Inputs and outputs; head by head, in the order of creation.
size_t espalier_session_input_count(const espalier_session *session);
size_t espalier_session_output_count(const espalier_session *session);
int32_t espalier_session_input(
    const espalier_session *session, size_t index, espalier_tensor *tensor, espalier_error *error);
int32_t espalier_session_output(
    const espalier_session *session, size_t index, espalier_tensor *tensor, espalier_error *error);

// Copies an input's elements; they stay until they are given again.
int32_t espalier_session_set_input(
    espalier_session *session, size_t index, const void *bytes, size_t count, espalier_error *error);

// Reads an input, or writes an output, in the caller's memory from now on, without a copy.
int32_t espalier_session_bind_input(
    espalier_session *session, size_t index, const void *bytes, size_t count, espalier_error *error);
int32_t espalier_session_bind_output(
    espalier_session *session, size_t index, void *bytes, size_t count, espalier_error *error);

// Computes the outputs. Allocates nothing.
int32_t espalier_session_run(espalier_session *session, espalier_error *error);

// An output's elements as the last run left them: valid until the next run, or until the session is freed. NULL when
// there is no such output.
const void *espalier_session_output_bytes(const espalier_session *session, size_t index);

#ifdef __cplusplus
}
#endif

#endif
