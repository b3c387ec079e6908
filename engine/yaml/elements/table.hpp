#pragma once
/// The BPMN elements that a list may hold. A new element is one file beside this one and one line in table.cpp.
#include "yaml/flow/graph.hpp"
#include "yaml/parts/key.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::yaml {

struct ElementContext;

struct ElementSpec {
    /// Which keys it shares with others: an activity has input, output, boundary events and a compensation.
    enum class Group : std::uint8_t { event, end, activity, gateway };

    std::string_view word;   ///< the key in YAML, BPMN's name: `serviceTask`
    std::string_view doc;
    Group group = Group::activity;
    Keys keys;               ///< its own
    /// Fills the element's kind, and gives the flows that leave it.
    Ends (*read)(const ElementContext&) = nullptr;
};

std::span<const ElementSpec* const> element_table();
const ElementSpec* find_element(std::string_view word);
/// Words of BPMN that this version does not run yet.
bool is_missing_element(std::string_view word);
/// The tables of keys that all elements of the group share.
std::vector<Keys> shared_keys(ElementSpec::Group);
/// `userTask and receiveTask`: whose own key it is; empty if nobody's.
std::string elements_with_key(std::string_view key);

}  // namespace kontor::yaml
