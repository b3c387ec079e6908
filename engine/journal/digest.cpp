#include "journal/digest.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace kontor::journal {
namespace {

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
struct FreeAlgorithm {
    void operator()(EVP_MD* algorithm) const noexcept { EVP_MD_free(algorithm); }
};

void must(bool worked) {
    if (!worked) throw std::runtime_error{"OpenSSL has no working SHA-256"};
}

// Fetching the algorithm and making a context take longer than hashing a journal row: once per thread.
EVP_MD_CTX* ready_context() {
    static const std::unique_ptr<EVP_MD, FreeAlgorithm> algorithm{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
    thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
    must(algorithm && context && EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr) == 1);
    return context.get();
}

}  // namespace

Digest sha256(std::initializer_list<std::string_view> parts) {
    EVP_MD_CTX* context = ready_context();
    for (const auto part : parts) must(EVP_DigestUpdate(context, part.data(), part.size()) == 1);
    Digest digest;
    must(EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(digest.data()), nullptr) == 1);
    return digest;
}

std::string hex(const Digest& digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * digest.size());
    for (const auto byte : digest) {
        out += digits[std::to_integer<unsigned>(byte >> 4)];
        out += digits[std::to_integer<unsigned>(byte & std::byte{15})];
    }
    return out;
}

}  // namespace kontor::journal
