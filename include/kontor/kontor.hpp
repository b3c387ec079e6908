#pragma once
/// Everything that a program needs to embed the engine.
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
