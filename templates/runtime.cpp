// SPDX-License-Identifier: MIT OR Apache-2.0
// Handlers that record why a model stopped; Verilator's own handlers would end the process.
#include "verilated.h"

#include <cstdarg>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace {
// One thread creates, evaluates and queries a model.
thread_local std::string first_error;
// Message of $error, $fatal or an assertion, printed before the call that stops the model.
thread_local std::string message;

void record(const char* file, int line, const std::string& what) {
    if (!first_error.empty()) return;
    if (file && *file) first_error = std::string(file) + ":" + std::to_string(line) + ": ";
    first_error += what;
}

// "$fatal: text" of "[0] %Fatal: f.v:3: Assertion failed in top.unit: text", which Verilator prints for
// failed assertions and for tasks alike; empty for other lines.
std::string message_in(const std::string& line) {
    const bool is_fatal = line.find("%Fatal: ") != std::string::npos;
    if (!is_fatal && line.find("%Error: ") == std::string::npos) return "";
    std::string what = is_fatal ? "$fatal" : "$error or assertion";
    const std::string before = "Assertion failed in ";
    std::size_t text = line.find(before);
    if (text == std::string::npos) return what;
    text = line.find(": ", text);
    if (text == std::string::npos) return what;
    const std::size_t end = line.find_last_not_of(" \n");
    if (end > text + 1) what += line.substr(text, end + 1 - text);
    return what;
}
}  // namespace

// stdout carries only results, so $display goes to stderr.
void qrtl_print(const char* format, ...) {
    std::va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    std::string text(std::vsnprintf(nullptr, 0, format, arguments) + 1, '\0');
    va_end(arguments);
    std::vsnprintf(&text[0], text.size(), format, again);
    va_end(again);
    text.pop_back();
    const std::string found = message_in(text);
    if (found.empty()) std::fputs(text.c_str(), stderr);
    else message = found;
}

void vl_finish(const char* file, int line, const char*) {
    Verilated::threadContextp()->gotFinish(true);
    record(file, line, "$finish");
}

void vl_stop(const char* file, int line, const char*) {
    Verilated::threadContextp()->gotError(true);
    record(file, line, message.empty() ? "$stop" : message);
    message.clear();
}

// A design that does not settle would loop forever; only an exception leaves the loop.
void vl_fatal(const char* file, int line, const char*, const char* what) {
    Verilated::threadContextp()->gotError(true);
    record(file, line, what);
    throw std::runtime_error(what);
}

// Copies the first error since the last call, truncated and zero-terminated within the capacity, and clears
// it. Returns its length; 0 if there was none.
extern "C" int qrtl_take_error(char* text, std::size_t capacity) {
    const std::size_t length = capacity ? first_error.copy(text, capacity - 1) : 0;
    if (capacity) text[length] = 0;
    first_error.clear();
    return static_cast<int>(length);
}
