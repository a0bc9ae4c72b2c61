// Requantizer that multiplies and shifts without rounding; asynchronous reset, active low.
module floor_pipe (
    input  wire               aclk,
    input  wire               aresetn,
    input  wire signed [31:0] s_data,
    input  wire        [30:0] s_mult,
    input  wire        [5:0]  s_shift,  // right shift of the whole product
    output reg  signed [7:0]  m_data
);
    reg signed [62:0] product;
    reg        [5:0]  shift_q;
    reg signed [62:0] shifted;

    always @(posedge aclk or negedge aresetn) begin
        if (!aresetn) begin
            product <= 63'sd0;
            shifted <= 63'sd0;
            shift_q <= 6'd0;
            m_data  <= 8'sd0;
        end else begin
            product <= s_data * $signed({1'b0, s_mult});
            shift_q <= s_shift;
            shifted <= product >>> shift_q;
            if (shifted > 63'sd127) m_data <= 8'sd127;
            else if (shifted < -63'sd128) m_data <= -8'sd128;
            else m_data <= shifted[7:0];
        end
    end
endmodule
