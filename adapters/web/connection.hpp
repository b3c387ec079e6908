#pragma once
/// One client: its requests one after the other, each answered before the next is read. Private to this folder.
#include "web/answer.hpp"
#include "web/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <set>

namespace kontor::web {

/// The open ones of a server.
using Sockets = std::set<boost::asio::ip::tcp::socket*>;

/// Until the client goes, is too slow, or says something that is not HTTP. On the server's thread.
boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket, Home, std::shared_ptr<Sockets>, const ServerOptions&, const Handler&);

}  // namespace kontor::web
