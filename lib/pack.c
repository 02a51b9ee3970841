// SPDX-License-Identifier: BSD-3-Clause
// Frames, files, memory and descriptors; the values themselves are written and read by
// lib/pack_cbor*.c and lib/pack_text*.c.
#include "lib/pack.h"
#include "lib/pack_part.h"
#include "lib/replace.h"
#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAGIC = 8, HEADER = 24, TRAILER = 8 }; // bytes

static const char magic[] = "\x89GRADUS\n", self_described[] = "\xd9\xd9\xf7",
                  text_start[] = "gradus text ";

typedef struct header {
    char magic[MAGIC];
    unsigned char version;
    char order;
    unsigned char zero[2];
    uint32_t check;
    uint64_t length;
} header;
_Static_assert(sizeof(header) == HEADER, "a header without padding");

const char *gr_protocol_name(gr_protocol protocol)
{
    static const char *const names[GR_PROTOCOLS] = {"framed", "text", "packed"};
    assert((unsigned)protocol < GR_PROTOCOLS);
    return names[protocol];
}

static uint32_t check_of(header h)
{
    h.check = 0;
    return (uint32_t)gr_sum_of(&h, sizeof h);
}

// ---- write ----

// What would be bad data if it were read is a bad argument if the caller wants it written.
static gr_status as_argument(gr_status status) { return status == GR_EDATA ? GR_EARG : status; }

static gr_status write_summed(gr_sink *s, const gr_value *v, size_t length)
{
    header h = {.version = GR_PACK_VERSION, .order = gr_native_order, .length = length};
    memcpy(h.magic, magic, MAGIC);
    h.check = check_of(h);
    GR_TRY(gr_sink_put(s, &h, sizeof h));
    GR_TRY(gr_cbor_write(s, v, 0));
    uint64_t sum = gr_sink_sum(s);
    return gr_sink_put(s, &sum, sizeof sum);
}

static gr_status packed_size(const gr_value *v, size_t *size)
{
    gr_sink counter;
    gr_sink_count(&counter);
    GR_TRY(as_argument(gr_cbor_write(&counter, v, 0)));
    *size = counter.count;
    return GR_OK;
}

static gr_status write_frame(gr_sink *s, const gr_value *v)
{
    size_t length = 0;
    GR_TRY(packed_size(v, &length));
    s->sum = gr_sum_new();
    if (!s->sum) return gr_fail(GR_ENOMEM, "dump: out of memory");
    gr_status status = write_summed(s, v, length);
    gr_sum_free(s->sum);
    s->sum = NULL;
    return status;
}

static gr_status write_text(gr_sink *s, const gr_value *v)
{
    char line[32];
    int n = snprintf(line, sizeof line, "%s%d\n", text_start, GR_PACK_VERSION);
    GR_TRY(gr_sink_put(s, line, (size_t)n));
    return gr_text_write(s, v);
}

static gr_status write_packed(gr_sink *s, const gr_value *v)
{
    GR_TRY(gr_sink_put(s, self_described, strlen(self_described)));
    return gr_cbor_write(s, v, 0);
}

static gr_status write_all(gr_sink *s, const gr_value *v, gr_protocol protocol)
{
    static gr_status (*const writers[GR_PROTOCOLS])(gr_sink *, const gr_value *) = {
        write_frame, write_text, write_packed};
    assert((unsigned)protocol < GR_PROTOCOLS);
    gr_status status = writers[protocol](s, v);
    if (!status) status = gr_sink_flush(s);
    return as_argument(status);
}

gr_status gr_dump_size(const gr_value *v, gr_protocol protocol, size_t *size)
{
    *size = 0;
    if (protocol == GR_PROTOCOL_FRAMED) {
        GR_TRY(packed_size(v, size));
        *size += HEADER + TRAILER;
        return GR_OK;
    }
    gr_sink counter;
    gr_sink_count(&counter);
    GR_TRY(write_all(&counter, v, protocol));
    *size = counter.count;
    return GR_OK;
}

gr_status gr_dump_into(void *memory, size_t room, const gr_value *v, gr_protocol protocol)
{
    gr_sink s;
    gr_sink_memory(&s, memory, room);
    return write_all(&s, v, protocol);
}

gr_status gr_dumps(const gr_value *v, gr_protocol protocol, gr_bytes *bytes)
{
    size_t size;
    *bytes = (gr_bytes){0};
    GR_TRY(gr_dump_size(v, protocol, &size));
    void *block = gr_block_new(size);
    if (!block) return gr_fail(GR_ENOMEM, "dump of %zu bytes: out of memory", size);
    gr_status status = gr_dump_into(block, size, v, protocol);
    if (status)
        free(block);
    else
        *bytes = (gr_bytes){block, size};
    return status;
}

