// Forms of user tasks.
#include "yaml/flow/reading.hpp"

#include <array>

namespace kontor::yaml {

namespace {

constexpr std::array<Key, 3> form_table{{{"type", Shape::type_ref, "type of the field"},
                                         {"allowedValues", Shape::anything, "the only values that are accepted"},
                                         {"required", Shape::flag, "whether a completion must send it"}}};

}  // namespace

Keys form_keys() { return form_table; }

std::vector<model::FormField> read_form(const Reading& reading, const Node& node) {
    std::vector<model::FormField> form;
    if (!expect_map(reading.site, node, "form", "a mapping of field names to types")) return form;
    for (const Entry& entry : node.entries) {
        model::FormField field;
        field.name = entry.key.text;
        if (entry.value.is_map()) {
            const Fields fields{reading.site, entry.value, "the form field " + quoted(field.name), {form_table}};
            if (const Node* is_required = fields["required"])
                field.required = read_flag(reading.site, *is_required, "required").value_or(false);
        }
        field.type = reading.types.declared(reading.site, entry.value, field.name);
        form.push_back(std::move(field));
    }
    return form;
}

}  // namespace kontor::yaml
