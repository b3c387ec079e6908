#include "runtime/calls/service_answers.hpp"

#include "value/utf8.hpp"

#include <algorithm>

namespace kontor::runtime {
namespace {

using Done = Reply::Target::Done;
using Failed = Reply::Target::Failed;
using Unknown = Reply::Target::Unknown;
using NeverHappened = Reply::Target::NeverHappened;

constexpr std::size_t longest_text = 1'000;

}  // namespace

Duration sensible(Duration length) { return std::clamp<Duration>(length, Duration{}, std::chrono::years{100}); }

std::string harmless(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t length = utf8::character_length(text, 0);
        if (out.size() + length > longest_text) {
            out += "...";
            break;
        }
        const auto first = static_cast<unsigned char>(text.front());
        if (length == 0) out += '?';
        else if (first < 0x20 || first == 0x7F) out += ' ';
        else out += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

namespace {

struct CallAnswer {
    core::ElementKey job;
    std::uint32_t attempt;
    core::Command operator()(Done& r) const { return core::CompleteJob{job, std::move(r.result)}; }
    core::Command operator()(Later& r) const { return core::DeferJob{job, sensible(r.within), attempt}; }
    core::Command operator()(BusinessError& r) const {
        return core::ReturnError{job, harmless(r.code), harmless(r.message), std::move(r.variables), attempt};
    }
    core::Command operator()(Failed& r) const { return fail(r.message, std::nullopt); }
    core::Command operator()(RetryLater& r) const {
        return fail(r.message, r.after > Duration{} ? std::optional{sensible(r.after)} : std::nullopt);
    }
    core::Command operator()(Permanent& r) const { return core::FailJob{job, harmless(r.message), std::nullopt, true, attempt}; }
    core::Command operator()(Unknown& r) const { return core::LoseCall{job, harmless(r.why), false, attempt}; }
    core::Command operator()(NeverHappened&) const { return fail("the service says that the call never happened", std::nullopt); }

    [[nodiscard]] core::Command fail(std::string_view why, std::optional<Duration> after) const {
        return core::FailJob{job, harmless(why), after, false, attempt};
    }
};

struct QueryAnswer {
    core::ElementKey job;
    std::uint32_t attempt;
    core::Command operator()(Done& r) const { return core::AnswerQuery{job, true, std::move(r.result), attempt}; }
    core::Command operator()(NeverHappened&) const { return core::AnswerQuery{job, false, {}, attempt}; }
    /// The call was answered with a BPMN error then: it was carried out, and this is what came of it.
    core::Command operator()(BusinessError& r) const {
        return core::ReturnError{job, harmless(r.code), harmless(r.message), std::move(r.variables), attempt};
    }
    core::Command operator()(const auto&) const { return core::AnswerQuery{job, std::nullopt, {}, attempt}; }
};

}  // namespace

core::Command answer_of_call(ports::CallOutcome outcome, core::ElementKey job, std::uint32_t attempt) {
    return std::visit(CallAnswer{job, attempt}, outcome);
}

core::Command answer_of_query(ports::CallOutcome outcome, core::ElementKey job, std::uint32_t attempt) {
    return std::visit(QueryAnswer{job, attempt}, outcome);
}

}  // namespace kontor::runtime