// Writing to a pipe whose reader is gone sends SIGPIPE, which ends a program that does not expect
// it. It is held back in this thread, and taken away, so that only the failed call tells.
gr_status gr_dump_fd(int fd, const gr_value *v, gr_protocol protocol)
{
    gr_sink s;
    sigset_t pipe_signal, before, pending;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    gr_sink_open(&s, fd);
    gr_status status = write_all(&s, v, protocol);
    sigpending(&pending);
    if (!was_pending && sigismember(&pending, SIGPIPE))
        sigtimedwait(&pipe_signal, NULL, &(struct timespec){0});
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}

gr_status gr_pack_fail_in(const char *what, gr_status status)
{
    char why[384];
    snprintf(why, sizeof why, "%s", gr_errmsg());
    return gr_fail(status, "%s: %s", what, why);
}

gr_status gr_dump(const char *path, const gr_value *v, gr_protocol protocol)
{
    gr_replace file;
    GR_TRY(gr_replace_begin(&file, path));
    gr_status status = gr_dump_fd(fileno(file.stream), v, protocol);
    if (status) status = gr_pack_fail_in(path, status);
    gr_status ended = gr_replace_end(&file, !status);
    return status ? status : ended;
}

// ---- read ----

static gr_status newer(int version)
{
    return gr_fail(GR_EUNSUP,
                   "written in version %d of the format: this program reads up to version %d",
                   version, GR_PACK_VERSION);
}

// The header, whose numbers are then in this machine's byte order.
static gr_status take_header(gr_source *s, header *h)
{
    GR_TRY(gr_source_take(s, h, MAGIC + 1));
    if (memcmp(h->magic, magic, MAGIC))
        return gr_fail(GR_EDATA, "the frame's first %d bytes are damaged", MAGIC);
    if (h->version > GR_PACK_VERSION) return newer(h->version);
    GR_TRY(gr_source_take(s, &h->order, HEADER - MAGIC - 1));
    uint32_t check = check_of(*h);
    bool foreign = h->order != gr_native_order;
    if (h->check != (foreign ? __builtin_bswap32(check) : check))
        return gr_fail(GR_EDATA, "the frame's header is damaged");
    if (!h->version || (h->order != 'L' && h->order != 'B') || h->zero[0] || h->zero[1])
        return gr_fail(GR_EDATA, "the frame's header is none of version %d", GR_PACK_VERSION);
    if (foreign) h->length = __builtin_bswap64(h->length);
    return GR_OK;
}

static gr_status read_summed(gr_reader *r, const header *h, gr_value *v)
{
    gr_source *s = r->source;
    uint64_t sum, wanted;
    GR_TRY(gr_cbor_read(r, v, 0));
    if (s->left)
        return gr_fail(GR_EDATA, "%llu bytes too many in the frame", (unsigned long long)s->left);
    sum = gr_source_sum(s);
    s->left = TRAILER;
    GR_TRY(gr_source_take(s, &wanted, sizeof wanted));
    if (h->order != gr_native_order) wanted = __builtin_bswap64(wanted);
    if (sum != wanted) return gr_fail(GR_EDATA, "damaged: the checksum does not hold");
    return GR_OK;
}

// `all`: the bytes that the source has, with the frame's.
static gr_status read_sized(gr_reader *r, uint64_t all, gr_value *v)
{
    gr_source *s = r->source;
    header h;
    GR_TRY(take_header(s, &h));
    if (all < HEADER + TRAILER || h.length > all - HEADER - TRAILER)
        return gr_fail(GR_EDATA, "a frame of %llu bytes, cut off", (unsigned long long)h.length);
    s->left = h.length;
    r->order = h.order;
    gr_status status = read_summed(r, &h, v);
    s->left = all - HEADER - TRAILER - h.length;
    return status;
}

static gr_status read_frame(gr_reader *r, uint64_t all, gr_value *v)
{
    r->source->sum = gr_sum_new();
    if (!r->source->sum) return gr_fail(GR_ENOMEM, "load: out of memory");
    gr_status status = read_sized(r, all, v);
    gr_sum_free(r->source->sum);
    r->source->sum = NULL;
    return status;
}

static gr_status read_text(gr_reader *r, gr_value *v)
{
    char start[sizeof text_start] = "";
    int version = 0, c, digits = 0;
    GR_TRY(gr_source_take(r->source, start, strlen(text_start)));
    if (strcmp(start, text_start)) return gr_fail(GR_EDATA, "no text that was dumped");
    for (;; digits++) {
        unsigned char digit;
        GR_TRY(gr_source_peek(r->source, &c));
        if (c < '0' || c > '9' || digits == 9) break;
        GR_TRY(gr_source_take(r->source, &digit, 1));
        version = 10 * version + digit - '0';
    }
    if (!version || (c != '\n' && c != '\r')) return gr_fail(GR_EDATA, "no version of the text");
    if (version > GR_PACK_VERSION) return newer(version);
    return gr_text_read(r, v);
}

