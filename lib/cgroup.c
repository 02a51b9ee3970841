// SPDX-License-Identifier: BSD-3-Clause
#include "lib/cgroup.h"
#include "lib/proc.h"
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 1024, TEXT_SIZE = 128, FILE_SIZE = 8192 };

// A non-negative decimal number at *text, which moves behind it; -1 if there is none.
static double number(const char **text)
{
    while (**text == ' ') ++*text;
    if (!isdigit((unsigned char)**text)) return -1;
    char *end;
    double value = strtod(*text, &end);
    *text = end;
    return value;
}

static bool ends(const char *text) { return text[strspn(text, " \t\n")] == '\0'; }

double gr_cgroup_parse_cpu_max(const char *text)
{
    double quota = number(&text), period = number(&text);
    return quota > 0 && period > 0 && ends(text) ? quota / period : INFINITY;
}

double gr_cgroup_parse_quota(const char *quota, const char *period)
{
    double q = number(&quota), p = number(&period);
    return q > 0 && p > 0 && ends(quota) && ends(period) ? q / p : INFINITY;
}

double gr_cgroup_parse_bytes(const char *text)
{
    const double none = 4611686018427387904.0; // version 1 says "no limit" by a number above 2^62
    double bytes = number(&text);
    return bytes >= 0 && bytes < none && ends(text) ? bytes : INFINITY;
}

// Is `name` one of the comma-separated names in list[0 .. length)?
static bool has_name(const char *list, size_t length, const char *name)
{
    size_t wanted = strlen(name);
    for (size_t i = 0; i <= length;) {
        size_t j = i;
        while (j < length && list[j] != ',') j++;
        if (j - i == wanted && !strncmp(list + i, name, wanted)) return true;
        i = j + 1;
    }
    return false;
}

bool gr_cgroup_parse_path(const char *text, const char *controller, char *path, size_t size)
{
    for (const char *line = text; *line;) { // "4:memory:/a/b" or "0::/a/b"
        const char *end = line + strcspn(line, "\n");
        const char *names = memchr(line, ':', (size_t)(end - line));
        const char *where = names ? memchr(names + 1, ':', (size_t)(end - names - 1)) : NULL;
        if (where && has_name(names + 1, (size_t)(where - names - 1), controller)) {
            size_t length = (size_t)(end - where - 1);
            if (length >= size) return false;
            memcpy(path, where + 1, length);
            path[length] = '\0';
            return true;
        }
        line = *end ? end + 1 : end;
    }
    return false;
}

// What one group's folder says.
typedef double group_reader(const char *folder);

static bool read_in(const char *folder, const char *file, char text[TEXT_SIZE])
{
    char path[2 * PATH_SIZE];
    text[0] = '\0';
    if (snprintf(path, sizeof path, "%s/%s", folder, file) >= (int)sizeof path) return false;
    return gr_proc_read(path, text, TEXT_SIZE) > 0;
}

static double cores_v2(const char *folder)
{
    char text[TEXT_SIZE];
    return read_in(folder, "cpu.max", text) ? gr_cgroup_parse_cpu_max(text) : INFINITY;
}

static double cores_v1(const char *folder)
{
    char quota[TEXT_SIZE], period[TEXT_SIZE];
    if (!read_in(folder, "cpu.cfs_quota_us", quota)) return INFINITY;
    if (!read_in(folder, "cpu.cfs_period_us", period)) return INFINITY;
    return gr_cgroup_parse_quota(quota, period);
}

static double bytes_in(const char *folder, const char *file)
{
    char text[TEXT_SIZE];
    return read_in(folder, file, text) ? gr_cgroup_parse_bytes(text) : INFINITY;
}

static double left_of(double limit, double used)
{
    if (!(limit < INFINITY && used < INFINITY)) return INFINITY;
    return used < limit ? limit - used : 0;
}

static double limit_v2(const char *folder) { return bytes_in(folder, "memory.max"); }
static double limit_v1(const char *folder) { return bytes_in(folder, "memory.limit_in_bytes"); }
static double left_v2(const char *folder)
{
    return left_of(limit_v2(folder), bytes_in(folder, "memory.current"));
}
static double left_v1(const char *folder)
{
    return left_of(limit_v1(folder), bytes_in(folder, "memory.usage_in_bytes"));
}

// The least of `read` over the group at `mount` + path and all above it, up to the mount itself
// (inside a container the path often names nothing, and the mount is the group).
static double tightest(const char *mount, const char *controller, group_reader *read)
{
    char groups[FILE_SIZE], path[PATH_SIZE], folder[2 * PATH_SIZE];
    gr_proc_read("/proc/self/cgroup", groups, sizeof groups);
    if (!gr_cgroup_parse_path(groups, controller, path, sizeof path)) return INFINITY;
    double least = INFINITY;
    for (;;) {
        if (snprintf(folder, sizeof folder, "%s%s", mount, path) < (int)sizeof folder)
            least = fmin(least, read(folder));
        char *slash = strrchr(path, '/');
        if (!slash) return least;
        *slash = '\0';
    }
}

double gr_cgroup_cores(void)
{
    double v2 = fmin(tightest("/sys/fs/cgroup", "", cores_v2),
                     tightest("/sys/fs/cgroup/unified", "", cores_v2));
    double v1 = fmin(tightest("/sys/fs/cgroup/cpu", "cpu", cores_v1),
                     tightest("/sys/fs/cgroup/cpu,cpuacct", "cpu", cores_v1));
    return fmin(v1, v2);
}

static double memory(group_reader *v2, group_reader *v1)
{
    return fmin(
        fmin(tightest("/sys/fs/cgroup", "", v2), tightest("/sys/fs/cgroup/unified", "", v2)),
        tightest("/sys/fs/cgroup/memory", "memory", v1));
}

double gr_cgroup_memory_limit(void) { return memory(limit_v2, limit_v1); }
double gr_cgroup_memory_left(void) { return memory(left_v2, left_v1); }
