// SPDX-License-Identifier: BSD-3-Clause
#include "lib/proc.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

size_t gr_proc_read(const char *path, char *text, size_t size)
{
    size_t length = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0) {
        ssize_t got;
        while (length < size - 1 && (got = read(fd, text + length, size - 1 - length)) > 0)
            length += (size_t)got;
        close(fd);
    }
    while (length && is_space(text[length - 1])) length--;
    text[length] = '\0';
    return length;
}

bool gr_proc_field(const char *text, const char *key, char *value, size_t size)
{
    size_t key_length = strlen(key);
    value[0] = '\0';
    for (const char *line = text; *line; line += *line == '\n') {
        size_t length = strcspn(line, "\n");
        if (length > key_length && !strncmp(line, key, key_length)) {
            const char *p = line + key_length, *end = line + length;
            while (p < end && is_space(*p)) p++;
            if (p < end && *p == ':') {
                for (p++; p < end && is_space(*p);) p++;
                while (end > p && is_space(end[-1])) end--;
                size_t kept = (size_t)(end - p) < size - 1 ? (size_t)(end - p) : size - 1;
                memcpy(value, p, kept);
                value[kept] = '\0';
                return true;
            }
        }
        line += length;
    }
    return false;
}
