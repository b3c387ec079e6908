#pragma once
/// The system's clock, which may jump.
#include <kontor/options.hpp>

#include <boost/asio/io_context.hpp>

namespace kontor::runtime {

class SystemClock final : public Clock {
public:
    /// Alarms ring on a thread that runs `context`.
    explicit SystemClock(boost::asio::io_context& context) : context_{context} {}

    [[nodiscard]] Instant now() const override;
    [[nodiscard]] std::shared_ptr<void> alarm(Instant when, std::function<void()> then) override;

private:
    boost::asio::io_context& context_;
};

}  // namespace kontor::runtime
