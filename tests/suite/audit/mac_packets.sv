// Mac of unsigned by signed that wraps at 24 bits; `in_last` ends a packet, `out_valid` marks its sum.
module mac_packets #(parameter int unsigned A = 8, B = 8, ACC = 24) (
    input  logic                  clk,
    input  logic                  arst_n,
    input  logic                  in_valid,
    input  logic                  in_last,
    input  logic        [A-1:0]   activation,
    input  logic signed [B-1:0]   weight,
    output logic                  out_valid,
    output logic signed [ACC-1:0] out_sum
);
    logic signed [ACC-1:0] acc, total;
    logic fresh;

    assign total = (fresh ? '0 : acc) + ACC'($signed({1'b0, activation}) * weight);

    always_ff @(posedge clk or negedge arst_n) begin
        if (!arst_n) begin
            acc <= '0;
            fresh <= 1'b1;
            out_valid <= 1'b0;
            out_sum <= '0;
        end else begin
            out_valid <= in_valid && in_last;
            if (in_valid) begin
                acc <= total;
                fresh <= in_last;
                if (in_last) out_sum <= total;
            end
        end
    end
endmodule
