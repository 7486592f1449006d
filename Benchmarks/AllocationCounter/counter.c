#include "AllocationCounter.h"
#include <errno.h>
#include <stddef.h>

// The system's allocator under the names by which it can be called from here: these take its place.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static _Thread_local long counted;
static _Thread_local int counting;

void *malloc(size_t size) {
    counted += counting;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    counted += counting;
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
    counted += counting;
    return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    counted += counting;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    counted += counting;
    *block = __libc_memalign(alignment, size);
    return *block ? 0 : ENOMEM;
}

void allocation_counter_start(void) {
    counted = 0;
    counting = 1;
}

long allocation_counter_stop(void) {
    counting = 0;
    return counted;
}
