#include "http/stream.hpp"

#include <kontor/error.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace kontor::http_client {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::ip::tcp;

namespace {

/// A certificate's subject: what it must be issued for, and what the server is told that we want.
struct Peer {
    std::string host;
    bool is_address = false;
};

error_code expect(SSL* tls, const Peer& peer) {
    const bool fine = peer.is_address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), peer.host.c_str()) == 1
                                      : SSL_set1_host(tls, peer.host.c_str()) == 1 && SSL_set_tlsext_host_name(tls, peer.host.c_str()) == 1;
    return fine ? error_code{} : error_code{asio::error::invalid_argument};
}

class TlsStream final : public Stream {
public:
    TlsStream(asio::io_context& io, ssl::context& context, const Peer& peer) : stream_{io, context}, peer_{peer} {}

    void open(const Endpoints& endpoints, Opened opened) override {
        asio::async_connect(stream_.next_layer(), endpoints, [this, opened = std::move(opened)](error_code error, const tcp::endpoint&) mutable {
            if (!error) error = expect(stream_.native_handle(), peer_);
            if (error) return opened(error);
            error_code ignored;
            stream_.next_layer().set_option(tcp::no_delay{true}, ignored);
            stream_.async_handshake(ssl::stream_base::client, std::move(opened));
        });
    }
    void write(std::string_view bytes, Moved written) override { asio::async_write(stream_, asio::buffer(bytes), std::move(written)); }
    void read_some(std::span<char> room, Moved read) override {
        stream_.async_read_some(asio::buffer(room.data(), room.size()), std::move(read));
    }
    bool is_quiet() override {
        // A second answer may have come along with the first one, and wait in here to be taken for that of the next request.
        SSL* tls = stream_.native_handle();
        return SSL_has_pending(tls) == 0 && BIO_ctrl_pending(SSL_get_rbio(tls)) == 0 && http_client::is_quiet(stream_.next_layer());
    }
    void close() noexcept override {
        error_code ignored;
        stream_.next_layer().close(ignored);
    }
    std::string explain(error_code error) override {
        const long result = SSL_get_verify_result(stream_.native_handle());
        return result == X509_V_OK ? error.message() : std::string{"certificate refused: "} + X509_verify_cert_error_string(result);
    }
    bool is_refusal(error_code error) const override {
        // With TLS 1.3 the server checks the client's certificate after the client may already write: an alert about it comes instead
        // of the answer, and means that no request was read.
        if (error.category() != asio::error::get_ssl_category()) return false;
        switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
            case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
            case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
            case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
            case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
            case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
            case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
            case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
            case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
            case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE: return true;
            default: return false;
        }
    }

private:
    ssl::stream<tcp::socket> stream_;
    const Peer& peer_;
};

void require(error_code error, const std::string& what) {
    if (error) throw Error{Code::bad_input, "http(): " + what + ": " + error.message()};
}

class TlsStreams final : public StreamFactory {
public:
    TlsStreams(const HttpOptions& options, const std::string& host) : context_{ssl::context::tls_client}, peer_{host} {
        error_code error;
        asio::ip::make_address(host, error);
        peer_.is_address = !error;
        if (SSL_CTX_set_min_proto_version(context_.native_handle(), TLS1_2_VERSION) != 1)
            throw Error{Code::bad_input, "http(): this OpenSSL has no TLS 1.2"};
        context_.set_verify_mode(ssl::verify_peer);
        options.ca_file.empty() ? context_.set_default_verify_paths(error) : context_.load_verify_file(options.ca_file, error);
        require(error, options.ca_file.empty() ? "the system's trusted certificates" : "ca_file " + options.ca_file);
        if (options.certificate_file.empty()) return;
        context_.use_certificate_chain_file(options.certificate_file, error);
        require(error, "certificate_file " + options.certificate_file);
        context_.use_private_key_file(options.private_key_file, ssl::context::pem, error);
        require(error, "private_key_file " + options.private_key_file);
    }
    std::unique_ptr<Stream> make(asio::io_context& io) override { return std::make_unique<TlsStream>(io, context_, peer_); }

private:
    ssl::context context_;
    Peer peer_;
};

}  // namespace

std::unique_ptr<StreamFactory> tls_streams(const HttpOptions& options, const std::string& host) {
    return std::make_unique<TlsStreams>(options, host);
}

}  // namespace kontor::http_client
