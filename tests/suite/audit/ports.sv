// Ports that a map has to describe: shifts, carry-save pairs, clocks, structs and interfaces.

module shifted_product (input logic signed [13:0] a, input logic signed [13:0] b, output logic signed [13:0] p);
    logic signed [27:0] full;
    assign full = a * b;
    assign p = full[20:7];
endmodule

// Four products with gains in 4.4 fixed point.
module shifted_dot (input logic signed [47:0] a, input logic [31:0] b, output logic signed [11:0] y);
    logic signed [23:0] s;
    always_comb begin
        s = '0;
        for (int i = 0; i < 4; i++) s = s + $signed(a[12*i +: 12]) * $signed({1'b0, b[8*i +: 8]});
        s = s >>> 4;
    end
    assign y = s > 2047 ? 12'sd2047 : s < -2048 ? -12'sd2048 : s[11:0];
endmodule

// Two dot products of four lanes share a.
module two_rows (input logic [31:0] a, input logic [63:0] b, output logic [39:0] out);
    for (genvar row = 0; row < 2; row++) begin : rows
        logic signed [19:0] s;
        always_comb begin
            s = '0;
            for (int i = 0; i < 4; i++) s = s + $signed(a[8*i +: 8]) * $signed(b[32*row + 8*i +: 8]);
        end
        assign out[20*row +: 20] = s;
    end
endmodule

module two_clocks (
    input  logic               clk,
    input  logic               clk_gated,
    input  logic signed [7:0]  a,
    input  logic signed [7:0]  b,
    output logic signed [15:0] p
);
    logic signed [7:0] x, y;
    always_ff @(posedge clk) {x, y} <= {a, b};
    always_ff @(posedge clk_gated) p <= x * y;
endmodule

module carry_save (input logic [7:0] a, input logic [7:0] b, output logic [15:0] sum, output logic [15:0] carry);
    assign sum   = a * (b & 8'h55);
    assign carry = a * (b & 8'haa);
endmodule

package mode_pkg;
    typedef enum logic [1:0] {UNSIGNED_MODE = 0, SIGNED_MODE = 1} mode_t;
    typedef struct packed {
        logic       start;
        mode_t      mode;
        logic [4:0] unused;
    } ctrl_t;
endpackage

module struct_control (
    input  logic [7:0]      a,
    input  logic [7:0]      b,
    input  mode_pkg::ctrl_t ctrl,
    output logic [15:0]     p
);
    logic [15:0] signed_product, unsigned_product;
    assign signed_product = $signed(a) * $signed(b);
    assign unsigned_product = a * b;
    assign p = ctrl.mode == mode_pkg::SIGNED_MODE ? signed_product : unsigned_product;
endmodule

interface stream #(parameter int W = 8);
    logic valid, ready;
    logic [W-1:0] data;
    modport sink(input valid, data, output ready);
    modport source(output valid, data, input ready);
endinterface

module streams #(parameter bit NEGATE = 0) (input logic clk, stream.sink x, stream.sink y, stream.source z);
    always_ff @(posedge clk)
        if (x.valid && y.valid) z.data <= NEGATE ? 8'(-(x.data * y.data)) : 8'(x.data * y.data);
    assign z.valid = 1;
    assign x.ready = 1, y.ready = 1;
endmodule

// The module is defined twice, and the definitions differ.
module half_adder (input logic a, input logic b, output logic s); assign s = a ^ b; endmodule
module half_adder (input logic a, input logic b, output logic s); assign s = a | b; endmodule

module small_product (input logic [1:0] a, input logic [1:0] b, output logic [3:0] p);
    logic s, c;
    half_adder middle (a[1] & b[0], a[0] & b[1], s);
    assign c = &{a, b};
    assign p = {c, (a[1] & b[1]) ^ c, s, a[0] & b[0]};
endmodule

// Inputs without a function in normal operation: a tag that is not read, a test mode, and an active-low hold.
module extra_inputs (
    input  signed [7:0]  a,
    input  signed [7:0]  b,
    input         [12:0] tag,
    input                test_mode,
    input         [1:0]  hold_n,
    output signed [15:0] p
);
    wire unused = ^tag;
    wire signed [15:0] product = a * b;
    assign p = test_mode || hold_n != 2'b11 ? 16'sd0 : product;
endmodule
