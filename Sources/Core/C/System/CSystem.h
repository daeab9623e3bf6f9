// What glibc declares only under _GNU_SOURCE, which Swift's Glibc module does not set.
#ifndef LAMCTL_CSYSTEM_H
#define LAMCTL_CSYSTEM_H

#include <spawn.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *memmem(
    const void *bytes, size_t count, const void *words, size_t word_count);
extern int pipe2(int pipe_descriptors[2], int flags);
extern int posix_spawn_file_actions_addchdir_np(
    posix_spawn_file_actions_t *actions, const char *path);
extern int posix_spawn_file_actions_addclosefrom_np(
    posix_spawn_file_actions_t *actions, int from);

// Through syscall(2): glibc has a wrapper only from 2.36 on, the kernel has the call since 5.3.
static inline int csystem_pidfd_open(int pid) {
#ifdef SYS_pidfd_open
  return (int)syscall(SYS_pidfd_open, pid, 0);
#else
  return (int)syscall(434, pid, 0);
#endif
}

#endif
