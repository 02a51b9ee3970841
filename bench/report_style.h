// SPDX-License-Identifier: BSD-3-Clause
// report_style -- how report.html looks: one style sheet, its lines, NULL at the end.
#pragma once

extern const char *const gr_report_style[];
