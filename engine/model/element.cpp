#include "model/element.hpp"

namespace kontor::model {

namespace {

template <class... F>
struct Overload : F... {
    using F::operator()...;
};

/// The content of the alternatives that are scopes, or null.
template <class Content, class K>
Content* content_of(K& kind) noexcept {
    return std::visit(
        [](auto& k) -> Content* {
            if constexpr (std::is_base_of_v<ScopeContent, std::remove_cvref_t<decltype(k)>>) return &k;
            else return nullptr;
        },
        kind);
}

}  // namespace

std::string_view type_name(const Kind& kind) noexcept {
    // One line per kind: a kind that is forgotten does not compile.
    return std::visit(Overload{[](const ProcessElement&) { return std::string_view{"process"}; },
                               [](const SubProcess&) { return std::string_view{"subProcess"}; },
                               [](const EventSubProcess&) { return std::string_view{"eventSubProcess"}; },
                               [](const StartEvent&) { return std::string_view{"startEvent"}; },
                               [](const EndEvent&) { return std::string_view{"endEvent"}; },
                               [](const IntermediateThrowEvent&) { return std::string_view{"intermediateThrowEvent"}; },
                               [](const IntermediateCatchEvent&) { return std::string_view{"intermediateCatchEvent"}; },
                               [](const BoundaryEvent&) { return std::string_view{"boundaryEvent"}; },
                               [](const ServiceTask&) { return std::string_view{"serviceTask"}; },
                               [](const SendTask&) { return std::string_view{"sendTask"}; },
                               [](const ReceiveTask&) { return std::string_view{"receiveTask"}; },
                               [](const UserTask&) { return std::string_view{"userTask"}; },
                               [](const ScriptTask&) { return std::string_view{"scriptTask"}; },
                               [](const BusinessRuleTask&) { return std::string_view{"businessRuleTask"}; },
                               [](const ManualTask&) { return std::string_view{"manualTask"}; },
                               [](const ExclusiveGateway&) { return std::string_view{"exclusiveGateway"}; },
                               [](const ParallelGateway&) { return std::string_view{"parallelGateway"}; },
                               [](const InclusiveGateway&) { return std::string_view{"inclusiveGateway"}; },
                               [](const EventBasedGateway&) { return std::string_view{"eventBasedGateway"}; }},
                      kind);
}

const ScopeContent* scope_content(const Kind& kind) noexcept { return content_of<const ScopeContent>(kind); }
ScopeContent* scope_content(Kind& kind) noexcept { return content_of<ScopeContent>(kind); }

const Call* service_call(const Kind& kind) noexcept {
    if (const auto* task = std::get_if<ServiceTask>(&kind)) return &task->call;
    if (const auto* task = std::get_if<SendTask>(&kind)) return &task->call;
    return nullptr;
}

bool is_activity(const Kind& kind) noexcept {
    return std::visit(Overload{[](const SubProcess&) { return true; }, [](const ServiceTask&) { return true; },
                               [](const SendTask&) { return true; }, [](const ReceiveTask&) { return true; },
                               [](const UserTask&) { return true; }, [](const ScriptTask&) { return true; },
                               [](const BusinessRuleTask&) { return true; }, [](const ManualTask&) { return true; }, [](const ProcessElement&) { return false; },
                               [](const EventSubProcess&) { return false; }, [](const StartEvent&) { return false; },
                               [](const EndEvent&) { return false; }, [](const IntermediateThrowEvent&) { return false; },
                               [](const IntermediateCatchEvent&) { return false; }, [](const BoundaryEvent&) { return false; },
                               [](const ExclusiveGateway&) { return false; }, [](const ParallelGateway&) { return false; },
                               [](const InclusiveGateway&) { return false; }, [](const EventBasedGateway&) { return false; }},
                      kind);
}

}  // namespace kontor::model
