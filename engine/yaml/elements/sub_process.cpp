#include "yaml/elements/table.hpp"
#include "yaml/flow/reading.hpp"

namespace kontor::yaml {

namespace {

Ends read(const ElementContext& context) {
    context.element().kind = model::SubProcess{};
    for (const char* mapping : {"input", "output"})
        if (const Entry* entry = context.fields.entry(mapping))
            context.reading.site.error(entry->key, "not-supported-yet",
                quoted(mapping) + " of a subprocess is not supported by this version yet",
                                       "it sees the variables around it: write them directly");
    read_scope(context.reading, context.fields, context.index);
    return context.leave();
}

}  // namespace

extern const ElementSpec sub_process;
const ElementSpec sub_process{"subProcess", "a process inside the process, with variables and events of its own",
    ElementSpec::Group::activity, scope_keys(), read};

}  // namespace kontor::yaml
