#pragma once
/// One request on its way through a route. Private to this folder.
#include "value/json.hpp"
#include "web/message.hpp"

#include <kontor/engine.hpp>

#include <functional>
#include <string>
#include <vector>

namespace kontor::rest {

struct Call {
    Engine& engine;
    const web::Request& request;
    std::vector<std::string> parameters;      ///< what stood at the `{...}` of the path

    /// The body, which must be a JSON object; without a body an empty one. Throws Error{bad_input}.
    [[nodiscard]] Variables body() const;
    /// Who asks, by the header Kontor-Actor; without one, nobody. Throws Error{bad_input} if it names nobody.
    [[nodiscard]] Actor actor() const;
    template <class K>
    [[nodiscard]] K key() const {
        return K::parse(parameters.at(0));
    }
};

using Answer = std::function<void(web::Response)>;

/// 200 with a JSON body.
web::Response json_response(const Value&, int status = 200);
web::Response no_content();
/// RFC 9457. `problems` of a definition go with it.
web::Response problem(const Error&, std::string_view path);
web::Response problem(int status, std::string_view title, std::string_view detail, std::string_view path);

/// `2026-03-01T09:30:00.000Z`
Value time_value(Instant);

/// Of a search: `{"filter": {...}, "page": {"limit": 100, "after": "..."}}`.
struct Search {
    Variables filter{};
    int limit = 100;
    std::optional<Cursor> after{};
    /// Throws Error{bad_input} for a filter that `known` does not name: one that is ignored would give too much.
    Search(const Call&, std::initializer_list<std::string_view> known);
};
template <class T, class ToValue>
web::Response page_response(const Page<T>& page, ToValue to_value) {
    std::vector<Value> items;
    for (const auto& item : page.items) items.push_back(to_value(item));
    Variables about{{"hasMoreTotalItems", page.next.has_value()}};
    if (page.next) about.set("endCursor", page.next->text);
    return json_response(Variables{{"items", std::move(items)}, {"page", about}});
}

// ---- the resources, one file each -------------------------------------------------------------------------------------------

web::Response deploy(const Call&);

void start_instance(const Call&, Answer);
web::Response search_instances(const Call&);
web::Response show_instance(const Call&);
web::Response show_history(const Call&);
web::Response show_variables(const Call&);
void cancel_instance(const Call&, Answer);
web::Response suspend_instance(const Call&);
web::Response resume_instance(const Call&);

web::Response search_variables(const Call&);

web::Response search_tasks(const Call&);
web::Response task_variables(const Call&);
void complete_task(const Call&, Answer);
web::Response assign_task(const Call&);
web::Response unassign_task(const Call&);

void publish_message(const Call&, Answer);

web::Response search_incidents(const Call&);
web::Response resolve_incidents(const Call&);
void resolve_incident(const Call&, Answer);

void complete_job(const Call&, Answer);
web::Response fail_job(const Call&);

web::Response show_status(const Call&);
web::Response show_topology(const Call&);

}  // namespace kontor::rest
