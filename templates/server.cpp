// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs one model in a process of its own, so that nothing of it reaches the program that drives it. Requests come
// from stdin, a socket, and are answered there; `src/simulation/server.rs` is the other side.
//
// Arguments: model, symbol of its table, folder that it may write below, bytes of memory, bytes of a file, whether
// it is confined (`confined`, `trusted`), and the folders that it may read.
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <thread>
#include <vector>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

namespace {

// Exit codes that the other side explains.
enum { CLOSED = 0, UNCONFINED = 70, OUT_OF_MEMORY = 71 };

enum Request : uint64_t { CREATE, DESTROY, BATCH, TRACE, COVERAGE, SELECT };

int channel = -1;

// A system call costs more than a cycle of most models: requests are read, and answers written, as one.
std::vector<char> requests, answers;
size_t taken = 0;

void write_answers() {
    size_t sent = 0;
    while (sent < answers.size()) {
        const ssize_t count = write(channel, answers.data() + sent, answers.size() - sent);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) _exit(CLOSED);
        sent += static_cast<size_t>(count);
    }
    answers.clear();
}

void receive(void* data, size_t size) {
    for (char* next = static_cast<char*>(data); size > 0;) {
        if (taken == requests.size()) {
            write_answers();
            requests.resize(1 << 16);
            ssize_t count;
            do count = read(channel, requests.data(), requests.size());
            while (count < 0 && errno == EINTR);
            if (count <= 0) _exit(CLOSED);
            requests.resize(static_cast<size_t>(count));
            taken = 0;
        }
        const size_t part = std::min(size, requests.size() - taken);
        std::memcpy(next, requests.data() + taken, part);
        taken += part;
        next += part;
        size -= part;
    }
}

void send(const void* data, size_t size) {
    const char* first = static_cast<const char*>(data);
    answers.insert(answers.end(), first, first + size);
    if (answers.size() >= 1 << 16) write_answers();
}

void send(uint64_t number) { send(&number, sizeof number); }

void send(const std::string& text) {
    send(text.size());
    send(text.data(), text.size());
}

uint64_t receive() {
    uint64_t number;
    receive(&number, sizeof number);
    return number;
}

std::string receive_text(size_t size) {
    std::string text(size, '\0');
    receive(&text[0], size);
    return text;
}

// The model has neither the socket at a number that it knows nor the input of the program.
void take_stdin() {
    channel = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 100);
    const int empty = open("/dev/null", O_RDONLY);
    if (channel < 0 || empty < 0 || dup2(empty, STDIN_FILENO) < 0) _exit(UNCONFINED);
    close(empty);
}

void limit(int resource, rlim_t most) {
    rlimit value{most, most};
    rlimit before;
    if (getrlimit(resource, &before) == 0 && before.rlim_max < most) value = {before.rlim_max, before.rlim_max};
    setrlimit(resource, &value);
}

#ifdef __linux__
// Landlock as the kernel documents it; the headers of older systems lack it or parts of it.
namespace landlock {
const long CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446;
const uint64_t EXECUTE = 1, WRITE_FILE = 1 << 1, READ_FILE = 1 << 2, READ_DIR = 1 << 3, REMOVE_FILE = 1 << 5,
               MAKE_REG = 1 << 8, TRUNCATE = 1 << 14;
// Everything from removing a folder to making a symbolic link: bits 4 to 12.
const uint64_t REMOVE_AND_MAKE = 0x1ff0, REFER = 1 << 13, IOCTL_DEVICE = 1 << 15;
const uint64_t BIND_AND_CONNECT_TCP = 3, SIGNALS_AND_ABSTRACT_SOCKETS = 3;

struct Ruleset {
    uint64_t files, network, scope;
};

struct Beneath {
    uint64_t access;
    int32_t folder;
} __attribute__((packed));

// Version of the interface, 0 if the kernel has none.
int version() {
    const long found = syscall(CREATE_RULESET, nullptr, 0, 1);
    return found < 0 ? 0 : static_cast<int>(found);
}

// Forbids the accesses of `denied` but those of a rule: a folder and the accesses below it.
void restrict_to(Ruleset denied, const std::vector<std::pair<std::string, uint64_t>>& rules) {
    const int found = version();
    const size_t size = found < 4 ? 8 : found < 6 ? 16 : 24;
    const long set = syscall(CREATE_RULESET, &denied, size, 0);
    bool is_done = set >= 0;
    for (const auto& rule : rules) {
        const int folder = open(rule.first.c_str(), O_PATH | O_CLOEXEC);
        if (folder < 0) continue;  // What is not there needs no permission.
        const Beneath beneath{rule.second & denied.files, folder};
        is_done = is_done && syscall(ADD_RULE, set, 1, &beneath, 0) == 0;
        close(folder);
    }
    is_done = is_done && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(RESTRICT_SELF, set, 0) == 0;
    if (!is_done) _exit(UNCONFINED);
    close(static_cast<int>(set));
}
}  // namespace landlock

