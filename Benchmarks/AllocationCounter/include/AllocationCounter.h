// How often a thread asks for memory: `malloc` goes through here on its way to the C library. For measurements and tests
// only; C, because Swift may not define a function of that name.
#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

/// Counts from zero, on this thread.
void allocation_counter_start(void);

/// How many allocations there were since the start, on this thread.
long allocation_counter_stop(void);
#endif
