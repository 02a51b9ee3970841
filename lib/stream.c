// SPDX-License-Identifier: BSD-3-Clause
#define XXH_INLINE_ALL // compiled here, for this processor's vectors
#include "lib/stream.h"
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum {
    COUNTED = -2,
    MEMORY = -1,
    PIECE = 256 * 1024,  // bytes handled at a time: they stay in the second cache until summed
    UNCERTAIN = 1 << 20, // bytes asked for on the word of data that may not come
    LARGE_PAGE = 2 << 20,
};

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

// ---- memory and sums ----

void *gr_block_new(size_t n)
{
    void *block = NULL;
    bool large = n >= 2 * LARGE_PAGE;
    if (posix_memalign(&block, large ? LARGE_PAGE : 64, n ? n : 1)) return NULL;
    if (large) madvise(block, n, MADV_HUGEPAGE); // advice: where it is not taken, nothing is lost
    return block;
}

struct gr_sum {
    XXH3_state_t state;
};

gr_sum *gr_sum_new(void)
{
    gr_sum *sum = gr_block_new(sizeof *sum); // its state is aligned to 64 bytes
    if (sum) XXH3_64bits_reset(&sum->state);
    return sum;
}

void gr_sum_free(gr_sum *sum) { free(sum); }

static void add(gr_sum *sum, const void *bytes, size_t n)
{
    if (sum) XXH3_64bits_update(&sum->state, bytes, n);
}

uint64_t gr_sum_of(const void *bytes, size_t n) { return XXH3_64bits(bytes, n); }

// ---- descriptors ----

// After a call that failed: was it only interrupted or not ready? Then waits until it is worth
// trying again.
static bool may_go_on(int fd, short events)
{
    if (errno == EINTR) return true;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return false;
    struct pollfd p = {.fd = fd, .events = events};
    return poll(&p, 1, -1) >= 0 || errno == EINTR;
}

static gr_status write_all(int fd, const unsigned char *p, size_t n)
{
    while (n) {
        ssize_t wrote = write(fd, p, n);
        if (wrote < 0 && !may_go_on(fd, POLLOUT)) return gr_fail_errno("write");
        if (wrote > 0) p += wrote, n -= (size_t)wrote;
    }
    return GR_OK;
}

// Reads some bytes, at most n; *got is 0 at the end.
static gr_status read_some(int fd, void *to, size_t n, size_t *got)
{
    ssize_t count;
    do count = read(fd, to, n);
    while (count < 0 && may_go_on(fd, POLLIN));
    if (count < 0) return gr_fail_errno("read");
    *got = (size_t)count;
    return GR_OK;
}

// ---- out ----

static void start_sink(gr_sink *s, int fd, void *data, size_t room)
{
    s->fd = fd;
    s->data = data;
    s->room = room;
    s->used = s->summed = 0;
    s->count = 0;
    s->sum = NULL;
}

void gr_sink_count(gr_sink *s) { start_sink(s, COUNTED, NULL, 0); }
void gr_sink_memory(gr_sink *s, void *memory, size_t room) { start_sink(s, MEMORY, memory, room); }
void gr_sink_open(gr_sink *s, int fd) { start_sink(s, fd, s->buffer, sizeof s->buffer); }

static void sum_what_is_used(gr_sink *s)
{
    add(s->sum, s->data + s->summed, s->used - s->summed);
    s->summed = s->used;
}

uint64_t gr_sink_sum(gr_sink *s)
{
    sum_what_is_used(s);
    return XXH3_64bits_digest(&s->sum->state);
}

gr_status gr_sink_flush(gr_sink *s)
{
    if (s->fd < 0) return GR_OK;
    sum_what_is_used(s);
    size_t n = s->used;
    s->used = s->summed = 0;
    return write_all(s->fd, s->data, n);
}

// A block that is larger than the buffer, piece by piece and past the buffer.
static gr_status write_pieces(gr_sink *s, const unsigned char *p, size_t n)
{
    GR_TRY(gr_sink_flush(s));
    for (size_t k; n; p += k, n -= k) {
        k = least(n, PIECE);
        add(s->sum, p, k);
        GR_TRY(write_all(s->fd, p, k));
    }
    return GR_OK;
}

static void copy_pieces(gr_sink *s, const unsigned char *p, size_t n)
{
    for (size_t k; n; p += k, n -= k) {
        k = least(n, PIECE);
        memcpy(s->data + s->used, p, k);
        s->used += k;
        if (s->used - s->summed >= PIECE) sum_what_is_used(s);
    }
}

gr_status gr_sink_put(gr_sink *s, const void *bytes, size_t n)
{
    s->count += n;
    if (s->fd == COUNTED || !n) return GR_OK;
    if (n > s->room - s->used) {
        if (s->fd == MEMORY) return gr_fail(GR_EARG, "%zu bytes of memory are not enough", s->room);
        if (n >= s->room) return write_pieces(s, bytes, n);
        GR_TRY(gr_sink_flush(s));
    }
    copy_pieces(s, bytes, n);
    return GR_OK;
}

