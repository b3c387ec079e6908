#pragma once
/// A command on its way through a bucket, and what became of it.
#include "core/command.hpp"
#include "core/decide.hpp"
#include "ports/rows.hpp"
#include "runtime/instance/definitions.hpp"
#include "runtime/mail/inbox.hpp"

#include <kontor/result.hpp>

#include <functional>
#include <optional>
#include <string>
#include <variant>

namespace kontor::runtime {

struct Accepted {
    InstanceKey instance{};
    bool duplicate = false;            ///< a request with this id had been accepted before: this one did nothing
};
using OrderResult = std::variant<Accepted, core::Rejection, Error>;

struct Order {
    InstanceKey instance{};                        ///< none: a start
    VersionRef version{};                          ///< of a start
    core::Command command{core::Continue{}};
    std::function<void()> look{};                  ///< in place of a command: to be done once the instance is in memory
    std::function<void(OrderResult)> done{};       ///< called once what it says is durable, on the bucket's strand
    bool from_outside = false;                     ///< may be refused when the bucket is full
    std::optional<ports::RequestRow> request{};    ///< written with the events; its answer is filled in
    bool request_is_new = false;                   ///< it was looked up
    bool request_was_refused = false;              ///< by the store, once
    std::string inbox_id{};                        ///< of the inbox row that is consumed with it
    bool is_letter = false;                        ///< another node has sent it
    ReturnAddress reply_to{};                      ///< of one that another node has sent: the answer is written with it
    std::optional<Message> message{};              ///< that it delivers: refused, the message goes back to where messages are kept
};

}  // namespace kontor::runtime
