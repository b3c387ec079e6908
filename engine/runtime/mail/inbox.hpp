#pragma once
/// What rows of the inbox say, and their bytes. A row may outlive the program that wrote it: forms are only added.
#include "core/command.hpp"

#include <kontor/engine.hpp>

#include <cstdint>
#include <optional>
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
/// Where the answer to a letter goes; no node: nobody waits for one.
struct ReturnAddress {
    std::string node{};
    std::string id{};                 ///< of the letter's row
};
/// A command that came to a node which does not have its bucket.
struct ForwardedCommand {
    ReturnAddress from{};
    InstanceKey instance{};           ///< none: a start
    core::Command command{core::Continue{}};
    std::string request_id{};
    std::string request_hash{};       ///< of what was requested
};
struct ForwardedMessage {
    ReturnAddress from{};
    Message message{};
};
using InboxCommand = std::variant<DeliverMessage, ReturnMessage, StartByMessage, HostStart, HostPublish, HostCompleteTask, HostCompleteJob,
                                  ForwardedCommand, ForwardedMessage>;

/// Any thread.
std::string encode(const InboxCommand&);
/// Throws Error{bad_input} for bytes that are damaged or that a newer version wrote.
InboxCommand decode_inbox(std::string_view bytes);

}  // namespace kontor::runtime
