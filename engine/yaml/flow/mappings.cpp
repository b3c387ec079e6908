// Inputs and outputs of elements.
#include "yaml/flow/reading.hpp"


namespace kontor::yaml {

namespace {

model::Mapping whole_result(std::string target, Position at) {
    auto result = feel::Expression::parse("result");
    return {std::move(target), {std::get<feel::Expression>(std::move(result)), at}, at};
}

}  // namespace

Names ElementContext::names(std::vector<std::string_view> more) const {
    Names known{reading.process, place.scope, std::move(more)};
    for (const std::string_view local : locals) known.add(local);
    return known;
}

void read_input(const ElementContext& context) {
    const Node* input = context.fields["input"];
    if (!input || !expect_map(context.reading.site, *input, "input", "a mapping of names to values and expressions")) return;
    for (const Entry& entry : input->entries)
        if (auto formula = read_formula(context.reading.site, entry.value, entry.key.text, context.names()))
            context.element().input.push_back({entry.key.text, std::move(*formula), entry.key.position});
}

std::vector<model::Mapping> read_output(const Reading& reading, const Node& output, const Names& names) {
    return read_output(reading, output, names, names);
}

std::vector<model::Mapping> read_output(const Reading& reading, const Node& output, const Names& sources, const Names& targets) {
    std::vector<model::Mapping> mappings;
    const Site& site = reading.site;
    if (output.is_scalar()) {
        if (is_expression(output)) {
            site.error(output, "wrong-type", "`output` wants a variable's name, not an expression",
                "write `output: { NAME: = ... }`");
            return mappings;
        }
        const bool fits = check_name(site, output, "variable") && check_declared(site, output, output.text, targets);
        if (fits && !sources.has_local("result"))
            site.error(output, "wrong-type", "there is no `result` to store in " + quoted(output.text),
                "write `output: { " + output.text + ": = ... }`");
        else if (fits) mappings.push_back(whole_result(output.text, output.position));
        return mappings;
    }
    if (!expect_map(site, output, "output", "a variable's name, or a mapping of variables to expressions")) return mappings;
    for (const Entry& entry : output.entries) {
        const bool fits = check_name(site, entry.key, "variable") && check_declared(site, entry.key, entry.key.text, targets);
        auto formula = read_formula(site, entry.value, entry.key.text, sources);
        if (!fits || !formula) continue;
        const model::Variable* variable = targets.variable(entry.key.text);
        const Value* constant = formula->expression.constant();
        if (variable && constant)
            if (auto found = model::mismatch(*variable->type, *constant, variable->name))
                site.error(entry.value, "wrong-type", *found);
        mappings.push_back({entry.key.text, std::move(*formula), entry.key.position});
    }
    return mappings;
}

}  // namespace kontor::yaml