// ---- in ----

static void start_source(gr_source *s, int fd, const unsigned char *at, size_t n, uint64_t left)
{
    s->fd = fd;
    s->at = s->summed = at;
    s->end = at + n;
    s->left = left;
    s->certain = true;
    s->count = 0;
    s->sum = NULL;
}

void gr_source_memory(gr_source *s, const void *bytes, size_t n)
{
    start_source(s, MEMORY, bytes, n, n);
}

gr_status gr_source_open(gr_source *s, int fd)
{
    struct stat about;
    start_source(s, fd, s->buffer, 0, UINT64_MAX);
    if (fstat(fd, &about)) return gr_fail_errno("size of the data");
    off_t at = S_ISREG(about.st_mode) ? lseek(fd, 0, SEEK_CUR) : -1;
    s->certain = at >= 0;
    if (s->certain) s->left = at < about.st_size ? (uint64_t)(about.st_size - at) : 0;
    return GR_OK;
}

static void sum_what_is_taken(gr_source *s)
{
    add(s->sum, s->summed, (size_t)(s->at - s->summed));
    s->summed = s->at;
}

uint64_t gr_source_sum(gr_source *s)
{
    sum_what_is_taken(s);
    return XXH3_64bits_digest(&s->sum->state);
}

static gr_status ended(const gr_source *s)
{
    return gr_fail(GR_EDATA, "the data ends after %llu bytes", (unsigned long long)s->count);
}

// At least one byte at hand, unless the data has ended.
static gr_status refill(gr_source *s)
{
    size_t got = 0;
    sum_what_is_taken(s);
    if (s->fd == MEMORY || !s->left) return GR_OK;
    size_t most = s->left < sizeof s->buffer ? (size_t)s->left : sizeof s->buffer;
    GR_TRY(read_some(s->fd, s->buffer, most, &got));
    s->at = s->summed = s->buffer;
    s->end = s->buffer + got;
    return GR_OK;
}

gr_status gr_source_peek(gr_source *s, int *byte)
{
    *byte = -1;
    if (!s->left) return GR_OK;
    if (s->at == s->end) GR_TRY(refill(s));
    if (s->at < s->end) *byte = *s->at;
    return GR_OK;
}

// Up to n bytes of those at hand.
static size_t take_at_hand(gr_source *s, unsigned char *to, size_t n)
{
    size_t taken = least(n, (size_t)(s->end - s->at));
    for (size_t done = 0, k; done < taken; done += k) {
        k = least(taken - done, PIECE);
        memcpy(to + done, s->at, k);
        if (k == PIECE) { // sum the copy: it is in the cache for certain
            sum_what_is_taken(s);
            add(s->sum, to + done, k);
            s->summed += k;
        }
        s->at += k;
    }
    s->left -= taken;
    s->count += taken;
    return taken;
}

// Straight to where the bytes shall lie, when the buffer is empty.
static gr_status read_pieces(gr_source *s, unsigned char *to, size_t n)
{
    sum_what_is_taken(s);
    for (size_t got = 0; n; to += got, n -= got) {
        GR_TRY(read_some(s->fd, to, least(n, PIECE), &got));
        if (!got) return ended(s);
        add(s->sum, to, got);
        s->left -= got;
        s->count += got;
    }
    return GR_OK;
}

gr_status gr_source_take(gr_source *s, void *to, size_t n)
{
    if (n > s->left) {
        s->count += s->left;
        return ended(s);
    }
    size_t done = take_at_hand(s, to, n);
    if (n - done >= sizeof s->buffer && s->fd != MEMORY)
        return read_pieces(s, (unsigned char *)to + done, n - done);
    while (done < n) {
        GR_TRY(refill(s));
        if (s->at == s->end) return ended(s);
        done += take_at_hand(s, (unsigned char *)to + done, n - done);
    }
    return GR_OK;
}

gr_status gr_source_block(gr_source *s, size_t n, void **block)
{
    *block = NULL;
    if (n > s->left || n > PTRDIFF_MAX)
        return gr_fail(GR_EDATA, "%zu bytes announced, and %llu are left", n,
                       (unsigned long long)s->left);
    size_t room = s->certain ? n : least(n, UNCERTAIN), done = 0;
    unsigned char *to = gr_block_new(room + 1);
    gr_status status = GR_OK;
    while (to && !status) {
        status = gr_source_take(s, to + done, room - done);
        done = room;
        if (status || done == n) break;
        room = n - done > done ? 2 * done : n;
        unsigned char *larger = gr_block_new(room + 1);
        if (larger) memcpy(larger, to, done);
        free(to);
        to = larger;
    }
    if (!to) return gr_fail(GR_ENOMEM, "a block of %zu bytes: out of memory", room);
    to[done] = 0;
    if (status) free(to), to = NULL;
    *block = to;
    return status;
}
