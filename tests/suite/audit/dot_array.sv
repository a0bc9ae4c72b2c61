// Dot product of four pairs per cycle from an unpacked array and a packed vector.
module dot_array #(parameter int LANES = 4) (
    input  logic               clk,
    input  logic signed [7:0]  a [LANES],
    input  logic        [31:0] packed_b,
    input  logic        [1:0]  mode,
    output logic signed [17:0] y
);
    logic signed [15:0] p [LANES];
    always_ff @(posedge clk) begin
        for (int lane = 0; lane < LANES; lane++)
            p[lane] <= a[lane] * $signed(packed_b[8*lane +: 8]);
        y <= mode == 2'd2 ? 18'(p[0]) + 18'(p[1]) + 18'(p[2]) + 18'(p[3]) : '0;
    end
endmodule
