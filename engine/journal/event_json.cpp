#include "journal/event_json.hpp"

#include "journal/error.hpp"
#include "journal/field_codec.hpp"
#include "value/json.hpp"
#include "value/temporal_text.hpp"

namespace kontor::journal {
namespace {

using Place = std::optional<Whereabouts::Place>;

/// Writes the members of one object; each value by its type.
class Object {
public:
    Object(const model::Process& process, std::string& out) : process_{process}, out_{out} { out_ += '{'; }
    void end() { out_ += '}'; }

    template <class T>
    void member(std::string_view name, const T& value) {
        if (!std::integral<T> && is_empty_here(value)) return;
        if (!first_) out_ += ',';
        first_ = false;
        json::write_string(name, out_);
        out_ += ':';
        put(value);
    }

private:
    template <class T>
    static bool is_empty_here(const T& value) {
        // The first element, the first flow and the first moment are something.
        if constexpr (TableIndex<T> || std::same_as<T, Instant>) return false;
        else if constexpr (std::same_as<T, std::string_view>) return value.empty();
        else return is_empty(value);
    }

    template <class T>
    void put(const T& value) {
        if constexpr (is_key<T>) json::write_string(value.str(), out_);
        else if constexpr (std::same_as<T, bool>) out_ += value ? "true" : "false";
        else if constexpr (std::integral<T>) out_ += std::to_string(value);
        else if constexpr (std::same_as<T, Instant>) json::write_string(kontor::to_string(value), out_);
        else if constexpr (std::same_as<T, core::ElementIndex>) put_id(model::raw(value), process_.elements);
        else if constexpr (std::same_as<T, core::FlowIndex>) put_id(model::raw(value), process_.flows);
        else if constexpr (std::convertible_to<T, std::string_view>) json::write_string(value, out_);
        else if constexpr (std::same_as<T, Value>) json::write(value, out_);
        else if constexpr (std::same_as<T, Variables>) json::write(Value{value}, out_);
        else if constexpr (NamedEnum<T>) json::write_string(name_of(value), out_);
        else if constexpr (is_optional<T>) put(*value);
        else if constexpr (is_list<T>) put_list(value);
        else {
            Object inside{process_, out_};
            each_field(value, [&](std::string_view name, const auto& field) { inside.member(name, field); });
            inside.end();
        }
    }
    template <class Items>
    void put_list(const Items& items) {
        out_ += '[';
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (i > 0) out_ += ',';
            put(items[i]);
        }
        out_ += ']';
    }
    // An index that the process does not have is from another version of it: a number is better than nothing.
    template <class Table>
    void put_id(std::uint32_t index, const Table& table) {
        if (index < table.size()) json::write_string(table[index].id, out_);
        else out_ += std::to_string(index);
    }

    const model::Process& process_;
    std::string& out_;
    bool first_ = true;
};

/// An event's own fields as they may be shown. Told apart by type and name, so that new events follow by themselves.
class Masked {
public:
    Masked(const Masking& masking, const model::Process& process, const core::Event& event, const model::Element* element)
        : masking_{masking}, process_{process}, element_{element}, is_error_{std::holds_alternative<core::ErrorThrown>(event)} {
        const auto* activated = std::get_if<core::ElementActivated>(&event);
        is_handler_ = activated && activated->compensates;
    }

    Value operator()(std::string_view, const Value& value) const {
        if (!element_) return value.is_null() ? value : Value{Masking::mask};
        if (is_handler_ && value.if_context()) return masking_.inputs(*element_, *value.if_context());
        if (is_error_) return hides_error() && !value.is_null() ? Value{Masking::mask} : value;
        return masking_.outcome(*element_, value);
    }
    Variables operator()(std::string_view name, const Variables& values) const {
        if (name == "variables" || !element_) return masking_.variables(values);
        if (name == "compensation" && element_->compensation_handler) {
            return masking_.inputs(process_[*element_->compensation_handler], values);
        }
        return masking_.inputs(*element_, values);
    }
    std::optional<Variables> operator()(std::string_view name, const std::optional<Variables>& values) const {
        return values ? std::optional{(*this)(name, *values)} : values;
    }
    std::vector<core::VariableWrite> operator()(std::string_view, std::vector<core::VariableWrite> writes) const {
        for (auto& write : writes) write.value = masking_.variable(write.name, write.value);
        return writes;
    }
    std::string operator()(std::string_view name, const std::string& text) const {
        return is_error_ && name == "message" && hides_error() ? std::string{Masking::mask} : text;
    }
    template <class Other>
    const Other& operator()(std::string_view, const Other& other) const {
        return other;
    }

private:
    [[nodiscard]] bool hides_error() const { return !element_ || masking_.hides_errors(*element_); }

    const Masking& masking_;
    const model::Process& process_;
    const model::Element* element_;
    bool is_error_;
    bool is_handler_;   // it got the input of a compensation
};

const model::Element* element_at(const model::Process& process, const Place& place, const core::Event& event) {
    if (place && model::raw(place->element) < process.elements.size()) return &process[place->element];
    const auto* started = std::get_if<core::InstanceStarted>(&event);
    const auto start = started ? started->start_event : std::nullopt;
    return start && model::raw(*start) < process.elements.size() ? &process[*start] : nullptr;
}

/// The scope that an event names itself, else the one that its element stands in.
core::ElementKey scope_of(const core::Event& event, const Place& place) {
    std::optional<core::ElementKey> own;
    std::visit([&](const auto& e) {
        each_field(e, [&]<class F>(std::string_view name, const F& field) {
            if constexpr (std::same_as<F, core::ElementKey>) {
                if (name == "scope") own = field;
            }
        });
    }, event);
    return own.value_or(place ? place->scope : core::ElementKey{});
}

}  // namespace

void EventJson::write(const core::Record& record, Whereabouts& where, std::string& out, std::vector<About>* about) const {
    for (const auto& event : record.events) {
        const Place place = where.follow(process_, event);
        const model::Element* element = element_at(process_, place, event);
        Object line{process_, out};
        line.member("position", to_string(record.position));
        line.member("at", record.at);
        line.member("event", core::type_of(event).name);
        line.member("instance", record.instance);
        line.member("process", process_.id);
        if (place) line.member("element", place->element);
        if (place && element) line.member("elementType", model::type_name(element->kind));
        line.member("scope", scope_of(event, place));
        const Masked shown{masking_, process_, event, element};
        std::visit([&](const auto& e) {
            each_field(e, [&](std::string_view name, const auto& field) {
                if (name == "scope" || (name == "element" && place)) return;   // stand there already
                if (show_ == Show::everything) line.member(name, field);
                else line.member(name, shown(name, field));
            });
        }, event);
        line.end();
        out += '\n';
        if (about) about->push_back({core::type_of(event).name, place && element ? std::string_view{element->id} : std::string_view{}});
    }
}

}  // namespace kontor::journal
