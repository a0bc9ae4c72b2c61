// Multiplier on AXI-Stream: two int8 operands and a tag in one word; product and tag out.
module axis_mul (
    input  wire        aclk, aresetn,
    input  wire [31:0] s_axis_tdata,
    input  wire        s_axis_tvalid,
    output wire        s_axis_tready,
    output reg  [23:0] m_axis_tdata,
    output reg         m_axis_tvalid,
    input  wire        m_axis_tready
);
    wire signed [15:0] product = $signed(s_axis_tdata[19:12]) * $signed(s_axis_tdata[7:0]);
    assign s_axis_tready = m_axis_tready;
    always @(posedge aclk)
        if (!aresetn) m_axis_tvalid <= 1'b0;
        else if (m_axis_tready) begin
            m_axis_tvalid <= s_axis_tvalid;
            m_axis_tdata <= {s_axis_tdata[31:24], product};
        end
endmodule
