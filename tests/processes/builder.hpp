#pragma once
/// Builds processes for tests in a few lines, without YAML:
///
///     const auto loan = Builder{"loan"}
///                           .path({start("s"), service("check").output("credit", "result"), end("granted")})
///                           .boundary("check", "too-late", timer("PT1H"))
///                           .path({ref("too-late"), end("refused")})
///                           .done();
///
/// A path is a list of elements with a flow from each to the next; `ref` names one that stands already. Expressions are FEEL.
#include "model/process.hpp"

#include <initializer_list>
#include <string>
#include <vector>

namespace kontor::test {

model::Formula feel(std::string_view text);

/// One stop of a path: an element, what it maps, and the condition of the flow that leads to it.
struct Stop {
    std::string id;
    std::optional<model::Kind> kind;              ///< nothing: an element that stands already
    std::vector<std::string> message_names = {};  ///< that the kind speaks of by name
    std::vector<model::Mapping> inputs = {};
    std::vector<model::Mapping> outputs = {};
    std::optional<std::string> condition = {};
    bool is_default = false;
    std::optional<std::string> activity = {};     ///< that a compensation event names
    std::vector<std::string> others = {};         ///< user tasks that another user must have completed

    Stop input(std::string target, std::string_view source) const;
    Stop output(std::string target, std::string_view source) const;
    Stop when(std::string feel) const;
    Stop otherwise() const;
};

/// What an event waits for.
struct Trigger {
    model::CatchDefinition definition;
    std::string message_name = {};
};
Trigger timer(std::string_view when);                       ///< a duration, a date and time, or R3/P1D
Trigger message(std::string name);
Trigger error(std::vector<std::string> codes = {});         ///< nothing: any

struct ServiceOptions {
    model::Contract contract = model::Contract::idempotent;
    model::RetryPolicy retry = {};
    std::string service = {};                               ///< empty: the id
};

Stop ref(std::string id);
Stop start(std::string id);
Stop start(std::string id, Trigger);                        ///< a process that a message starts
Stop end(std::string id);
Stop terminate_end(std::string id);
Stop error_end(std::string id, std::string code);
Stop compensate_end(std::string id, std::optional<std::string> activity = {});
Stop compensate(std::string id, std::optional<std::string> activity = {});
Stop service(std::string id, ServiceOptions = {});
Stop send(std::string id, ServiceOptions = {});
Stop script(std::string id, std::string_view feel);
Stop user(std::string id, model::UserTask = {}, std::vector<std::string> not_same_user_as = {});
Stop receive(std::string id, std::string message);
Stop caught(std::string id, Trigger);
Stop exclusive(std::string id);
Stop parallel(std::string id);
Stop inclusive(std::string id);
Stop event_based(std::string id);
Stop subprocess(std::string id);

class Builder {
public:
    explicit Builder(std::string id = "process");

    Builder& path(std::vector<Stop>);
    /// The paths that follow stand in this subprocess or event subprocess; without a name, in the process again.
    Builder& in(std::string_view scope = {});
    Builder& boundary(std::string_view host, std::string id, Trigger, bool interrupting = true);
    /// Its start event is `ID.start`. Go on with in(ID) and a path from there.
    Builder& event_subprocess(std::string id, Trigger, bool interrupting = true);
    Builder& compensation(std::string_view activity, Stop handler);
    /// A message that is not named here has the process's variable `key` as its correlation key.
    Builder& message_key(std::string name, std::string_view feel);
    /// In the present scope.
    Builder& variable(std::string name, std::string_view type, std::optional<Value> by_default = {}, bool required = false);
    Builder& on_interrupt(std::string_view scope, model::OnInterrupt);

    /// Completed and checked: throws Error{invalid_definition} with all errors.
    [[nodiscard]] model::Definition done();
    /// The same without check(), for processes that are wrong on purpose.
    [[nodiscard]] model::Definition unchecked();

private:
    model::ElementIndex add(const Stop&);
    model::ElementIndex index(std::string_view id) const;
    std::uint32_t message_index(const std::string& name);
    void name_messages(model::Element&, const Stop&);
    void link_names();

    struct Pending {
        model::ElementIndex element;
        std::optional<std::string> activity;
        std::vector<std::string> others;
    };
    model::Process process_;
    model::ElementIndex scope_ = model::root;
    std::vector<Pending> pending_;
};

}  // namespace kontor::test
