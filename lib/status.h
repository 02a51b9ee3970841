// SPDX-License-Identifier: BSD-3-Clause
// status -- how a call says that it could not do its job.
//
// Errors (gr_status), outcomes (a solver's reason, a verdict) and bugs (assert) are three things.
// Interface:
//   return gr_fail(GR_EARG, "size %zu: need at least 3", n);   // text written where it is known
//   GR_TRY(call());                                            // pass a failure on to the caller
//   gr_errmsg()                                                // this thread's last failure text
#pragma once

#define GR_STATUS_LIST(X)                                                                          \
    X(GR_OK, "ok")                                                                                 \
    X(GR_EARG, "bad argument")                                                                     \
    X(GR_ENOMEM, "out of memory")                                                                  \
    X(GR_ESYS, "system call failed")                                                               \
    X(GR_EDATA, "bad data")                                                                        \
    X(GR_EUNSUP, "not available here")                                                             \
    X(GR_ETIME, "out of time")                                                                     \
    X(GR_ECANCEL, "cancelled")

#define GR_STATUS_ENUM(name, text) name,
typedef enum gr_status { GR_STATUS_LIST(GR_STATUS_ENUM) GR_STATUS_COUNT } gr_status;
#undef GR_STATUS_ENUM

// The status in words, never NULL.
const char *gr_status_text(gr_status status);

// Stores the message for this thread and returns `status`. At most 511 characters are kept.
gr_status gr_fail(gr_status status, const char *format, ...) __attribute__((format(printf, 2, 3)));

// As gr_fail(GR_ESYS, ...), with ": " and the text of errno behind the message.
gr_status gr_fail_errno(const char *format, ...) __attribute__((format(printf, 1, 2)));

// The analyzer of `make tidy` sees one file at a time; that a failure is never GR_OK it must be
// told.
#ifdef __clang_analyzer__
#define gr_fail(status, ...) ((gr_fail)(status, __VA_ARGS__), (status))
#define gr_fail_errno(...)   ((gr_fail_errno)(__VA_ARGS__), GR_ESYS)
#endif

// The text of this thread's last failure; valid until its next one; "" if there was none.
const char *gr_errmsg(void);

#define GR_TRY(call)                                                                               \
    do {                                                                                           \
        gr_status gr_try_status = (call);                                                          \
        if (gr_try_status) return gr_try_status;                                                   \
    } while (0)
