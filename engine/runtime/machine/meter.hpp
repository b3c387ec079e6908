#pragma once
/// The engine's own numbers, for the host's Metrics. docs/reference/metrics.md lists them.
#include <kontor/options.hpp>

#include <initializer_list>
#include <memory>
#include <string_view>
#include <utility>

namespace kontor::runtime {

/// Any thread. Without a Metrics everything is nothing.
class Meter {
public:
    using Label = std::pair<std::string_view, std::string_view>;

    explicit Meter(std::shared_ptr<Metrics> metrics = {}) : metrics_{std::move(metrics)} {}

    void add(std::string_view name, double delta, std::initializer_list<Label> labels = {}) const noexcept {
        if (metrics_) metrics_->add(name, delta, {labels.begin(), labels.size()});
    }
    void observe(std::string_view name, double value, std::initializer_list<Label> labels = {}) const noexcept {
        if (metrics_) metrics_->observe(name, value, {labels.begin(), labels.size()});
    }

private:
    std::shared_ptr<Metrics> metrics_;
};

inline double seconds(auto duration) noexcept { return std::chrono::duration<double>(duration).count(); }

}  // namespace kontor::runtime
