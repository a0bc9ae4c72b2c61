// Two products packed into one multiplier; the borrow of the lower product is not corrected in the upper one.
module packed_pair #(parameter W = 8) (
    input  wire signed [W-1:0]   a_low,
    input  wire signed [W-1:0]   a_high,
    input  wire signed [W-1:0]   b,
    output wire signed [2*W-1:0] p_low,
    output wire signed [2*W-1:0] p_high
);
    localparam GAP = 2 * W + 2;
    wire signed [GAP+W:0]   factor = {a_high[W-1], a_high, {GAP{1'b0}}} + {{(GAP + 1){a_low[W-1]}}, a_low};
    wire signed [GAP+2*W:0] product = factor * b;
    assign p_low  = product[2*W-1:0];
    assign p_high = product[GAP+2*W-1:GAP];
endmodule
