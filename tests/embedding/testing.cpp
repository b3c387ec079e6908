#include <kontor/testing.hpp>

int main() {
    kontor::testing::Engine engine{{}};
    engine.run();
    engine.advance(std::chrono::hours{24});
    return engine.now() == kontor::testing::new_year + std::chrono::hours{24} ? 0 : 1;
}
