// Reading answers: however the network cuts them up, and whatever becomes of their bytes.
#include "http/response_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using kontor::http_client::ResponseReader;
using Progress = ResponseReader::Progress;

namespace {

const std::vector<std::string> examples{
    "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4;x=y\r\n\":1}\r\n0\r\nT: u\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 503 Busy\r\nRetry-After: 5\r\nContent-Length: 2\r\n\r\n{}",
    "HTTP/1.0 200 OK\r\n\r\n{\"a\":1}",
    "HTTP/1.1 204 No Content\r\nX-Long: " + std::string(20'000, 'x') + "\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 30000\r\n\r\n" + std::string(30'000, 'y'),
};

/// What it comes to if the bytes arrive in parts of 1 to `largest` bytes, and then the end.
std::string read(const std::string& bytes, std::mt19937& random, std::size_t largest) {
    ResponseReader reader{40'000};
    Progress progress = Progress::more;
    for (std::size_t at = 0; at < bytes.size() && progress == Progress::more;) {
        const auto room = reader.room();
        REQUIRE(room.size() > 0);
        REQUIRE(room.size() < 200'000);
        const auto part = std::min({room.size(), bytes.size() - at, std::uniform_int_distribution<std::size_t>{1, largest}(random)});
        std::copy_n(bytes.data() + at, part, room.data());
        at += part;
        progress = reader.received(part);
    }
    if (progress == Progress::more) progress = reader.ended();
    if (progress == Progress::broken) return "broken";
    const bool keeps = reader.keeps_connection();
    const auto response = reader.take();
    return std::to_string(response.status) + " " + response.retry_after.value_or("") + (keeps ? " keeps " : " ") + response.body;
}

}  // namespace

TEST_CASE("an answer is the same however it is cut up") {
    std::mt19937 random{1};
    for (const auto& bytes : examples) {
        const auto whole = read(bytes, random, 100'000);
        REQUIRE(whole != "broken");
        for (int n = 0; n < 50; ++n) CHECK(read(bytes, random, n < 25 ? 3 : 2000) == whole);
    }
}

TEST_CASE("damaged answers end, and never in a crash") {
    std::mt19937 random{2};
    const auto any = [&](std::size_t below) { return std::uniform_int_distribution<std::size_t>{0, below - 1}(random); };
    std::size_t broken = 0;
    for (int n = 0; n < 20'000; ++n) {
        std::string bytes = examples[any(4)];
        for (std::size_t changes = 1 + any(3); changes > 0; --changes) {
            const auto at = any(bytes.size());
            if (any(3) == 0) bytes.erase(at, 1 + any(8));
            else if (any(2) == 0) bytes.insert(at, bytes.substr(any(bytes.size()), 1 + any(8)));
            else bytes[at] = static_cast<char>(any(256));
            if (bytes.empty()) bytes = "x";
        }
        broken += read(bytes, random, 40) == "broken";
    }
    CHECK(broken > 1000);
}
