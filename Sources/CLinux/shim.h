// What the Glibc module leaves out: epoll, eventfd, and two functions that glibc shows only to those who ask for all of them.
#ifndef NOVA_CLINUX_H
#define NOVA_CLINUX_H
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

extern int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);
extern int pthread_setname_np(pthread_t thread, const char *name);
#endif
