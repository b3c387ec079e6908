/// The listings of the how-to pages are whole files: they are valid, and their tests pass. Commands that say so run.
#include "cli/program.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

using namespace kontor::cli::test;

namespace {

struct Listing {
    std::string name;
    std::string text;
};

/// The YAML blocks that begin with `# file: NAME`.
std::vector<Listing> listings(const std::string& page) {
    std::vector<Listing> all;
    const std::string opening = "```yaml\n# file: ";
    for (auto at = page.find(opening); at != page.npos; at = page.find(opening, at + 1)) {
        const auto name = at + opening.size();
        const auto text = page.find('\n', name) + 1;
        all.push_back({page.substr(name, text - name - 1), page.substr(text, page.find("```", text) - text)});
    }
    return all;
}

/// The shell blocks that begin with `# runs`, as one script: what one leaves the next finds.
std::string script(const std::string& page) {
    std::string all;
    const std::string opening = "```sh\n# runs\n";
    for (auto at = page.find(opening); at != page.npos; at = page.find(opening, at + 1)) {
        const auto text = at + opening.size();
        all += page.substr(text, page.find("```", text) - text);
    }
    return all;
}

}  // namespace

SCENARIO("the commands on the how-to pages run") {
    int pages = 0;
    for (const auto& page : std::filesystem::directory_iterator{KONTOR_SOURCE_DIR "/docs/how-to"}) {
        const std::string text = read(page.path().string());
        const std::string commands = script(text);
        if (commands.empty()) continue;
        const Folder folder;
        for (const Listing& listing : listings(text)) (void)folder.file(listing.name, listing.text);
        const auto file = folder.file("commands", "set -e\nkontor() { \"$K\" \"$@\"; }\n" + commands);
        const Ran ran = shell("cd " + folder.path() + " && . ./commands");
        INFO(page.path().filename().string() << "\n" << ran.out << ran.err);
        CHECK(ran.exit == 0);
        ++pages;
    }
    CHECK(pages >= 1);
}

SCENARIO("the files on the how-to pages are valid, and their tests pass") {
    std::size_t tested = 0;
    for (const auto& page : std::filesystem::directory_iterator{KONTOR_SOURCE_DIR "/docs/how-to"}) {
        const Folder folder;
        for (const Listing& listing : listings(read(page.path().string()))) {
            // In their order, since a page may show a file again when it has grown.
            const std::string file = folder.file(listing.name, listing.text);
            const bool is_test = listing.name.ends_with(".test.yaml");
            const Ran ran = call({is_test ? "test" : "validate", file});
            INFO(page.path().filename().string() << ": " << listing.name << "\n" << ran.out << ran.err);
            CHECK(ran.exit == 0);
            tested += is_test;
        }
    }
    CHECK(tested >= 2);
}
