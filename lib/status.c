// SPDX-License-Identifier: BSD-3-Clause
#include "lib/status.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#undef gr_fail // the analyzer's
#undef gr_fail_errno

static _Thread_local char message[512];

#define GR_STATUS_TEXT(name, text) text,
static const char *const texts[] = {GR_STATUS_LIST(GR_STATUS_TEXT)};
#undef GR_STATUS_TEXT

const char *gr_status_text(gr_status status)
{
    return (unsigned)status < GR_STATUS_COUNT ? texts[status] : "unknown status";
}

gr_status gr_fail(gr_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return status;
}

gr_status gr_fail_errno(const char *format, ...)
{
    int error = errno;
    va_list args;
    va_start(args, format);
    int used = vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (used >= 0 && (size_t)used < sizeof message)
        snprintf(message + used, sizeof message - (size_t)used, ": %s", strerror(error));
    return GR_ESYS;
}

const char *gr_errmsg(void) { return message; }
