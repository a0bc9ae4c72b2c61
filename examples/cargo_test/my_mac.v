// A hand-written multiply-accumulate with the ports and the module name of qrtl's config.
module mac_s8_s8_acc24 (
    input                    clk,
    input                    rst,
    input                    en,
    input                    clear,
    input      signed [7:0]  a,
    input      signed [7:0]  b,
    output reg signed [23:0] accum
);
    reg signed [15:0] product;
    reg               first;

    always @(posedge clk)
        if (rst) begin
            product <= 0;
            first   <= 0;
            accum   <= 0;
        end else if (en) begin
            product <= a * b;
            first   <= clear;
            accum   <= (first ? 24'sd0 : accum) + {{8{product[15]}}, product};
        end
endmodule
