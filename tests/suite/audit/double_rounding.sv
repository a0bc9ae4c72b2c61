// Requantizer that rounds twice, as gemmlowp does; valid and ready, results are held until accepted.
module double_rounding
    import tflite_pkg::*;
(
    input  logic   clk_i,
    input  logic   rst_ni,
    input  logic   valid_i,
    output logic   ready_o,
    input  acc_t   acc_i,
    input  logic signed [31:0] multiplier_i,
    input  logic [4:0] exponent_i,
    output logic   valid_o,
    input  logic   ready_i,
    output code_t  code_o
);
    acc_t high_q, scaled;
    logic [4:0] exponent_q;
    logic high_valid_q;
    logic move;

    assign move = ready_i || !valid_o;
    assign ready_o = move;
    assign scaled = divide_by_pot(high_q, exponent_q);

    always_ff @(posedge clk_i or negedge rst_ni) begin
        if (!rst_ni) begin
            high_valid_q <= 1'b0;
            valid_o <= 1'b0;
            high_q <= '0;
            exponent_q <= '0;
            code_o <= '0;
        end else if (move) begin
            high_valid_q <= valid_i;
            valid_o <= high_valid_q;
            if (valid_i) begin
                high_q <= high_mul(acc_i, multiplier_i);
                exponent_q <= exponent_i;
            end
            if (high_valid_q) begin
                if (scaled > 127) code_o <= 8'sd127;
                else if (scaled < -128) code_o <= -8'sd128;
                else code_o <= code_t'(scaled);
            end
        end
    end
endmodule
