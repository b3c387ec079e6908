#pragma once
/// Types of variables: FEEL's own, and item definitions (`types:`), which files may share.
#include "model/type.hpp"
#include "yaml/parts/key.hpp"
#include "yaml/parts/site.hpp"
#include "yaml/source.hpp"

#include <map>
#include <string>

namespace kontor::yaml {

/// The item definitions that a file sees. `list<T>` and FEEL's types are known without definition.
class TypeTable {
public:
    /// `types: FILE`, `types: [FILE, ...]` or definitions in place.
    void read(const Site&, const Node&, const Source& from, const Resolver&);
    /// The definitions of one mapping: NAME to a type's name, `{type, allowedValues}` or `{fields}`.
    void define(const Site&, const Node& definitions);
    /// The type that a node declares: a name, or a mapping of which `type` and `allowedValues` are read. Reports and gives `any`
    /// if it
    /// declares none.
    model::TypeRef declared(const Site&, const Node&, std::string_view what) const;
    [[nodiscard]] const std::map<std::string, model::TypeRef, std::less<>>& types() const noexcept { return types_; }

private:
    class Resolution;
    void read_file(const Site&, const Node& name, const Source& from, const Resolver&);

    std::map<std::string, model::TypeRef, std::less<>> types_;
    bool incomplete_ = false;   ///< a file of types was not found: unknown names are its news, not ours
};

/// The keys of a types file, and of one definition in it.
Keys type_file_keys();
Keys type_definition_keys();
Keys type_field_keys();
/// `type` and `allowedValues`, where a type is declared.
Keys declared_type_keys();

}  // namespace kontor::yaml
