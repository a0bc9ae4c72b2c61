// Requantizer that rounds the magnitude and restores the sign: ties away from zero, symmetric bounds.
module half_away #(
    parameter ACC_W = 32,
    parameter OUT_W = 8
) (
    input  wire                    clock,
    input  wire                    reset,
    input  wire                    stall_n,
    input  wire signed [ACC_W-1:0] sum,
    input  wire        [15:0]      scale,
    input  wire        [4:0]       right,
    output reg  signed [OUT_W-1:0] code
);
    localparam signed [OUT_W-1:0] LIMIT = {1'b0, {(OUT_W - 1){1'b1}}};

    reg                sign;
    reg [ACC_W+15:0]   magnitude;
    reg [4:0]          right_q;
    wire [ACC_W-1:0]   absolute = sum[ACC_W-1] ? -sum : sum;
    wire [ACC_W+15:0]  half = right_q == 0 ? 0 : {{(ACC_W + 15){1'b0}}, 1'b1} << (right_q - 1);
    wire [ACC_W+15:0]  rounded = (magnitude + half) >> right_q;
    wire               outside = rounded > {{(ACC_W + 16 - OUT_W){1'b0}}, LIMIT};
    wire [OUT_W-1:0]   bounded = outside ? LIMIT : rounded[OUT_W-1:0];

    always @(posedge clock) begin
        if (reset) begin
            sign      <= 1'b0;
            magnitude <= 0;
            right_q   <= 0;
            code      <= 0;
        end else if (stall_n) begin
            sign      <= sum[ACC_W-1];
            magnitude <= absolute * scale;
            right_q   <= right;
            code      <= sign ? -$signed(bounded) : $signed(bounded);
        end
    end
endmodule