static gr_status read_packed(gr_reader *r, gr_value *v)
{
    char start[sizeof self_described] = "";
    GR_TRY(gr_source_take(r->source, start, strlen(self_described)));
    if (strcmp(start, self_described)) return gr_fail(GR_EDATA, "the first tag is damaged");
    return gr_cbor_read(r, v, 0);
}

// One value in any protocol. Does not read beyond a frame.
static gr_status read_any(gr_reader *r, gr_value *v, bool *framed)
{
    gr_source *s = r->source;
    uint64_t all = s->left;
    int first;
    if (s->left > HEADER) s->left = HEADER;
    GR_TRY(gr_source_peek(s, &first));
    *framed = first == (unsigned char)magic[0];
    if (*framed) return read_frame(r, all, v);
    s->left = all;
    if (first == text_start[0]) return read_text(r, v);
    if (first == (unsigned char)self_described[0]) return read_packed(r, v);
    return first < 0 ? gr_fail(GR_EDATA, "no data")
                     : gr_fail(GR_EDATA, "the byte 0x%02x begins none of the protocols", first);
}

// `whole`: nothing may stand behind the value. What has no frame is always whole.
static gr_status read_all(gr_reader *r, bool whole, gr_value *v)
{
    gr_source *s = r->source;
    bool framed = false;
    int more;
    *v = (gr_value){0};
    gr_status status = read_any(r, v, &framed);
    if (!status && (whole || !framed)) {
        status = gr_source_peek(s, &more);
        if (!status && more >= 0) status = gr_fail(GR_EDATA, "there are bytes after the value");
    }
    if (status) gr_value_free(v);
    if (status != GR_EDATA && status != GR_EUNSUP) return status;
    char place[32];
    snprintf(place, sizeof place, "at byte %llu", (unsigned long long)s->count);
    return gr_pack_fail_in(place, status);
}

gr_status gr_loads(const void *bytes, size_t size, gr_value *v, const gr_func *const *funcs)
{
    gr_source s;
    gr_source_memory(&s, bytes, size);
    return read_all(&(gr_reader){.source = &s, .funcs = funcs}, true, v);
}

static gr_status load_open(int fd, bool whole, gr_value *v, const gr_func *const *funcs)
{
    gr_source s;
    *v = (gr_value){0};
    GR_TRY(gr_source_open(&s, fd));
    return read_all(&(gr_reader){.source = &s, .funcs = funcs}, whole, v);
}

gr_status gr_load_fd(int fd, gr_value *v, const gr_func *const *funcs)
{
    return load_open(fd, false, v, funcs);
}

gr_status gr_load(const char *path, gr_value *v, const gr_func *const *funcs)
{
    *v = (gr_value){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return gr_fail_errno("%s", path);
    gr_status status = load_open(fd, true, v, funcs);
    close(fd);
    return status ? gr_pack_fail_in(path, status) : GR_OK;
}

// ---- into an array that is there ----

// What was loaded may be in its place already; else it is copied there.
static gr_status put_into(const gr_value *v, const gr_array *array)
{
    char want[GR_SHAPE_TEXT], got[GR_SHAPE_TEXT];
    if (v->kind != GR_VALUE_ARRAY)
        return gr_fail(GR_EARG, "%s: expected an array", gr_kind_name(v->kind));
    const gr_array *a = v->array;
    if (a == array) return GR_OK;
    if (gr_pack_alike(array, a->dtype, a->ndim, a->shape)) return gr_array_copy(array, a);
    return gr_fail(GR_EARG, "%s %s: expected %s %s", gr_dtype_name(a->dtype),
                   gr_shape_text(a->ndim, a->shape, got), gr_dtype_name(array->dtype),
                   gr_shape_text(array->ndim, array->shape, want));
}

static gr_status load_into(gr_source *s, bool whole, const gr_array *array)
{
    gr_value v;
    GR_TRY(read_all(&(gr_reader){.source = s, .into = array}, whole, &v));
    gr_status status = put_into(&v, array);
    gr_value_free(&v);
    return status;
}

gr_status gr_loads_into(const void *bytes, size_t size, const gr_array *array)
{
    gr_source s;
    gr_source_memory(&s, bytes, size);
    return load_into(&s, true, array);
}

gr_status gr_load_fd_into(int fd, const gr_array *array)
{
    gr_source s;
    GR_TRY(gr_source_open(&s, fd));
    return load_into(&s, false, array);
}
