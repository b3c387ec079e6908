#include <kontor/kontor.hpp>
#include <kontor/rest.hpp>

int main() {
    kontor::Engine engine{{.store = kontor::memory()}};
    const kontor::RestServer server{engine, {.listen = "127.0.0.1:0"}};
    return server.url().starts_with("http://127.0.0.1:") ? 0 : 1;
}
