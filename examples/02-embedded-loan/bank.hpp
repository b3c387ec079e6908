#pragma once
/// The bank's own side: what each service of the home loan does.
#include <kontor/options.hpp>

#include <mutex>
#include <string>
#include <vector>

/// Keeps a list of what was done to it. Any thread: handlers run on several.
class Bank {
public:
    /// The bindings borrow the bank: it must outlive the engine.
    [[nodiscard]] std::vector<kontor::Binding> services();
    /// What was done since the last call, one line each, sorted.
    [[nodiscard]] std::vector<std::string> diary();

private:
    kontor::Answer reserve_funds(const kontor::ServiceCall&);
    kontor::Answer make_schedule(const kontor::ServiceCall&);
    void note(std::string);

    std::mutex mutex_;
    std::vector<std::string> diary_;
};
