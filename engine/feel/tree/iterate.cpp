#include "feel/operators/compare.hpp"
#include "feel/tree/control.hpp"
#include "value/calendar.hpp"
#include "value/decimal_math.hpp"

namespace kontor::feel {
namespace {

/// From one integer or date to another, up or down, both included.
struct Span {
    std::int64_t from;
    std::int64_t to;
    bool dates;

    [[nodiscard]] Value at(std::int64_t position) const {
        if (!dates) return position;
        const auto date = calendar::from_days(position);
        return date ? Value{*date} : Value{};
    }
};

std::optional<Span> span(const Value& from, const Value& to) {
    if (from.if_date() && to.if_date()) return Span{calendar::to_days(*from.if_date()), calendar::to_days(*to.if_date()), true};
    if (!from.if_number() || !to.if_number()) return std::nullopt;
    const auto first = from.if_number()->to_int64();
    const auto last = to.if_number()->to_int64();
    constexpr std::int64_t limit = 1'000'000'000'000'000'000;   // so that a step past the end does not overflow
    if (!first || !last || *first > limit || *first < -limit || *last > limit || *last < -limit) return std::nullopt;
    return Span{*first, *last, false};
}

/// Of a range the members between its ends; an open end is left out.
std::optional<Span> span(const Range& range) {
    auto whole = span(range.low, range.high);
    if (!whole) return std::nullopt;
    if (!range.low_closed) ++whole->from;
    if (!range.high_closed) --whole->to;
    return whole;
}

class Walk {
public:
    Walk(Machine& machine, const std::vector<Iterator>& iterators, const std::function<bool()>& visit)
        : machine_{machine}, iterators_{iterators}, visit_{visit} {}

    bool from(std::size_t index) {
        if (index == iterators_.size()) {
            going_ = visit_();
            return true;
        }
        const auto& iterator = iterators_[index];
        const Value domain = iterator.domain->value(machine_);
        if (iterator.to) return over(index, span(domain, iterator.to->value(machine_)), true);
        if (const auto* range = domain.if_range()) return over(index, span(*range), false);
        if (const auto* list = domain.if_list()) return over(index, *list);
        return !domain.is_null() && over(index, List{domain});
    }

private:
    bool step(std::size_t index, const Value& value) {
        const Bound bound{machine_, iterators_[index].name, &value};
        return from(index + 1);
    }
    bool over(std::size_t index, const List& list) {
        for (const Value& item : list) {
            if (!going_ || !machine_.spend()) break;
            if (!step(index, item)) return false;
        }
        return true;
    }
    bool over(std::size_t index, const std::optional<Span>& span, bool downwards) {
        if (!span) return false;
        if (span->from > span->to && !downwards) return true;
        const int direction = span->from <= span->to ? 1 : -1;
        for (auto position = span->from; going_ && machine_.spend(); position += direction) {
            if (!step(index, span->at(position))) return false;
            if (position == span->to) break;
        }
        return true;
    }

    Machine& machine_;
    const std::vector<Iterator>& iterators_;
    const std::function<bool()>& visit_;
    bool going_ = true;
};

}  // namespace

bool iterate(Machine& machine, const std::vector<Iterator>& iterators, const std::function<bool()>& visit) {
    return Walk{machine, iterators, visit}.from(0);
}

}  // namespace kontor::feel
