#include "bench/part.hpp"

#include <cstring>
#include <string_view>
#include <type_traits>

namespace kontor::bench {

static_assert(std::is_trivially_copyable_v<Part::Figures>);

std::string packed(const Part& part) {
    std::string bytes(reinterpret_cast<const char*>(&part.figures), sizeof part.figures);
    bytes.append(reinterpret_cast<const char*>(part.milliseconds.data()), part.milliseconds.size() * sizeof(double));
    return bytes;
}

Part unpacked(const std::string& bytes) {
    Part part;
    std::memcpy(&part.figures, bytes.data(), sizeof part.figures);
    part.milliseconds.resize((bytes.size() - sizeof part.figures) / sizeof(double));
    const std::string_view rest = std::string_view{bytes}.substr(sizeof part.figures);
    if (!rest.empty()) std::memcpy(part.milliseconds.data(), rest.data(), rest.size());
    return part;
}

}  // namespace kontor::bench
