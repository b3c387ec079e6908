#pragma once
/// Everything that a program needs to embed the engine, and calls over HTTP: what <kontor/http.hpp> declares is in a component of its own, http,
/// which a program that uses it links besides. amqp, asio, rest, soci and testing are included by name.
#include <kontor/decimal.hpp>
#include <kontor/engine.hpp>
#include <kontor/error.hpp>
#include <kontor/http.hpp>
#include <kontor/instance.hpp>
#include <kontor/key.hpp>
#include <kontor/options.hpp>
#include <kontor/result.hpp>
#include <kontor/service.hpp>
#include <kontor/temporal.hpp>
#include <kontor/value.hpp>
