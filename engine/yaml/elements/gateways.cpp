/// Gateways: with `branches` they are blocks, without they are plain BPMN.
#include "yaml/elements/table.hpp"
#include "yaml/flow/reading.hpp"

#include <array>

namespace kontor::yaml {

namespace {

constexpr std::array<Key, 1> choice_keys{{{"branches", Shape::branches, "list of branches: the first true one is taken"}}};
constexpr std::array<Key, 2> fork_keys{{{"branches", Shape::branches, "list of branches"},
                                        {"join", Shape::id, "name of the gateway where the branches meet again"}}};
constexpr std::array<Key, 1> event_keys{{{"branches", Shape::event_branches, "list of events: the first to happen is taken",
    required}}};

template <class Gateway>
Ends read(const ElementContext& context) {
    context.element().kind = Gateway{};
    return context.fields["branches"] ? read_branches(context) : context.leave();
}

Ends read_event_based(const ElementContext& context) {
    const Node* branches = context.fields["branches"];
    if (!branches || !branches->is_list()) {   // reported, or soon: as another gateway it raises no second error
        context.element().kind = model::ExclusiveGateway{};
        if (branches) (void)expect_list(context.reading.site, *branches, "branches");
        return context.leave();
    }
    context.element().kind = model::EventBasedGateway{};
    return read_event_branches(context);
}

}  // namespace

extern const ElementSpec exclusive_gateway, parallel_gateway, inclusive_gateway, event_based_gateway;
const ElementSpec exclusive_gateway{"exclusiveGateway", "takes the first branch that is true", ElementSpec::Group::gateway,
    choice_keys, read<model::ExclusiveGateway>};
const ElementSpec parallel_gateway{"parallelGateway", "takes all branches and waits for all", ElementSpec::Group::gateway,
    fork_keys, read<model::ParallelGateway>};
const ElementSpec inclusive_gateway{"inclusiveGateway", "takes every branch that is true and waits for those",
    ElementSpec::Group::gateway, fork_keys,
                                    read<model::InclusiveGateway>};
const ElementSpec event_based_gateway{"eventBasedGateway", "waits for the first of several events", ElementSpec::Group::gateway,
    event_keys, read_event_based};

}  // namespace kontor::yaml
