#include "feel/builtins/registry.hpp"

namespace kontor::feel {
namespace {

const Variables& context_at(const Call& call, std::size_t index) { return *call[index].if_context(); }

Value get_value(const Call& call) {
    const Value* entry = context_at(call, 0).find(call.string(1));
    return entry ? *entry : call.fail("no entry " + call.string(1));
}

Value get_value_by_path(const Call& call) {
    Value at = call[0];
    for (const Value& key : call.list(1)) {
        const Value* entry = key.if_string() && at.if_context() ? at.if_context()->find(*key.if_string()) : nullptr;
        if (!entry) return call.fail("no such entry");
        Value next = *entry;   // copied before what it belongs to goes
        at = std::move(next);
    }
    return call.list(1).empty() ? Value{} : at;
}

Value get_entries(const Call& call) {
    std::vector<Value> entries;
    for (const auto& [name, value] : context_at(call, 0)) entries.push_back(Variables{{"key", name}, {"value", value}});
    return List{std::move(entries)};
}

Value context_from(const Call& call) {
    Variables context;
    for (const Value& item : call.list(0)) {
        const auto* entry = item.if_context();
        const Value* key = entry ? entry->find("key") : nullptr;
        const Value* value = entry ? entry->find("value") : nullptr;
        if (!key || !key->if_string() || !value) return call.fail("every entry needs a `key`, which is text, and a `value`");
        if (context.contains(*key->if_string())) return call.fail("the key " + *key->if_string() + " stands twice");
        context.set(*key->if_string(), *value);
    }
    return context;
}

Value context_put(const Call& call) {
    Variables context = context_at(call, 0);
    context.set(call.string(1), call[2]);
    return context;
}

/// Puts a value under a path of keys. Nothing if the path does not lead through contexts that are there.
std::optional<Variables> put_at(const Variables& context, const List& keys, std::size_t index, const Value& value) {
    const auto* key = keys[index].if_string();
    if (!key) return std::nullopt;
    Variables result = context;
    if (index + 1 == keys.size()) {
        result.set(*key, value);
        return result;
    }
    const Value* inner = context.find(*key);
    if (!inner || !inner->if_context()) return std::nullopt;
    auto changed = put_at(*inner->if_context(), keys, index + 1, value);
    if (!changed) return std::nullopt;
    result.set(*key, std::move(*changed));
    return result;
}

Value context_put_by_path(const Call& call) {
    constexpr std::size_t longest = 200;
    const auto& keys = call.list(1);
    if (keys.empty() || keys.size() > longest) return call.fail("the list of keys is empty or too long");
    auto result = put_at(context_at(call, 0), keys, 0, call[2]);
    return result ? Value{std::move(*result)} : call.fail("the keys lead to something that is no context");
}

Value context_merge(const Call& call) {
    Variables result;
    for (const Value& item : call.list(0)) {
        if (!item.if_context()) return call.fail("the list must hold contexts, found " + std::string{to_string(item.kind())});
        for (const auto& [name, value] : *item.if_context()) result.set(name, value);
    }
    return result;
}

constexpr Builtin functions[] = {
    {"get value(m: context, key: string)", get_value},
    {"get value(m: context, keys: list)", get_value_by_path},
    {"get entries(m: context)", get_entries},
    {"context(entries: list)", context_from},
    {"context put(context: context, key: string, value: any?)", context_put},
    {"context put(context: context, keys: list, value: any?)", context_put_by_path},
    {"context merge(contexts: list)", context_merge},
};

}  // namespace

std::span<const Builtin> context_functions() { return functions; }

}  // namespace kontor::feel
