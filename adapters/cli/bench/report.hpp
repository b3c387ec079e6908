#pragma once
/// The figures of a measurement, for people and for machines.
#include "bench/cost.hpp"
#include "cli/console.hpp"

#include <kontor/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kontor::cli::bench {

class Report {
public:
    Report(std::string_view workload, std::string heading) : workload_{workload}, heading_{std::move(heading)} {}

    /// A figure; `name` is that of the JSON.
    void add(std::string_view name, std::string_view words, double value, int places, std::string_view unit = {});
    /// Of the JSON only.
    void add(std::string_view name, double value, int places);
    /// What is not known, and why; of the JSON it is absent.
    void add_unknown(std::string_view words, std::string_view why);
    /// `whose` processor time it is, in words.
    void add(const kontor::bench::Cost&, double seconds, std::string_view whose = "this process");
    /// Several that are alike, numbered from 1: a line for each, and a list of the JSON.
    void add(std::string_view name, std::string_view words, const std::vector<Report>&);
    void write(const Output&, bool as_json) const;

private:
    struct Line {
        std::string words;
        std::string value;
        std::string unit;
    };
    std::string_view workload_;
    std::string heading_;
    Variables json_{};
    std::vector<Line> lines_{};
};

}  // namespace kontor::cli::bench
