#include "yaml/parts/types.hpp"

#include "yaml/parts/fields.hpp"
#include "yaml/tree/parse.hpp"

#include <array>
#include <set>

namespace kontor::yaml {

using model::Type;
using model::TypeRef;

namespace {

constexpr std::array<Key, 2> file_keys{{{"kontor", Shape::format, "format of this file: 1", required},
                                        {"types", Shape::type_definitions, "name of the type: what it is", required}}};
constexpr std::array<Key, 2> declared_keys{{{"type", Shape::type_ref, "FEEL's type, list<T>, or a name of `types:`"},
                                            {"allowedValues", Shape::anything, "the only values that are accepted"}}};
constexpr std::array<Key, 3> definition_keys{{{"type", Shape::type_ref, "FEEL's type, list<T>, or a name of `types:`"},
                                              {"allowedValues", Shape::anything, "the only values that are accepted"},
                                              {"fields", Shape::type_fields,
                                                  "fields of a context: name: type; others are allowed beside them"}}};
constexpr std::array<Key, 4> field_keys{{{"type", Shape::type_ref, "FEEL's type, list<T>, or a name of `types:`"},
                                         {"allowedValues", Shape::anything, "the only values that are accepted"},
                                         {"fields", Shape::type_fields, "fields of a context"},
                                         {"required", Shape::flag, "whether a value must be there"}}};

std::string_view inside_list(std::string_view name) {
    constexpr std::string_view opening = "list<";
    if (!name.starts_with(opening) || !name.ends_with('>')) return {};
    name = name.substr(opening.size(), name.size() - opening.size() - 1);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    return name;
}

TypeRef any() { return model::builtin_type("any"); }

}  // namespace

Keys type_file_keys() { return file_keys; }
Keys type_definition_keys() { return definition_keys; }
Keys type_field_keys() { return field_keys; }
Keys declared_type_keys() { return declared_keys; }

/// Resolves names, of definitions in any order; remembers which are open, since a type that contains itself has no end.
class TypeTable::Resolution {
public:
    Resolution(TypeTable& table, const Site& site, const Node* definitions) : table_{table}, site_{site},
        definitions_{definitions} {}

    TypeRef named(const Node& at, std::string_view name) {
        if (const auto found = table_.types_.find(name); found != table_.types_.end()) return found->second;
        if (auto builtin = model::builtin_type(name)) return builtin;
        if (const auto inner = inside_list(name); !inner.empty()) return list_of(at, name, inner);
        const Entry* entry = definitions_ ? definitions_->find(name) : nullptr;
        if (entry) return definition(*entry);
        if (table_.incomplete_) return any();
        site_.error(at, "unknown-type", "there is no type " + quoted(name), hint_for(name));
        return any();
    }

    TypeRef definition(const Entry& entry) {
        const std::string& name = entry.key.text;
        if (const auto found = table_.types_.find(name); found != table_.types_.end()) return found->second;
        if (!open_.insert(name).second) {
            site_.error(entry.key, "recursive-type", "the type " + quoted(name) + " contains itself",
                "use `any` for the inner one");
            return any();
        }
        TypeRef type = described(entry.value, name);
        auto own = std::make_shared<Type>(*type);
        own->name = name;
        table_.types_.emplace(name, own);
        return own;
    }

    /// A name, `{type, allowedValues}` or `{fields}`.
    TypeRef described(const Node& node, std::string_view what) {
        if (node.is_scalar()) {
            const auto name = read_text(site_, node, what);
            return name ? named(node, *name) : any();
        }
        if (!expect_map(site_, node, what, "a type's name, or a mapping with `type` or `fields`")) return any();
        const Entry* fields = node.find("fields");
        return fields ? context(fields->value, what) : constrained(node, what);
    }

