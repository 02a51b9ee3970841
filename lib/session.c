// SPDX-License-Identifier: BSD-3-Clause
// Sessions (lib/pack.h): a record in a file.
#include "lib/pack_part.h"

gr_status gr_session_save(const char *path, const gr_field *fields, const void *record)
{
    gr_value v;
    GR_TRY(gr_record_pack(&v, fields, record));
    gr_status status = gr_dump(path, &v, GR_PROTOCOL_FRAMED);
    gr_value_free(&v);
    return status;
}

gr_status gr_session_load(const char *path, const gr_field *fields, void *record)
{
    gr_value v;
    GR_TRY(gr_load(path, &v, NULL));
    gr_status status = gr_record_unpack(&v, fields, record);
    gr_value_free(&v);
    return status ? gr_pack_fail_in(path, status) : GR_OK;
}
