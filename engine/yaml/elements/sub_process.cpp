#include "yaml/elements/table.hpp"
#include "yaml/flow/reading.hpp"

#include <algorithm>

namespace kontor::yaml {

namespace {

model::ScopeContent& content_of(const ElementContext& context) { return *model::scope_content(context.element().kind); }

/// Each name of the input is a variable of the subprocess: as it declares it, or of any type.
void declare_inputs(const ElementContext& context) {
    const Site& site = context.reading.site;
    auto& variables = content_of(context).variables;
    for (const model::Mapping& input : context.element().input) {
        const Entry* entry = context.fields["input"]->find(input.target);
        if (!check_name(site, entry->key, "variable")) continue;
        const auto declared = std::ranges::find(variables, input.target, &model::Variable::name);
        if (declared == variables.end()) {
            model::Variable variable;
            variable.name = input.target;
            variable.type = model::builtin_type("any");
            variable.position = input.position;
            variables.push_back(std::move(variable));
        } else if (const Value* constant = input.source.expression.constant()) {
            if (auto found = model::mismatch(*declared->type, *constant, declared->name)) site.error(entry->value, "wrong-type", *found);
        }
    }
}

void check_required(const ElementContext& context) {
    const auto& inputs = context.element().input;
    for (const auto& variable : content_of(context).variables)
        if (variable.required && std::ranges::find(inputs, variable.name, &model::Mapping::target) == inputs.end())
            context.reading.site.problems.error(variable.position, "missing-input",
                quoted(variable.name) + " is required, and the subprocess is not given it", "add it to `input`");
}

/// What goes outwards when the subprocess completes: expressions see its variables, targets are those around it.
void read_subprocess_output(const ElementContext& context) {
    const Node* output = context.fields["output"];
    if (!output) return;
    Names inside{context.reading.process, context.index, context.locals};
    context.element().output = read_output(context.reading, *output, inside, context.names());
}

Ends read(const ElementContext& context) {
    context.element().kind = model::SubProcess{};
    read_input(context);
    if (const Node* variables = context.fields["variables"]) read_variables(context.reading, *variables, context.index);
    declare_inputs(context);
    check_required(context);
    read_scope(context.reading, context.fields, context.index);
    read_subprocess_output(context);
    return context.leave();
}

}  // namespace

extern const ElementSpec sub_process;
const ElementSpec sub_process{"subProcess", "a process inside the process, with variables and events of its own",
    ElementSpec::Group::activity, scope_keys(), read};

}  // namespace kontor::yaml
