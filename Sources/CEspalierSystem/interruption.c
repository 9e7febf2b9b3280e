#define _XOPEN_SOURCE 700

#include "espalier-system.h"

#include <stdlib.h>

#if defined(__unix__) || defined(__APPLE__)

#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static char doomed[PATH_MAX];
static volatile sig_atomic_t is_doomed;

static void remove_and_end(int number) {
  if (is_doomed) unlink(doomed);
  // Delivered when the handler returns, and ends the process as it would have ended.
  signal(number, SIG_DFL);
  raise(number);
}

void espalier_remove_when_interrupted(const char *path) {
  is_doomed = 0;
  if (path == NULL || strlen(path) >= sizeof doomed) return;
  strcpy(doomed, path);
  is_doomed = 1;
  const int interruptions[] = {SIGINT, SIGTERM, SIGHUP};
  for (size_t i = 0; i < sizeof interruptions / sizeof *interruptions; i++) {
    struct sigaction action;
    if (sigaction(interruptions[i], NULL, &action) != 0 || action.sa_handler != SIG_DFL) continue;
    action.sa_handler = remove_and_end;
    sigaction(interruptions[i], &action, NULL);
  }
}

void espalier_end_by_signal(int number) {
  signal(number, SIG_DFL);
  raise(number);
  _exit(128 + number);  // as shells report it, where the signal is blocked
}

#else

void espalier_end_by_signal(int number) { (void)number, abort(); }

void espalier_remove_when_interrupted(const char *path) { (void)path; }

#endif
