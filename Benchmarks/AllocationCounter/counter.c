#include "AllocationCounter.h"
#include <stddef.h>

extern void *__libc_malloc(size_t size);

static _Thread_local long counted;
static _Thread_local int counting;

void *malloc(size_t size) {
    counted += counting;
    return __libc_malloc(size);
}

void allocation_counter_start(void) {
    counted = 0;
    counting = 1;
}

long allocation_counter_stop(void) {
    counting = 0;
    return counted;
}