    TypeRef constrained(const Node& map, std::string_view what) {
        const Entry* name = map.find("type");
        TypeRef base = name ? described(name->value, "type") : any();
        const Entry* allowed = map.find("allowedValues");
        if (!allowed || !expect_list(site_, allowed->value, "allowedValues")) return base;
        auto type = std::make_shared<Type>(*base);
        for (const Node& item : allowed->value.items)
            if (auto value = read_value(site_, item, what, base.get())) type->allowed_values.push_back(std::move(*value));
        return type;
    }

private:
    TypeRef list_of(const Node& at, std::string_view name, std::string_view inner) {
        auto type = std::make_shared<Type>(*model::builtin_type("list"));
        type->name = name;
        type->element = named(at, inner);
        return type;
    }

    TypeRef context(const Node& fields, std::string_view what) {
        auto type = std::make_shared<Type>(*model::builtin_type("context"));
        type->name = what;
        if (!expect_map(site_, fields, "fields")) return type;
        for (const Entry& entry : fields.entries) {
            bool is_required = false;
            if (entry.value.is_map()) {
                const Fields keys{site_, entry.value, "the field " + quoted(entry.key.text), {field_keys}};
                if (const Node* flag = keys["required"]) is_required = read_flag(site_, *flag, "required").value_or(false);
            }
            type->fields.push_back({entry.key.text, described(entry.value, entry.key.text), is_required});
        }
        return type;
    }

    std::string hint_for(std::string_view name) const {
        std::vector<std::string_view> known{"any", "boolean", "number", "string", "date", "time", "date and time", "list",
            "context",
                                            "days and time duration", "years and months duration"};
        for (const auto& [other, type] : table_.types_) known.push_back(other);
        if (definitions_)
            for (const Entry& entry : definitions_->entries) known.push_back(entry.key.text);
        auto hint = did_you_mean(name, known);
        return hint.empty() ? "define it under `types:`" : hint;
    }

    TypeTable& table_;
    const Site& site_;
    const Node* definitions_;
    std::set<std::string, std::less<>> open_;
};

void TypeTable::define(const Site& site, const Node& definitions) {
    if (!expect_map(site, definitions, "types")) return;
    Resolution resolution{*this, site, &definitions};
    for (const Entry& entry : definitions.entries) {
        if (entry.value.is_map()) (void)Fields{site, entry.value, "the type " + quoted(entry.key.text), {definition_keys}};
        if (model::builtin_type(entry.key.text))
            site.error(entry.key, "duplicate-type", quoted(entry.key.text) + " is a type of FEEL", "choose another name");
        else if (!types_.contains(entry.key.text)) (void)resolution.definition(entry);
    }
}

TypeRef TypeTable::declared(const Site& site, const Node& node, std::string_view what) const {
    Resolution resolution{const_cast<TypeTable&>(*this), site, nullptr};   // without definitions it only looks up
    return node.is_map() ? resolution.constrained(node, what) : resolution.described(node, what);
}

void TypeTable::read(const Site& site, const Node& node, const Source& from, const Resolver& resolver) {
    if (node.is_map()) return define(site, node);
    if (!node.is_list()) return read_file(site, node, from, resolver);
    for (const Node& item : node.items) read_file(site, item, from, resolver);
}

void TypeTable::read_file(const Site& site, const Node& node, const Source& from, const Resolver& resolver) {
    const auto name = read_text(site, node, "types");
    incomplete_ = true;
    if (!name) return;
    const auto source = resolver ? resolver(*name, from) : std::nullopt;
    if (!source) return site.error(node, "file-not-found", "the file " + quoted(*name) + " cannot be read",
        "file names are relative to this file");
    incomplete_ = false;
    Problems problems{source->name};
    if (auto document = parse(source->text, problems)) {
        const Site inner{document->text, problems};
        if (expect_map(inner, document->root, "a types file")) {
            const Fields fields{inner, document->root, "a types file", {file_keys}};
            if (const Node* types = fields["types"]) define(inner, *types);
        }
    }
    for (Problem& problem : problems.take()) site.problems.add(std::move(problem));
}

}  // namespace kontor::yaml
