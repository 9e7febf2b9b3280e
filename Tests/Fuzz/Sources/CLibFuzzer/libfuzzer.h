// The functions of libFuzzer that are called from Swift; they come with -sanitize=fuzzer.
#include <stddef.h>
#include <stdint.h>

// Changes bytes in place with libFuzzer's own mutations and its dictionary; returns how many there are then.
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t count, size_t capacity);

// Runs the fuzzer with command line arguments.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *bytes, size_t count));
