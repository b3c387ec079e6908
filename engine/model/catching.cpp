#include "model/catching.hpp"

namespace kontor::model {

const CatchDefinition* catch_definition(const Kind& kind) noexcept {
    if (const auto* event = std::get_if<StartEvent>(&kind)) return &event->definition;
    if (const auto* event = std::get_if<IntermediateCatchEvent>(&kind)) return &event->definition;
    if (const auto* event = std::get_if<BoundaryEvent>(&kind)) return &event->definition;
    return nullptr;
}

bool catches_error(const Kind& kind) noexcept {
    const CatchDefinition* definition = catch_definition(kind);
    return definition && std::holds_alternative<ErrorEvent>(*definition);
}

}  // namespace kontor::model
