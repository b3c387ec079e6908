#include "store/sqlite/backup.hpp"

#include "cli/run/progress.hpp"
#include "cli/store/care.hpp"
#include "cli/store/place.hpp"
#include "value/json.hpp"

#include <filesystem>
#include <optional>

namespace kontor::cli {

Exit back_up_store(const Arguments& arguments, Console& console) {
    if (arguments.operands.size() < 2) throw UsageError{"the file is missing", "kontor store backup loans-2026-11-22.db --store sqlite:loans.db"};
    const std::string url = store_url(arguments);
    const std::string& to = arguments.operands[1];
    constexpr std::string_view sqlite = "sqlite:";
    if (!url.starts_with(sqlite))
        throw UsageError{"only a SQLite store is backed up by Kontor", "a PostgreSQL database has tools of its own: pg_dump, pg_basebackup, an archive of its log"};
    if (to.find('"') != std::string::npos) throw UsageError{"a file's name may not hold a quotation mark"};
    std::optional<run::Progress> bar;
    try {
        store::back_up_sqlite(url.substr(sqlite.size()), to, [&](std::uint64_t pages, std::uint64_t of) {
            if (!bar) bar.emplace(console.err, of, console.err.terminal);
            bar->show(pages);
        });
    } catch (const Error& error) {
        if (bar) bar->clear();
        throw WorldFailed{error.what()};
    }
    if (bar) bar->clear();
    const auto bytes = std::filesystem::file_size(to);
    if (arguments.has("json")) console.out.stream << json::write(Variables{{"backup", to}, {"bytes", bytes}}) << '\n';
    else console.out.stream << console.out.styled(Style::good, "backed up") << " to " << printable(to) << ", " << bytes << " bytes\n";
    return Exit::fine;
}

}  // namespace kontor::cli
