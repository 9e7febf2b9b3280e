// Uses every function of espalier.h, and every way in which they fail: check MODEL, a model of the digits recipe.
#include <espalier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void expect(int holds, const char *what, int line) {
  if (holds) return;
  fprintf(stderr, "check.c:%d: %s\n", line, what);
  exit(1);
}
#define EXPECT(condition) expect(condition, #condition, __LINE__)
#define EXPECT_CODE(wanted, call) expect((call) == (wanted) && error.code == (int)(wanted), #call, __LINE__)

static espalier_error error = {.struct_size = sizeof error};
static float row[64];

static int read_file(void *context, uint64_t offset, void *buffer, size_t count) {
  FILE *file = context;
  return fseek(file, (long)offset, SEEK_SET) != 0 || fread(buffer, 1, count, file) != count;
}

static int read_nothing(void *context, uint64_t offset, void *buffer, size_t count) {
  (void)context, (void)offset, (void)buffer, (void)count;
  return 1;
}

static void check_opening(const char *path) {
  espalier_model *model;
  EXPECT(espalier_abi() == ESPALIER_ABI);
  EXPECT_CODE(ESPALIER_UNREADABLE, espalier_model_open("nowhere", NULL, &model, &error));
  EXPECT(model == NULL && strlen(error.message) > 0);
  EXPECT_CODE(ESPALIER_BAD_ARGUMENT, espalier_model_open(NULL, NULL, &model, &error));
  EXPECT_CODE(ESPALIER_BAD_ARGUMENT, espalier_model_open(path, NULL, NULL, &error));
  EXPECT(espalier_model_open(NULL, NULL, &model, NULL) == ESPALIER_BAD_ARGUMENT);
  espalier_limits limits = {sizeof limits, 1, 1024};
  int32_t code = espalier_model_open(path, &limits, &model, &error);
  if (code == ESPALIER_OK) code = espalier_model_load(model, NULL, 0, &error);
  EXPECT_CODE(ESPALIER_UNREADABLE, code);
  espalier_model_close(model);
  limits.struct_size = 3;
  EXPECT_CODE(ESPALIER_BAD_ARGUMENT, espalier_model_open(path, &limits, &model, &error));
  EXPECT_CODE(ESPALIER_UNREADABLE, espalier_model_open_memory("no model", 8, NULL, &model, &error));
  espalier_reader reader = {sizeof reader, NULL, 1000, read_nothing};
  EXPECT_CODE(ESPALIER_UNREADABLE, espalier_model_open_reader(&reader, NULL, &model, &error));
  espalier_model_close(NULL);
  // A message that does not fit is cut.
  espalier_error small = {.struct_size = 16};
  EXPECT(espalier_model_open("nowhere", NULL, &model, &small) == ESPALIER_UNREADABLE);
  EXPECT(strlen(small.message) == 7);
}

static void check_heads(espalier_model *model) {
  EXPECT(espalier_model_head_count(model) == 3);
  EXPECT(strcmp(espalier_model_head(model, 0), "digit") == 0);
  EXPECT(espalier_model_head(model, 3) == NULL);
  const char *even = "even", *none = "none";
  double difference;
  EXPECT_CODE(ESPALIER_UNKNOWN_HEAD, espalier_model_self_test(model, &difference, &error));
  EXPECT_CODE(ESPALIER_UNKNOWN_HEAD, espalier_model_load(model, &none, 1, &error));
  EXPECT(espalier_model_load(model, &even, 1, &error) == ESPALIER_OK);
  EXPECT(espalier_model_label_count(model, "even") == 2);
  EXPECT(strcmp(espalier_model_label(model, "even", 1), "even") == 0);
  EXPECT(espalier_model_label(model, "even", 2) == NULL);
  EXPECT(espalier_model_label_count(model, "digit") == 0);
  // Heads that are loaded later stand beside those that were loaded before.
  espalier_session *session;
  const char *both[] = {"even", "digit"};
  EXPECT_CODE(ESPALIER_UNKNOWN_HEAD, espalier_session_create(model, both, 2, NULL, &session, &error));
  EXPECT(espalier_model_load(model, both + 1, 1, &error) == ESPALIER_OK);
  EXPECT(espalier_model_label_count(model, "digit") == 10);
  EXPECT(espalier_session_create(model, both, 2, NULL, &session, &error) == ESPALIER_OK);
  espalier_session_free(session);
  EXPECT(espalier_model_self_test(model, &difference, &error) == ESPALIER_OK);
  EXPECT(difference >= 0 && difference < 1e-6);
}

