#pragma once
/// What rows of the inbox say, and their bytes. A row may outlive the program that wrote it: forms are only added.
#include <kontor/engine.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace kontor::runtime {

/// Give the message to that wait.
struct DeliverMessage {
    InstanceKey instance{};
    std::uint64_t wait = 0;
    Message message{};
};
/// Nobody took it: find someone else, or keep it.
struct ReturnMessage {
    Message message{};
};
struct StartByMessage {
    std::string version{};
    std::uint32_t start_event = 0;
    Message message{};
};
/// From a transaction of the host's own.
struct HostStart {
    StartRequest request{};
};
struct HostPublish {
    Message message{};
};
struct HostCompleteTask {
    TaskKey task{};
    CompleteTask request{};
};
struct HostCompleteJob {
    JobKey job{};
    Variables result{};
};
using InboxCommand = std::variant<DeliverMessage, ReturnMessage, StartByMessage, HostStart, HostPublish, HostCompleteTask, HostCompleteJob>;

/// Any thread.
std::string encode(const InboxCommand&);
/// Throws Error{bad_input} for bytes that are damaged or that a newer version wrote.
InboxCommand decode_inbox(std::string_view bytes);

}  // namespace kontor::runtime
