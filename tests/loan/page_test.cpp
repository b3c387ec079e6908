/// The page's files, and nothing else: examples/loan-server/server/page.hpp.
#include "server/page.hpp"
#include "net/client.hpp"
#include "support/folder.hpp"

#include <kontor/engine.hpp>

#include <catch2/catch.hpp>

#include <fstream>

using namespace loan;

namespace {

/// folder/page with two files, a secret beside it, and links that lead to it.
struct Site {
    Site() {
        std::filesystem::create_directories(page / "parts");
        std::filesystem::create_directories(folder / "page-of-another");
        write(page / "index.html", "<p>hello</p>");
        write(page / "parts" / "app.js", "let a = 1;");
        write(folder / "secret.txt", "secret");
        write(folder / "page-of-another" / "secret.txt", "secret");
        std::filesystem::create_symlink(folder / "secret.txt", page / "link.txt");
        std::filesystem::create_directory_symlink(folder, page / "up");
    }
    static void write(const std::filesystem::path& file, const std::string& text) { std::ofstream{file} << text; }

    kontor::test::Folder place;
    std::filesystem::path folder = place.path(), page = folder / "page";
};

const std::vector<std::string> ways_out{"../secret.txt",          "parts/../../secret.txt",    "./../secret.txt", "link.txt",  "up/secret.txt",
                                        "../page-of-another/secret.txt", "../page/../secret.txt", "/etc/passwd",     "//etc/passwd", "..",
                                        ".",                     "",                          "parts",           "parts/",    "nothing.html"};

}  // namespace

SCENARIO("the page's files are served with their types") {
    const Site site;
    CHECK(page_file(site.page, "index.html")->content == "<p>hello</p>");
    CHECK(page_file(site.page, "index.html")->content_type == "text/html; charset=utf-8");
    CHECK(page_file(site.page, "parts/app.js")->content_type == "text/javascript; charset=utf-8");
}

SCENARIO("no name leads out of the page's folder") {
    const Site site;
    for (const auto& name : ways_out) {
        INFO(name);
        CHECK_FALSE(page_file(site.page, name).has_value());
    }
    CHECK_FALSE(page_file(site.page, (site.folder / "secret.txt").string()).has_value());
    CHECK_FALSE(page_file(site.page, std::string{"index.html\0.png", 15}).has_value());
    CHECK_FALSE(page_file(site.folder / "missing", "index.html").has_value());
}

SCENARIO("nor over HTTP, however it is written") {
    const Site site;
    kontor::Engine engine{{.store = kontor::memory()}};
    kontor::RestServer server{engine, {.listen = "127.0.0.1:0", .routes = page_routes(site.page)}};
    engine.run();
    WebClient client{server.url()};
    CHECK(client.request("GET", "/").body == "<p>hello</p>");
    CHECK(client.request("GET", "/page/parts/app.js").body == "let a = 1;");
    for (std::string name : ways_out) {
        for (const char* prefix : {"/page/", "/page/%2e/", "/page/parts/%2E%2E/"}) {
            INFO(prefix + name);
            const auto reply = client.request("GET", prefix + name);
            CHECK(reply.status >= 400);
            CHECK(reply.body.find("secret") == std::string::npos);
        }
    }
    for (const char* path : {"/page/%2e%2e/secret.txt", "/page/..%2fsecret.txt", "/page/%2e%2e%2fsecret.txt", "/page/..%5csecret.txt",
                             "/page/%252e%252e/secret.txt", "/page/index.html%00.png", "/page/%2fetc%2fpasswd", "/page/../secret.txt",
                             "/page/parts/..%2f..%2fsecret.txt"}) {
        INFO(path);
        const auto reply = client.request("GET", path);
        CHECK(reply.status >= 400);
        CHECK(reply.body.find("secret\n") == std::string::npos);
        CHECK(reply.body != "secret");
    }
}
