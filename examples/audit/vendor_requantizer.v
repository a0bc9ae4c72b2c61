// A requantizer as it could come from somebody else: Q0.31 multiplier, right shift, ReLU6 as a clamp.
module vendor_requantizer (
    input                    clk,
    input                    rst_n,
    input                    in_valid,
    input      signed [31:0] in_acc,
    input      signed [31:0] in_mult,
    input             [5:0]  in_shift,
    output reg               out_valid,
    output reg signed [7:0]  out_data
);
    reg               valid_1;
    reg signed [63:0] product;
    reg        [5:0]  shift_1;
    wire signed [63:0] rounded = product + (64'sd1 <<< (6'd31 + shift_1 - 6'd1));
    wire signed [63:0] shifted = rounded >>> (6'd31 + shift_1);

    always @(posedge clk) begin
        if (!rst_n) begin
            valid_1   <= 1'b0;
            out_valid <= 1'b0;
        end else begin
            valid_1   <= in_valid;
            out_valid <= valid_1;
        end
        product  <= in_acc * in_mult;
        shift_1  <= in_shift;
        out_data <= shifted > 127 ? 8'sd127 : shifted < -128 ? -8'sd128 : shifted[7:0];
    end
endmodule
