// What the documentation shows is what the code does.
#include "http/caller.hpp"
#include "http/response.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;

namespace {

const std::string root = KONTOR_SOURCE_DIR;

std::string content(const std::string& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::string between(const std::string& text, const std::string& first, const std::string& last) {
    const auto begin = text.find(first);
    REQUIRE(begin != text.npos);
    const auto end = text.find(last, begin + first.size());
    REQUIRE(end != text.npos);
    return text.substr(begin + first.size(), end - begin - first.size());
}

/// The outcome's name in the documentation.
std::string meaning(http_client::Response response) {
    const auto text = to_text(http_client::meaning_of_call(response, {}, Instant{}));
    const auto kind = text.substr(0, text.find(' '));
    if (kind == "done") return "result";
    if (kind == "business") return "business error";
    if (kind == "later") return "come again";
    return kind == "permanent" ? "incident" : kind;
}

std::string line(int status) {
    const auto plain = meaning({.status = status});
    const auto with_code = meaning({.status = status, .body = R"({"code":"A"})"});
    const auto with_time = meaning({.status = status, .retry_after = "5"});
    return (with_code == plain ? plain : with_code + ", else " + plain) + " |" + (with_time == plain ? "" : " " + with_time);
}

std::string table() {
    std::ostringstream out;
    out << "\n| status | means | with `Retry-After` |\n| --- | --- | --- |\n";
    for (int first = 200; first < 600;) {
        int last = first;
        while (last + 1 < 600 && line(last + 1) == line(first)) ++last;
        out << "| " << first;
        if (last > first) out << " to " << last;
        out << " | " << line(first) << " |\n";
        first = last + 1;
    }
    return out.str();
}

}  // namespace

TEST_CASE("the table of statuses is what the code does") {
    const std::string path = root + "/docs/reference/http.md", begin = "<!-- table -->\n", end = "<!-- end of table -->";
    std::string page = content(path);
    const auto written = between(page, begin, end);
    if (std::getenv("KONTOR_UPDATE")) {
        page.replace(page.find(begin) + begin.size(), written.size(), table() + "\n");
        std::ofstream{path} << page;
        return;
    }
    INFO(path << " differs. Run this test with KONTOR_UPDATE=1 to rewrite it, then read the difference.");
    CHECK(written == table() + "\n");
}

TEST_CASE("the example of the how-to compiles and works") {
const auto credit = kontor::http({.base_url = "https://credit.bank/v1",
                                  .timeout = 3s,
                                  .authorization = "Bearer secret:CREDIT",
                                  .path = "/{segments}",
                                  .query_path = "/{segments}/{key}"});
const kontor::Binding binding{"credit.*", credit};   // one of the engine's `services`
    CHECK(binding.service.adapter() == credit);

    const auto shown = between(content(root + "/docs/how-to/call-a-service-over-http.md"), "```cpp\n", "```");
    CHECK_THAT(content(root + "/tests/http/documentation_test.cpp"), Catch::Matchers::Contains(shown));
}