// Forbids to write outside of the folder, to run programs, and to use the network.
int forbid_writes(const std::string& folder) {
    using namespace landlock;
    const int found = version();
    if (found == 0) return 0;
    Ruleset denied{EXECUTE | WRITE_FILE | REMOVE_AND_MAKE, 0, 0};
    if (found >= 2) denied.files |= REFER;
    if (found >= 3) denied.files |= TRUNCATE;
    if (found >= 4) denied.network = BIND_AND_CONNECT_TCP;
    if (found >= 5) denied.files |= IOCTL_DEVICE;
    if (found >= 6) denied.scope = SIGNALS_AND_ABSTRACT_SOCKETS;
    restrict_to(denied, {{folder, WRITE_FILE | REMOVE_FILE | MAKE_REG | TRUNCATE}});
    return found;
}

// Forbids to read outside of these folders.
void forbid_reads(char** folders) {
    using namespace landlock;
    if (version() == 0) return;
    std::vector<std::pair<std::string, uint64_t>> rules;
    for (; *folders; ++folders) rules.push_back({*folders, READ_FILE | READ_DIR});
    restrict_to({READ_FILE | READ_DIR, 0, 0}, rules);
}
#else
int forbid_writes(const std::string&) { return 0; }

void forbid_reads(char**) {}
#endif

// A model that never returns would outlive a program that is gone.
void end_with_the_program() {
    std::thread([] {
        pollfd hangup{channel, 0, 0};
        while (poll(&hangup, 1, -1) < 0 && errno == EINTR) {
        }
        _exit(CLOSED);
    }).detach();
}

// Describes the model, or says why it does not load.
const QrtlModel* load(const char* path, const char* symbol, int protection) {
    void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void* entry = library ? dlsym(library, symbol) : nullptr;
    if (!entry) {
        send(1);
        send(std::string(dlerror()));
        write_answers();
        _exit(CLOSED);
    }
    const QrtlModel* model = reinterpret_cast<const QrtlModel* (*)()>(entry)();
    send(uint64_t{0});
    send(static_cast<uint64_t>(protection));
    send(static_cast<uint64_t>(model->abi));
    // The fields of other versions may lie elsewhere.
    if (model->abi != ABI) {
        write_answers();
        _exit(CLOSED);
    }
    send(static_cast<uint64_t>(model->lanes));
    send(std::string(model->digest));
    send(model->port_count);
    for (uint64_t index = 0; index < model->port_count; ++index) {
        send(std::string(model->ports[index].name));
        send(model->ports[index].bytes);
        send(static_cast<uint64_t>(model->ports[index].output));
    }
    return model;
}

// Answers with the status of a request and, if it failed, the message of the simulator.
void answer(const QrtlModel& model, int status) {
    std::fflush(stdout);
    send(static_cast<uint64_t>(status));
    if (status == 0) return;
    char text[1024] = "";
    model.take_error(text, sizeof text);
    send(std::string(text));
}

void batch(const QrtlModel& model, void* instance, uint64_t rows) {
    std::vector<std::vector<char>> columns(model.port_count);
    std::vector<void*> pointers;
    for (uint64_t index = 0; index < model.port_count; ++index) {
        columns[index].resize(rows * model.ports[index].bytes);
        if (!model.ports[index].output) receive(columns[index].data(), columns[index].size());
        pointers.push_back(columns[index].data());
    }
    const int status = model.batch(instance, rows, pointers.data());
    answer(model, status);
    for (uint64_t index = 0; status == 0 && index < model.port_count; ++index) {
        if (model.ports[index].output) send(columns[index].data(), columns[index].size());
    }
}

void serve(const QrtlModel& model) {
    for (void* instance = nullptr;;) {
        const uint64_t request = receive(), number = receive();
        switch (request) {
            case CREATE:
                instance = model.create(static_cast<uint32_t>(number));
                answer(model, 0);
                break;
            case DESTROY:
                model.destroy(instance);
                answer(model, 0);
                break;
            case BATCH: batch(model, instance, number); break;
            case TRACE: answer(model, model.trace(instance, receive_text(number).c_str())); break;
            case COVERAGE: answer(model, model.coverage(instance, receive_text(number).c_str())); break;
            case SELECT: answer(model, model.select(instance, number)); break;
        }
    }
}

}  // namespace

int main(int, char** arguments) {
#ifdef __linux__
    // The only argument asks for the version of Landlock.
    if (arguments[1] && !arguments[2]) return std::printf("%d\n", landlock::version()) < 0;
#endif
    take_stdin();
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_AS, std::strtoull(arguments[4], nullptr, 10));
    limit(RLIMIT_FSIZE, std::strtoull(arguments[5], nullptr, 10));
    std::set_new_handler([] { _exit(OUT_OF_MEMORY); });
    const bool is_confined = std::string(arguments[6]) == "confined";
    const int protection = is_confined ? forbid_writes(arguments[3]) : 0;
    const QrtlModel* model = load(arguments[1], arguments[2], protection);
    if (is_confined) forbid_reads(arguments + 7);
    end_with_the_program();
    serve(*model);
}
