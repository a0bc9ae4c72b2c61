// SPDX-License-Identifier: 0BSD
// CCU2C: a simulation model of the ECP5 cell of two LUTs and the carry through them. Synthesis and
// place and route have the cell itself; give them the generated module alone.

`default_nettype none

module CCU2C #(
    parameter [15:0] INIT0 = 16'h0000,
    parameter [15:0] INIT1 = 16'h0000,
    parameter [23:0] INJECT1_0 = "YES",
    parameter [23:0] INJECT1_1 = "YES"
) (
    input  wire CIN,
    input  wire A0, B0, C0, D0,
    input  wire A1, B1, C1, D1,
    output wire S0, S1,
    output wire COUT
);

    // A half that injects takes no part in the carry but to pass it on.
    wire alone_0 = INJECT1_0 == "YES";
    wire alone_1 = INJECT1_1 == "YES";

    wire lut_0 = INIT0[{D0, C0, B0, A0}];
    wire generate_0 = INIT0[{2'b00, B0, A0}] & ~alone_0;
    wire carry = lut_0 ? CIN : generate_0;
    assign S0 = lut_0 ^ (CIN & ~alone_0);

    wire lut_1 = INIT1[{D1, C1, B1, A1}];
    wire generate_1 = INIT1[{2'b00, B1, A1}] & ~alone_1;
    assign COUT = lut_1 ? carry : generate_1;
    assign S1 = lut_1 ^ (carry & ~alone_1);
endmodule

`default_nettype wire
