// SPDX-License-Identifier: MIT OR Apache-2.0
// Handlers that record why a model stopped; Verilator's own would end the process.
#include "verilated.h"

#include <cstdarg>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace {
// A model is created, evaluated and asked on one thread.
thread_local std::string first_error;
// What $error, $fatal or an assertion had to say; the call that stops the model follows it.
thread_local std::string complaint;

void record(const char* file, int line, const std::string& what) {
    if (!first_error.empty()) return;
    if (file && *file) first_error = std::string(file) + ":" + std::to_string(line) + ": ";
    first_error += what;
}

// "[0] %Fatal: f.v:3: Assertion failed in top.unit: text" as "$fatal: text"; the same words stand
// before the text whether an assertion failed or a task was called. Nothing of any other line.
std::string complaint_in(const std::string& line) {
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

// stdout is the program's: what a design displays goes to stderr.
void qrtl_print(const char* format, ...) {
    std::va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    std::string text(std::vsnprintf(nullptr, 0, format, arguments) + 1, '\0');
    va_end(arguments);
    std::vsnprintf(&text[0], text.size(), format, again);
    va_end(again);
    text.pop_back();
    const std::string found = complaint_in(text);
    if (found.empty()) std::fputs(text.c_str(), stderr);
    else complaint = found;
}

void vl_finish(const char* file, int line, const char*) {
    Verilated::threadContextp()->gotFinish(true);
    record(file, line, "$finish");
}

void vl_stop(const char* file, int line, const char*) {
    Verilated::threadContextp()->gotError(true);
    record(file, line, complaint.empty() ? "$stop" : complaint);
    complaint.clear();
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
