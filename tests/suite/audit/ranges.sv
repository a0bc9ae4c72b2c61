// Requantizers that are right in a part of the range of their parameter ports.

// Half up by a shift; KIND selects the fault at one end of the shift.
module shift_range #(parameter int KIND = 0) (
    input  logic signed [31:0] acc,
    input  logic        [5:0]  shift,
    output logic signed [7:0]  q
);
    logic [5:0] amount, below;
    logic signed [65:0] half, r;
    assign amount = KIND == 1 ? shift & 6'd31 : shift;  // 1: the highest bit is ignored
    assign below  = amount - 6'd1;                      // 0: at shift 0, the constant is a large power
    assign half   = KIND != 0 && amount == 0 ? 66'sd0 : 66'sd1 <<< below;
    assign r      = (acc + half) >>> amount;
    assign q      = r > 127 ? 8'sd127 : r < -128 ? -8'sd128 : r[7:0];
endmodule

// Half up of a product; KIND selects how the highest bit of the multiplier is read.
module multiplier_range #(parameter int KIND = 0) (
    input  logic signed [31:0] acc,
    input  logic        [15:0] m,
    input  logic        [4:0]  shift,
    output logic signed [7:0]  q
);
    logic signed [16:0] k;
    logic signed [48:0] p, s;
    always_comb
        case (KIND)
            0: k = 17'($signed(m));                               // signed
            1: k = $signed({1'b0, m[15] ? -m : m});               // magnitude
            default: k = $signed({1'b0, m});                      // unsigned
        endcase
    assign p = acc * k;
    assign s = (p + (shift == 0 ? 49'sd0 : 49'sd1 <<< (shift - 5'd1))) >>> shift;
    assign q = s > 127 ? 8'sd127 : s < -128 ? -8'sd128 : s[7:0];
endmodule

// Fixed-point product with 8 fraction bits and a zero point; KIND selects what happens at the ends.
module ends #(parameter int KIND = 0) (
    input  logic signed [15:0] x,
    input  logic signed [15:0] k,
    input  logic signed [15:0] z,
    output logic signed [15:0] y
);
    function automatic logic signed [15:0] saturate(logic signed [33:0] v);
        return v > 32767 ? 16'sd32767 : v < -32768 ? -16'sd32768 : v[15:0];
    endfunction
    logic signed [33:0] product, r, low;
    assign product = x * k;
    assign r = product >>> 8;
    assign low = saturate(r);
    always_comb
        case (KIND)
            0: y = r[15:0] + z;
            1: y = saturate(r + z);
            default: y = saturate(low + z);
        endcase
endmodule

// Half away from zero by a shift: few enough operands to enumerate.
module few_operands (input logic signed [11:0] acc, input logic [3:0] shift, output logic signed [7:0] q);
    logic [13:0] magnitude, r;
    assign magnitude = acc < 0 ? 14'(-14'(acc)) : 14'(acc);
    assign r = (magnitude + (shift == 0 ? 14'd0 : 14'd1 << (shift - 4'd1))) >> shift;
    assign q = r > 127 + 14'(acc < 0) ? (acc < 0 ? -8'sd128 : 8'sd127) : acc < 0 ? 8'(-r) : 8'(r);
endmodule

// Half up of an unsigned accumulator that gives three codes only.
module few_codes (input logic [31:0] acc, output logic [31:0] q);
    assign q = 32'((33'(acc) + 33'h40000000) >> 31);
endmodule

// Product kept in 32 bits before the shift.
module narrow_product (input logic signed [31:0] a, input logic signed [31:0] b, output logic signed [31:0] q);
    logic signed [31:0] p;
    assign p = a * b;
    assign q = p >>> 10;
endmodule

// Bias added before the scale; the accumulator can come in two ports.
module biased #(parameter bit SPLIT = 0) (
    input  logic signed [31:0] acc,
    input  logic signed [31:0] bias,
    output logic signed [15:0] q
);
    logic signed [63:0] joined;
    logic signed [65:0] x, r;
    assign joined = {bias, acc};
    assign x = SPLIT ? 66'(joined) : 66'(acc) + 66'(bias);
    assign r = (x + 66'sd8) >>> 4;
    assign q = r > 32767 ? 16'sd32767 : r < -32768 ? -16'sd32768 : r[15:0];
endmodule
