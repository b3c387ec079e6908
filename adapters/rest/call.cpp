#include "rest/call.hpp"

#include "value/actor_text.hpp"
#include "value/temporal_text.hpp"

#include <algorithm>

namespace kontor::rest {

Variables Call::body() const {
    if (request.body.empty()) return {};
    const Value value = json::parse(request.body);
    if (!value.if_context()) throw Error{Code::bad_input, "the body must be a JSON object"};
    return *value.if_context();
}

Actor Call::actor() const {
    const std::string* header = request.header("kontor-actor");
    return header ? parse_actor(*header, "the header Kontor-Actor") : Actor{};
}

web::Response json_response(const Value& value, int status) { return {status, {{"content-type", "application/json"}}, json::write(value)}; }
web::Response no_content() { return {204, {}, {}}; }

namespace {

struct Meaning {
    int status;
    std::string_view title;
};

Meaning meaning_of(Code code) {
    switch (code) {
        case Code::ok: return {200, "OK"};
        case Code::invalid_definition: return {400, "INVALID_DEFINITION"};
        case Code::bad_input: return {400, "INVALID_ARGUMENT"};
        case Code::not_found: return {404, "NOT_FOUND"};
        case Code::conflict: return {409, "CONFLICT"};
        case Code::forbidden: return {403, "FORBIDDEN"};
        case Code::busy: return {503, "RESOURCE_EXHAUSTED"};
        case Code::unavailable:
        case Code::shutting_down: return {503, "UNAVAILABLE"};
        case Code::outcome_unknown: return {504, "OUTCOME_UNKNOWN"};
    }
    return {500, "INTERNAL_ERROR"};
}

Variables value_of(const Problem& p) {
    return {{"file", p.file}, {"line", p.line}, {"column", p.column}, {"severity", p.severity == Severity::error ? "error" : "warning"},
            {"rule", p.rule}, {"message", p.message}, {"hint", p.hint}};
}

web::Response problem_response(int status, Variables content) {
    return {status, {{"content-type", "application/problem+json"}}, json::write(Value{std::move(content)})};
}

}  // namespace

web::Response problem(int status, std::string_view title, std::string_view detail, std::string_view path) {
    return problem_response(status, {{"type", "about:blank"}, {"title", title}, {"status", status}, {"detail", detail}, {"instance", path}});
}

web::Response problem(const Error& error, std::string_view path) {
    const Meaning meaning = meaning_of(error.code());
    Variables content{{"type", "about:blank"}, {"title", meaning.title}, {"status", meaning.status}, {"detail", error.what()}, {"instance", path}};
    if (!error.problems().empty()) {
        std::vector<Value> problems;
        for (const auto& p : error.problems()) problems.emplace_back(value_of(p));
        content.set("problems", std::move(problems));
    }
    web::Response response = problem_response(meaning.status, std::move(content));
    if (error.retryable()) {
        const auto wait = error.retry_after().value_or(std::chrono::seconds{1});
        response.headers.emplace_back("retry-after", std::to_string(std::max<long long>(std::chrono::ceil<std::chrono::seconds>(wait).count(), 1)));
    }
    return response;
}

Value time_value(Instant at) { return kontor::to_string(at); }

Search::Search(const Call& call, std::initializer_list<std::string_view> known) {
    const Variables body = call.body();
    filter = body.get_or<Variables>("filter", {});
    for (const auto& entry : filter)
        if (std::ranges::find(known, entry.name) == known.end()) throw Error{Code::bad_input, "filter." + entry.name + " is not supported here"};
    const auto page = body.get_or<Variables>("page", {});
    limit = page.get_or<int>("limit", limit);
    if (page.contains("after")) after = Cursor{page.get<std::string>("after")};
}

}  // namespace kontor::rest
