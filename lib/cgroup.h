// SPDX-License-Identifier: BSD-3-Clause
// cgroup -- the limits that a container or a batch system puts on this process.
//
// Both generations of Linux control groups, and the hybrid of the two. A limit holds for a group
// and all below it, so the answer is the tightest one from this process's group up to the root.
// "No limit" is INFINITY, so that min() of several limits needs no special case.
//
// Source: the kernel's Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst
#pragma once
#include <stdbool.h>
#include <stddef.h>

// Processor time per wall-clock time that this process may use, in cores: 1.5 is one and a half.
double gr_cgroup_cores(void);

// Bytes of memory that this process's group may use in all, and those it may still take.
double gr_cgroup_memory_limit(void);
double gr_cgroup_memory_left(void);

// The text formats. Text that is none of them is no limit.
double gr_cgroup_parse_cpu_max(const char *text);                    // "200000 100000": 2
double gr_cgroup_parse_quota(const char *quota, const char *period); // "-1", "100000": no limit
double gr_cgroup_parse_bytes(const char *text);                      // "max", or bytes
// The path of this process's group in the text of /proc/self/cgroup: with a version 1 `controller`
// ("cpu"), or with "" for version 2. False if there is none, or it does not fit.
bool gr_cgroup_parse_path(const char *text, const char *controller, char *path, size_t size);
