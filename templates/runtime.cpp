// SPDX-License-Identifier: MIT OR Apache-2.0
// Handlers that record why a model stopped; Verilator's own would end the process.
#include "verilated.h"

#include <stdexcept>
#include <string>

namespace {
// A model is created, evaluated and asked on one thread.
thread_local std::string first_error;

void record(const char* file, int line, const char* what) {
    if (!first_error.empty()) return;
    if (file && *file) first_error = std::string(file) + ":" + std::to_string(line) + ": ";
    first_error += what;
}
}  // namespace

void vl_finish(const char* file, int line, const char*) {
    Verilated::threadContextp()->gotFinish(true);
    record(file, line, "$finish");
}

void vl_stop(const char* file, int line, const char*) {
    Verilated::threadContextp()->gotError(true);
    record(file, line, "$stop, $error or $fatal");
}

// A design that does not settle would loop for ever: nothing but an exception leaves the loop.
void vl_fatal(const char* file, int line, const char*, const char* what) {
    Verilated::threadContextp()->gotError(true);
    record(file, line, what);
    throw std::runtime_error(what);
}

// Copies the first error since the last call, cut and ended by a zero within the capacity, and
// forgets it. Returns its length, 0 when there was none.
extern "C" int qrtl_take_error(char* text, std::size_t capacity) {
    const std::size_t length = capacity ? first_error.copy(text, capacity - 1) : 0;
    if (capacity) text[length] = 0;
    first_error.clear();
    return static_cast<int>(length);
}
