// Opens a model, runs one head on a row of numbers and prints what it says: run MODEL HEAD NUMBER...
#include <espalier.h>
#include <stdio.h>
#include <stdlib.h>

static int fail(const espalier_error *error) {
  fprintf(stderr, "run: %s\n", error->message);
  return 1;
}

int main(int count, char **words) {
  if (count < 4) return fprintf(stderr, "usage: run MODEL HEAD NUMBER...\n"), 2;
  const char *head = words[2];
  espalier_error error = {.struct_size = sizeof error};
  espalier_model *model = NULL;
  espalier_session *session = NULL;

  if (espalier_model_open(words[1], NULL, &model, &error)) return fail(&error);
  if (espalier_model_load(model, &head, 1, &error)) return fail(&error);
  if (espalier_session_create(model, &head, 1, NULL, &session, &error)) return fail(&error);

  float row[1024];
  size_t numbers = 0;
  for (int word = 3; word < count && numbers < 1024; word++) row[numbers++] = strtof(words[word], NULL);
  if (espalier_session_set_input(session, 0, row, numbers * sizeof *row, &error)) return fail(&error);
  if (espalier_session_run(session, &error)) return fail(&error);

  espalier_tensor output = {.struct_size = sizeof output};
  if (espalier_session_output(session, 0, &output, &error)) return fail(&error);
  const float *answers = espalier_session_output_bytes(session, 0);
  for (size_t index = 0; index < output.byte_count / sizeof *answers; index++)
    printf("%s%.9g", index == 0 ? "" : ",", answers[index]);
  printf("\n");

  espalier_session_free(session);
  espalier_model_close(model);
  return 0;
}
