// SPDX-License-Identifier: BSD-3-Clause
#include "bench/report.h"
#include "bench/report_file.h"
#include "bench/report_parts.h"

static gr_status write_page(const gr_report *report, const gr_page_type *type)
{
    gr_file file;
    GR_TRY(gr_file_open(&file, report->dir, type->file));
    gr_page page = {.type = type, .out = file.stream, .dir = report->dir};
    gr_report_page(&page, report);
    return gr_file_close(&file, page.status);
}

static gr_status write_csv(const gr_report *report)
{
    gr_file file;
    GR_TRY(gr_file_open(&file, report->dir, "points.csv"));
    gr_report_csv(file.stream, &report->run);
    return gr_file_close(&file, GR_OK);
}

static gr_status write_files(gr_report *report)
{
    GR_TRY(gr_folder_make(report->dir, ""));
    GR_TRY(write_csv(report));
    GR_TRY(gr_plots_make(&report->plots, &report->run, report->dir));
    GR_TRY(write_page(report, &gr_page_markdown));
    return write_page(report, &gr_page_html);
}

gr_status gr_report_write(const json_t *document, const char *dir)
{
    gr_report report = {.dir = dir};
    gr_status status = gr_report_open(&report.run, document);
    if (!status) status = write_files(&report);
    gr_plots_free(&report.plots);
    gr_report_close(&report.run);
    return status;
}
