#pragma once
/// Private to this folder: one step of a Boost.MSM machine whose states and events are our own enumerators.
///
/// MSM wants a type for every state and event and numbers the states in the order in which the table mentions them. Here the type is
/// made from the enumerator, so the two are tied together by name, at compile time: an enumerator that the table forgets does not compile.

// MPL's vectors stop at 20 unless asked before any Boost header; the longest table has 37 rows.
#define BOOST_MPL_CFG_NO_PREPROCESSED_HEADERS
#define BOOST_MPL_LIMIT_VECTOR_SIZE 50
#define BOOST_MPL_LIMIT_LIST_SIZE 50
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>

#include "lifecycle/lifecycle.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <utility>

namespace kontor::lifecycle {

template <auto Enumerator>
struct State : boost::msm::front::state<> {};
template <auto Enumerator>
struct Event {};

template <auto From, auto Trigger, auto To>
using Row = boost::msm::front::Row<State<From>, Event<Trigger>, State<To>>;

/// `Table` is an mpl::vector of rows. Needs `constexpr std::string_view name(E)` for both enums, empty past their last enumerator.
template <class Table, class S, class T>
class Machine {
public:
    static std::optional<S> step(S from, T trigger) {
        assert(!name(from).empty() && !name(trigger).empty());
        Backend machine;
        Restore restore{ids[static_cast<std::size_t>(from)]};
        machine.serialize(restore, 0);
        if (!process(machine, trigger, std::make_index_sequence<count<T>()>{})) return std::nullopt;
        const auto reached = std::find(ids.begin(), ids.end(), machine.current_state()[0]);
        return static_cast<S>(reached - ids.begin());
    }

private:
    struct Definition : boost::msm::front::state_machine_def<Definition> {
        using transition_table = Table;
        using initial_state = State<S{}>;
        // Nothing is queued and nothing throws in a machine without actions: saves the queues that MSM would allocate at every step.
        using no_message_queue = int;
        using no_exception_thrown = int;
        template <class Fsm, class Trigger>
        void no_transition(const Trigger&, Fsm&, int) {}  // a refusal is an answer here; MSM's own version asserts
    };
    using Backend = boost::msm::back::state_machine<Definition>;

    /// MSM's way to set the state is to "load an archive"; of all that it loads only the state matters.
    struct Restore {
        int id;
        void operator&(int (&states)[1]) const { states[0] = id; }
        template <class Other>
        void operator&(Other&) const {}
    };

    template <class E>
    static consteval std::size_t count() {
        std::size_t n = 0;
        while (!name(static_cast<E>(n)).empty()) ++n;
        return n;
    }
    template <std::size_t... I>
    static consteval auto ids_of(std::index_sequence<I...>) {
        using namespace boost::msm::back;
        return std::array{static_cast<int>(get_state_id<typename Backend::stt, State<static_cast<S>(I)>>::value)...};
    }
    static constexpr auto ids = ids_of(std::make_index_sequence<count<S>()>{});

    template <std::size_t... I>
    static bool process(Backend& machine, T trigger, std::index_sequence<I...>) {
        auto result = boost::msm::back::HANDLED_FALSE;
        ((static_cast<std::size_t>(trigger) == I && (result = machine.process_event(Event<static_cast<T>(I)>{}), true)) || ...);
        return result == boost::msm::back::HANDLED_TRUE;
    }
};

}  // namespace kontor::lifecycle
