// SPDX-License-Identifier: MIT OR Apache-2.0
// Handlers that record why a model stopped; Verilator's own would end the process.
#include "verilated.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>

namespace {
// A model is created, evaluated and asked on one thread.
thread_local std::string first_error;

std::string describe(const char* file, int line, const char* what) {
    return (file && *file ? std::string(file) + ":" + std::to_string(line) + ": " : std::string()) + what;
}

void record(const std::string& text) {
    if (first_error.empty()) first_error = text;
}
}  // namespace

void vl_finish(const char* file, int line, const char*) {
    record(describe(file, line, "Verilog $finish"));
}

void vl_stop(const char* file, int line, const char*) {
    record(describe(file, line, "Verilog $stop, $error or $fatal"));
}

// The caller may loop until it is stopped (a design that does not settle), hence an exception.
void vl_fatal(const char* file, int line, const char*, const char* what) {
    record(describe(file, line, what));
    throw std::runtime_error(first_error);
}

// Copies the first error since the last call, cut to the capacity, and forgets it.
// Returns its full length in bytes, 0 when there was none.
extern "C" std::size_t qrtl_take_error(char* text, std::size_t capacity) {
    const std::size_t length = first_error.size();
    if (text) std::memcpy(text, first_error.data(), std::min(length, capacity));
    first_error.clear();
    return length;
}
