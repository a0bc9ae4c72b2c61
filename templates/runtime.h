// SPDX-License-Identifier: MIT OR Apache-2.0
// Included before every file of Verilator's runtime, to redirect its output to the handlers.
#ifdef __GNUC__
__attribute__((format(printf, 1, 2)))
#endif
void qrtl_print(const char* format, ...);
#define VL_PRINTF qrtl_print
