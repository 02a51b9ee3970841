// SPDX-License-Identifier: BSD-3-Clause
// proc -- the small text files in which the kernel says what the machine is: /proc and /sys.
//
// They may be missing, empty or unreadable anywhere (containers, other kernels), so nothing here
// fails: what cannot be read is "" and the caller says "unknown".
#pragma once
#include <stdbool.h>
#include <stddef.h>

// Reads at most size - 1 bytes of a file into text, ends it with '\0' and drops white space at the
// end. Returns the length; 0 and "" if there is nothing to read. size >= 1.
size_t gr_proc_read(const char *path, char *text, size_t size);

// The value behind `key` and a ':' at the start of a line ("MemTotal:  24 kB"), without white space
// around it. Returns false, and "", if no line has it. Cut at size - 1 bytes; size >= 1.
bool gr_proc_field(const char *text, const char *key, char *value, size_t size);
