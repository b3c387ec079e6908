/// Lists of elements: the order of the items is the flow.
#include "yaml/flow/reading.hpp"

#include "yaml/elements/table.hpp"

#include <array>

namespace kontor::yaml {

namespace {

/// The element word of an item, and its entry.
struct Word {
    const ElementSpec* spec = nullptr;
    const Entry* entry = nullptr;
};

void report_no_element(const Site& site, const Node& item) {
    std::vector<std::string_view> words;
    for (const ElementSpec* spec : element_table()) words.push_back(spec->word);
    const Entry& first = item.entries.front();
    for (const Entry& entry : item.entries) {
        if (is_missing_element(entry.key.text))
            return site.error(entry.key, "not-supported-yet",
                quoted(entry.key.text) + " is BPMN, but this version does not run it yet");
        const std::string owners = elements_with_key(entry.key.text);
        if (auto hint = did_you_mean(entry.key.text, words); !hint.empty() && owners.empty())
            return site.error(entry.key, "unknown-element", "there is no element " + quoted(entry.key.text), std::move(hint));
    }
    const std::string owners = elements_with_key(first.key.text);
    site.error(first.key, "unknown-element", "this item has no element: " + quoted(first.key.text)
        + (owners.empty() ? " is none" : " is a key of " + owners),
               "an item begins with a BPMN element and its id, for example `- serviceTask: check-credit`");
}

std::optional<Word> find_word(const Site& site, const Node& item) {
    if (!item.is_map() || item.entries.empty()) {
        if (!item.broken) site.wanted("flow", "items such as `- serviceTask: check-credit`", item);
        return std::nullopt;
    }
    if (item.broken) return std::nullopt;
    Word word;
    for (const Entry& entry : item.entries) {
        const ElementSpec* spec = find_element(entry.key.text);
        if (!spec) continue;
        if (word.spec) {
            site.error(entry.key, "two-elements", "an item is one element: this one is a " + std::string{word.spec->word}
                + " already", "begin a new item with `- `");
            return std::nullopt;
        }
        word = {spec, &entry};
    }
    if (word.spec) return word;
    report_no_element(site, item);
    return std::nullopt;
}

Fields fields_of(const Site& site, const Node& item, const ElementSpec& spec) {
    const std::array<Key, 1> own_word{{{spec.word, Shape::id, spec.doc, required}}};
    std::vector<Keys> tables = shared_keys(spec.group);
    tables.push_back(spec.keys);
    tables.push_back(own_word);
    return Fields{site, item, std::string{spec.word}, std::move(tables)};
}

void read_common(const ElementContext& context) {
    model::Element& element = context.element();
    element.name = context.fields.text("name");
    element.documentation = context.fields.text("documentation");
    element.lane = context.fields.text("lane");
    if (const Node* extensions = context.fields["extensions"])
        if (const auto value = read_value(context.reading.site, *extensions, "extensions"); value && value->if_context())
            context.element().extensions = *value->if_context();
}

void read_activity_parts(const ElementContext& context) {
    context.element().irreversible = context.fields.text("irreversible");
    if (const Node* events = context.fields["boundaryEvents"]) read_boundary_events(context.reading, *events, context.index);
    if (const Node* compensation = context.fields["compensation"]) {
        if (const Entry* entry = context.fields.entry("irreversible"))
            context.reading.site.error(entry->key, "wrong-type",
                quoted(context.id()) + " has a compensation, so it is not irreversible", "take one of them out");
        read_compensation(context.reading, *compensation, context.index);
    }
}

/// Adds the element; what kind it is, its reader says.
ElementContext begin_element(Reading& reading, const Fields& fields, const Word& word, Place place) {
    // Without a usable id the rest is read all the same, for its findings.
    const auto id = read_id(reading.site, word.entry->value, word.spec->word);
    const Position at = word.entry->key.position;
    const ElementIndex index = reading.graph.add(id.value_or("element-" + std::to_string(at.line) + "-"
        + std::to_string(at.column)), model::ScriptTask{}, at, place);
    return ElementContext{reading, fields, place, index, at, {}};
}

Ends read_item(Reading& reading, const Node& item, Place place, Ends entry) {
    const auto word = find_word(reading.site, item);
    if (!word) return entry;
    const Fields fields = fields_of(reading.site, item, *word->spec);
    const ElementContext context = begin_element(reading, fields, *word, place);
    const ElementIndex index = context.index;
    read_common(context);
    Ends ends = word->spec->read(context);
    if (word->spec->group == ElementSpec::Group::activity) read_activity_parts(context);
    connect_falling(reading, entry, index);
    if (word->spec->group == ElementSpec::Group::end) return {};
    if (const Node* next = fields["next"]) {
        read_next(reading, *next, ends);
        return {};
    }
    return ends;
}

}  // namespace

void connect_falling(Reading& reading, const Ends& ends, ElementIndex target) {
    const auto& kind = reading.graph[target].kind;
    const bool synchronises = std::holds_alternative<model::ParallelGateway>(kind)
        || std::holds_alternative<model::InclusiveGateway>(kind);
    if (!synchronises || ends.size() < 2) return reading.graph.connect(ends, target);
    // Several ways out of the item before are one token: the gateway must not wait for one on each.
    const Position at = reading.graph[target].position;
    const Place place{reading.graph[target].scope, reading.graph.region(target)};
    const ElementIndex merge = reading.graph.add(reading.graph[target].id + ".merge", model::ExclusiveGateway{}, at, place, true);
    reading.graph.connect(ends, merge);
    reading.graph.connect({reading.graph.leave(merge, at, place.region)}, target);
}

Ends read_list(Reading& reading, const Node& list, std::string_view what, Place place, Ends entry) {
    if (!expect_list(reading.site, list, what)) return entry;
    for (const Node& item : list.items) entry = read_item(reading, item, place, std::move(entry));
    return entry;
}

void read_compensation(Reading& reading, const Node& node, ElementIndex activity) {
    if (!expect_map(reading.site, node, "compensation", "one activity")) return;
    const auto word = find_word(reading.site, node);
    if (!word) return;
    if (word->spec->group != ElementSpec::Group::activity)
        return reading.site.error(word->entry->key, "compensation-handler",
            "a compensation is one activity, " + quoted(word->spec->word) + " is none", "use a subProcess for more steps");
    const Fields fields = fields_of(reading.site, node, *word->spec);
    for (const char* key : {"next", "boundaryEvents", "compensation"})
        if (const Entry* entry = fields.entry(key))
            reading.site.error(entry->key, "compensation-handler", "a compensation has no " + quoted(key),
                "what undoes a step stands outside of the flow");
    ElementContext context = begin_element(reading, fields, *word, {reading.graph[activity].scope, {}});
    context.locals.push_back("compensated");
    read_common(context);
    Reading& r = reading;
    const Ends unused = word->spec->read(context);
    r.graph.drop(unused);
    context.element().compensates = activity;
    reading.graph[activity].compensation_handler = context.index;
}

void read_next(Reading& reading, const Node& next, const Ends& ends) {
    const Site& site = reading.site;
    std::vector<const Node*> targets;
    if (next.is_list())
        for (const Node& item : next.items) targets.push_back(&item);
    else targets.push_back(&next);
    if (targets.empty()) {
        for (const FlowIndex end : ends)
            if (reading.graph[end].condition || reading.graph[end].is_default)
                return site.error(next, "falls-off", "a branch cannot end in `next: []`", "end it with an endEvent");
        return reading.graph.drop(ends);
    }
    if (targets.size() > 1 && ends.size() > 1)
        return site.error(next, "wrong-type", "several ways meet here, so `next` names one element",
            "put a parallelGateway behind it to fork");
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const auto id = read_text(site, *targets[i], "next");
        for (const FlowIndex end : ends) {
            const auto source = reading.graph[end].source;
            const FlowIndex flow = i == 0 ? end : reading.graph.leave(source, targets[i]->position, reading.graph.region(source));
            if (id) reading.graph.connect_later(flow, *id, targets[i]->position);
        }
    }
}

void report_falls_off(Reading& reading, const Ends& ends) {
    if (ends.empty()) return;
    const model::SequenceFlow& flow = reading.graph[ends.front()];
    reading.site.problems.error(flow.position, "falls-off",
        "nothing follows " + quoted(reading.graph[flow.source].id) + ", the last of its list",
                                "add an endEvent, or say where it goes on with `next`");
}

Ends read_continuation(Reading& reading, const Fields& fields, Place place, Ends ends, bool continues, const Node& at) {
    const Node* flow = fields["flow"];
    const Node* next = fields["next"];
    if (flow && next) {
        reading.site.error(fields.entry("next")->key, "wrong-type", "`flow` and `next` exclude each other",
            "put `next` on the last item of the flow");
        return {};
    }
    if (next) {
        read_next(reading, *next, ends);
        return {};
    }
    if (flow) ends = read_list(reading, *flow, "flow", place, std::move(ends));
    if (continues) return ends;
    if (flow) report_falls_off(reading, ends);
    else reading.site.error(at, "falls-off", "it is not said where this goes on", "add `next` or `flow`");
    return {};
}

}  // namespace kontor::yaml