static void check_session(espalier_model *model, float answers[10]) {
  espalier_session *session;
  const char *digit = "digit";
  espalier_options options = {.struct_size = sizeof options};
  options.part = 7;
  EXPECT_CODE(ESPALIER_BAD_ARGUMENT, espalier_session_create(model, &digit, 1, &options, &session, &error));
  options.part = ESPALIER_WHOLE;
  options.batch = -1;
  EXPECT_CODE(ESPALIER_BAD_SIZE, espalier_session_create(model, &digit, 1, &options, &session, &error));
  options.batch = 1;
  options.memory_bytes = 1;
  EXPECT_CODE(ESPALIER_OUT_OF_MEMORY, espalier_session_create(model, &digit, 1, &options, &session, &error));
  EXPECT(session == NULL);
  EXPECT(espalier_session_create(model, &digit, 1, NULL, &session, &error) == ESPALIER_OK);
  EXPECT(espalier_session_input_count(session) == 1 && espalier_session_output_count(session) == 1);
  EXPECT(espalier_session_memory(session) > 1000);

  espalier_tensor tensor = {.struct_size = sizeof tensor};
  EXPECT(espalier_session_input(session, 0, &tensor, &error) == ESPALIER_OK);
  EXPECT(tensor.element == ESPALIER_FLOAT32 && tensor.head == NULL && tensor.rank == 4);
  EXPECT(strcmp(tensor.name, "image") == 0 && tensor.sizes[1] == 8 && tensor.byte_count == sizeof row);
  EXPECT(espalier_session_output(session, 0, &tensor, &error) == ESPALIER_OK);
  EXPECT(strcmp(tensor.head, "digit") == 0 && tensor.rank == 2 && tensor.sizes[1] == 10);
  EXPECT_CODE(ESPALIER_UNKNOWN_TENSOR, espalier_session_output(session, 1, &tensor, &error));
  tensor.struct_size = 1;
  EXPECT_CODE(ESPALIER_BAD_ARGUMENT, espalier_session_input(session, 0, &tensor, &error));

  EXPECT_CODE(ESPALIER_MISSING_INPUT, espalier_session_run(session, &error));
  EXPECT_CODE(ESPALIER_WRONG_SIZE, espalier_session_set_input(session, 0, row, 4, &error));
  EXPECT_CODE(ESPALIER_UNKNOWN_TENSOR, espalier_session_set_input(session, 1, row, sizeof row, &error));
  EXPECT_CODE(ESPALIER_BAD_ARGUMENT, espalier_session_set_input(session, 0, NULL, sizeof row, &error));
  EXPECT(espalier_session_set_input(session, 0, row, sizeof row, &error) == ESPALIER_OK);
  EXPECT(espalier_session_run(session, &error) == ESPALIER_OK);
  memcpy(answers, espalier_session_output_bytes(session, 0), 40);
  EXPECT(espalier_session_output_bytes(session, 1) == NULL);

  // The same in memory of the caller.
  float found[10] = {0};
  EXPECT_CODE(ESPALIER_WRONG_SIZE, espalier_session_bind_input(session, 0, (char *)row + 1, sizeof row, &error));
  EXPECT(espalier_session_bind_input(session, 0, row, sizeof row, &error) == ESPALIER_OK);
  EXPECT(espalier_session_bind_output(session, 0, found, sizeof found, &error) == ESPALIER_OK);
  EXPECT(espalier_session_run(session, &error) == ESPALIER_OK);
  EXPECT(memcmp(found, answers, sizeof found) == 0);
  espalier_session_free(session);
  espalier_session_free(NULL);
}

// The trunk on one row, and a head twice over its features.
static void check_parts(espalier_model *model, const float answers[10]) {
  espalier_session *trunk, *heads;
  const char *digit = "digit";
  espalier_options options = {.struct_size = sizeof options};
  options.part = ESPALIER_TRUNK;
  EXPECT(espalier_session_create(model, &digit, 1, &options, &trunk, &error) == ESPALIER_OK);
  options.part = ESPALIER_HEADS;
  options.batch = 2;
  EXPECT(espalier_session_create(model, &digit, 1, &options, &heads, &error) == ESPALIER_OK);
  EXPECT(espalier_session_set_input(trunk, 0, row, sizeof row, &error) == ESPALIER_OK);
  EXPECT(espalier_session_run(trunk, &error) == ESPALIER_OK);

  espalier_tensor feature = {.struct_size = sizeof feature};
  EXPECT(espalier_session_output(trunk, 0, &feature, &error) == ESPALIER_OK);
  EXPECT(strcmp(feature.head, "trunk") == 0);
  char *twice = malloc(2 * feature.byte_count);
  memcpy(twice, espalier_session_output_bytes(trunk, 0), feature.byte_count);
  memcpy(twice + feature.byte_count, twice, feature.byte_count);
  EXPECT(espalier_session_bind_input(heads, 0, twice, 2 * feature.byte_count, &error) == ESPALIER_OK);
  EXPECT(espalier_session_run(heads, &error) == ESPALIER_OK);
  const float *found = espalier_session_output_bytes(heads, 0);
  EXPECT(memcmp(found, answers, 40) == 0 && memcmp(found + 10, answers, 40) == 0);
  free(twice);
  espalier_session_free(trunk);
  espalier_session_free(heads);
}

int main(int count, char **words) {
  EXPECT(count == 2);
  for (int index = 0; index < 64; index++) row[index] = (float)(index * 7 % 17);
  check_opening(words[1]);

  // From a path, from memory and through a callback: the same answers.
  FILE *file = fopen(words[1], "rb");
  EXPECT(file != NULL && fseek(file, 0, SEEK_END) == 0);
  size_t size = (size_t)ftell(file);
  char *bytes = malloc(size);
  EXPECT(read_file(file, 0, bytes, size) == 0);
  espalier_reader reader = {sizeof reader, file, size, read_file};
  float answers[3][10];
  espalier_model *model;
  for (int way = 0; way < 3; way++) {
    int32_t code = way == 0   ? espalier_model_open(words[1], NULL, &model, &error)
                   : way == 1 ? espalier_model_open_memory(bytes, size, NULL, &model, &error)
                              : espalier_model_open_reader(&reader, NULL, &model, &error);
    EXPECT(code == ESPALIER_OK);
    check_heads(model);
    check_session(model, answers[way]);
    check_parts(model, answers[way]);
    espalier_model_close(model);
  }
  EXPECT(memcmp(answers[0], answers[1], 40) == 0 && memcmp(answers[0], answers[2], 40) == 0);
  free(bytes);
  fclose(file);
  printf("every function of espalier.h, and every code that a caller can cause\n");
  return 0;
}
