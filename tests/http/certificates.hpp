#pragma once
/// Certificates for one test, good and bad ones.
#include "support/folder.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>

namespace kontor::test {

/// PEM.
struct Identity {
    std::string certificate{};
    std::string key{};
};
struct Wanted {
    std::string names = "DNS:localhost";   ///< the subject alternative names
    bool expired = false;
};

/// A certificate authority and a folder for its files, removed at the end.
class Authority {
public:
    Authority();
    ~Authority();
    Authority(const Authority&) = delete;
    Authority& operator=(const Authority&) = delete;

    Identity issue(const Wanted& wanted = {});
    /// Its own certificate, for ca_file.
    std::string file() const { return folder_.path("authority.pem"); }
    /// Writes `text` to a file of this folder.
    std::string file(const std::string& name, const std::string& text) const { return folder_.file(name, text); }
    /// A server with this certificate; clients need one of ours if asked for.
    boost::asio::ssl::context server(const Identity& identity, bool asks_for_certificate = false) const;

private:
    struct Keys;
    std::unique_ptr<Keys> keys_;
    Folder folder_;
};

}  // namespace kontor::test
