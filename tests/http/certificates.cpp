#include "http/certificates.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/asio/buffer.hpp>

#include <atomic>

namespace kontor::test {

namespace {

struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(BIO* memory) const { BIO_free(memory); }
    void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;
using Memory = std::unique_ptr<BIO, Free>;

std::string text_of(BIO* memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string to_pem(X509* certificate) {
    const Memory memory{BIO_new(BIO_s_mem())};
    PEM_write_bio_X509(memory.get(), certificate);
    return text_of(memory.get());
}

std::string to_pem(EVP_PKEY* key) {
    const Memory memory{BIO_new(BIO_s_mem())};
    PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return text_of(memory.get());
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Free> extension{X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
    X509_add_ext(certificate, extension.get(), -1);
}

/// Without an issuer's certificate: one of an authority, signed by itself.
Certificate make(const std::string& name, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key, const Wanted& wanted) {
    static std::atomic<long> serial{1};
    constexpr long day = 24 * 60 * 60;
    Certificate certificate{X509_new()};
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -2 * day);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wanted.expired ? -day : day);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), issuer ? X509_get_subject_name(issuer) : subject);
    add_extension(certificate.get(), issuer ? issuer : certificate.get(), NID_basic_constraints, issuer ? "CA:FALSE" : "critical,CA:TRUE");
    if (issuer) add_extension(certificate.get(), issuer, NID_subject_alt_name, wanted.names);
    X509_sign(certificate.get(), issuer_key, EVP_sha256());
    return certificate;
}

}  // namespace

struct Authority::Keys {
    static inline std::atomic<int> number_of_next{1};
    Key key{EVP_EC_gen("P-256")};
    Certificate certificate = make("authority " + std::to_string(number_of_next++), key.get(), nullptr, key.get(), {});
};

Authority::Authority() : keys_{std::make_unique<Keys>()} { (void)file("authority.pem", to_pem(keys_->certificate.get())); }

Authority::~Authority() = default;

Identity Authority::issue(const Wanted& wanted) {
    const Key key{EVP_EC_gen("P-256")};
    const auto certificate = make("test server", key.get(), keys_->certificate.get(), keys_->key.get(), wanted);
    return {to_pem(certificate.get()), to_pem(key.get())};
}

boost::asio::ssl::context Authority::server(const Identity& identity, bool asks_for_certificate) const {
    namespace ssl = boost::asio::ssl;
    ssl::context context{ssl::context::tls_server};
    context.use_certificate_chain(boost::asio::buffer(identity.certificate));
    context.use_private_key(boost::asio::buffer(identity.key), ssl::context::pem);
    if (asks_for_certificate) {
        context.load_verify_file(file());
        context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
    }
    return context;
}

}  // namespace kontor::test
