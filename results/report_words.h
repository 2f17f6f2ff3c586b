// Numbers and untrusted text as a report prints them. Internal to results. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "results/report.h"

namespace evalrun {

// With an ANSI code such as "1;31", where the style has colours; a newline at the end stays last.
std::string colored(std::string text, const char* code, const ReportStyle& style);
std::string heading(const std::string& text, const ReportStyle& style);  // after an empty line

std::string shown(std::string_view text);         // untrusted text on one line, short and safe
std::string percent(double fraction);             // "12.0"
std::string points(double fraction);              // "+12.0"; never "-0.0"
std::string interval(const Interval& ci);         // "[4.6, 69.9]", percent
std::string paired_interval(const Interval& ci);  // "[-4.6, +69.9]", points
std::string p_words(double p);                    // "0.123", "< 0.001"
std::string amount(double value);                 // "12.3", "123"
std::string milliseconds(double value);           // "0.12", "12.3", "123"
std::string dollars(double value);                // "$12.30", "$0.0123", "$0.000123"
std::string plural(std::int64_t n, std::string_view noun);  // "1 sample", "2 samples"
std::string answer_name(const Disagreement& d);             // "crux-o/sample_1/epoch=0/baseline"

}  // namespace evalrun
