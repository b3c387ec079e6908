#pragma once
/// What the commands that list something have in common: a page at a time, as a table for people and as JSON for machines.
#include "cli/command.hpp"
#include "cli/options.hpp"
#include "cli/store/place.hpp"
#include "cli/store/table.hpp"
#include "cli/store/words.hpp"
#include "value/json.hpp"

#include <string>
#include <vector>

namespace kontor::cli {

inline constexpr Option limit_option{"limit", "N", "at most so many: 1 to 1000, 100 unless given"};
inline constexpr Option after_option{"after", "CURSOR", "goes on behind the last page"};

/// Throws UsageError for a limit that cannot be.
template <class Query>
void read_page(const Arguments& arguments, Query& query) {
    if (const std::string* after = arguments.value("after")) query.after = Cursor{*after};
    query.limit = read_number(arguments, "limit", query.limit, 1000);
}

/// `row` makes cells of an item; `name` is the list's in JSON, `nouns` what people call it.
template <class Info, class Row>
Exit show_page(const Arguments& arguments, const Output& out, std::string_view name, std::string_view nouns, const Page<Info>& page,
               std::vector<std::string> headings, Row row) {
    if (arguments.has("json")) {
        out.stream << json::write(page_of(name, page)) << '\n';
        return Exit::fine;
    }
    Table table{std::move(headings)};
    for (const auto& item : page) table.add(row(item));
    if (table.empty()) out.stream << "no " << nouns << '\n';
    else table.print(out);
    print_next(out, page.next);
    return Exit::fine;
}

}  // namespace kontor::cli
