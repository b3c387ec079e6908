#include "feel/run/machine.hpp"

namespace kontor::feel {

const Value* Machine::find(std::string_view name) const {
    for (const Frame* frame = frames; frame; frame = frame->outer) {
        if (frame->context) {
            if (const Value* entry = frame->context->find(name)) return entry;
        } else if (frame->name == name) {
            return frame->value;
        }
    }
    return scope_.find(name);
}

bool Machine::exhaust(std::string_view why) {
    if (!exhausted_) {
        quiet = false;
        // The reason must be seen even after twenty other warnings.
        if (!wants_warnings()) warnings_.pop_back();
        warn(0, "evaluation stopped: " + std::string{why});
    }
    exhausted_ = true;
    steps_ = 0;
    return false;
}

bool Machine::allow_list(std::size_t items) {
    if (items > max_list) return exhaust("a list of more than 1000000 items");
    return spend(items / 16);
}

bool Machine::allow_string(std::size_t bytes) {
    if (bytes > max_string) return exhaust("a string of more than 1 MB");
    return spend(bytes / 64);
}

bool Machine::append(std::vector<Value>& items, Value value) {
    if (items.size() >= max_list) return exhaust("a list of more than 1000000 items");
    if (const auto* text = value.if_string(); text && !spend(text->size() / 64)) return false;
    items.push_back(std::move(value));
    return true;
}

void Machine::warn(std::uint32_t offset, std::string message) {
    if (!wants_warnings()) return;
    Warning warning{offset, std::move(message)};
    for (const auto& earlier : warnings_)
        if (earlier == warning) return;   // the same place in a loop says it once
    warnings_.push_back(std::move(warning));
}

Result Machine::finish(Value value) && {
    if (exhausted_) value = {};
    return {std::move(value), std::move(warnings_), exhausted_, situation_.steps - steps_};
}

}  // namespace kontor::feel
