#pragma once
/// Somebody who opens a store that is not ready yet, and has patience.
#include "store/postgresql/open_postgresql.hpp"

#include <kontor/error.hpp>

#include <string>
#include <thread>

namespace kontor::test {

class PatientOpening {
public:
    explicit PatientOpening(std::string url) : thread_{[this, url = std::move(url)] {
          try {
              result_ = store::open_postgresql(url, {.patience = std::chrono::seconds{60}})->info().id;
          } catch (const Error& error) {
              result_ = error.what();
          }
      }} {}
    /// The store's id, or why it could not be opened. Waits.
    const std::string& result() {
        if (thread_.joinable()) thread_.join();
        return result_;
    }

private:
    std::string result_;
    std::jthread thread_;
};

}  // namespace kontor::test
