#include "espalier-system.h"

#if defined(__unix__) || defined(__APPLE__)

#include <pthread.h>

typedef struct {
  void (*body)(void *context, unsigned index);
  void *context;
  unsigned index;
} Call;

static void *run(void *argument) {
  const Call *call = argument;
  call->body(call->context, call->index);
  return NULL;
}

enum { most_threads = 64 };

// The calling thread takes the calls for which there is no other.
void espalier_run_concurrently(
    unsigned count, void (*body)(void *context, unsigned index), void *context) {
  Call calls[most_threads];
  pthread_t threads[most_threads];
  unsigned started = 0;
  while (started + 1 < count && started < most_threads) {
    calls[started] = (Call){body, context, started};
    if (pthread_create(&threads[started], NULL, run, &calls[started]) != 0) break;
    started++;
  }
  for (unsigned index = started; index < count; index++) body(context, index);
  for (unsigned index = 0; index < started; index++) pthread_join(threads[index], NULL);
}

#else

void espalier_run_concurrently(
    unsigned count, void (*body)(void *context, unsigned index), void *context) {
  for (unsigned index = 0; index < count; index++) body(context, index);
}

#endif
