#pragma once
/// What an engine tells while it is served.
#include "cli/console.hpp"

#include <kontor/key.hpp>
#include <kontor/options.hpp>

#include <mutex>

namespace kontor::cli {

/// One record a line, from any thread.
class Log {
public:
    explicit Log(const Output& out) : out_{out} {}
    void operator()(LogLevel, std::string_view text, InstanceKey = {});

private:
    const Output& out_;
    std::mutex mutex_;
};

}  // namespace kontor::cli
