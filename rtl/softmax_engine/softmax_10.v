// SPDX-License-Identifier: 0BSD
// softmax_10: softmax of int8 codes, stream to stream.
// code = clamp(RDBPOT(SRDHM(1 / sum, e), 23 + exponent) - 128), sum of RDBPOT(e, 12).
// Rows of 10 codes; rows of a frame: 1.
// Multipliers: 1. Clock cycles of a frame: at most 147. Exponentials: 128 words.
//
// Made by qrtl 0.1.0 with: qrtl generate softmax_engine --preset softmax_10
// Config digest: b4c3ff8309906751

`default_nettype none

module softmax_10 (
    input  wire       clk,           // acts on the rising edge
    input  wire       rst,           // synchronous, drops all frames
    input  wire [7:0] s_axis_tdata,  // input codes
    input  wire       s_axis_tvalid, // there is a beat
    output wire       s_axis_tready, // a beat moves on an edge with both valid and ready
    output wire [7:0] m_axis_tdata,  // output codes, of scale 1/256 and zero point -128
    output wire       m_axis_tlast,  // the beat ends a frame
    output wire       m_axis_tvalid, // there is a beat
    input  wire       m_axis_tready  // a beat moves on an edge with both valid and ready
);

    // Exponentials by the distance to the largest code, in Q0.31.
    reg [30:0] exponentials [0:127];

    initial begin
        exponentials[0] = 31'h7fffffff;
        exponentials[1] = 31'h6c6c02df;
        exponentials[2] = 31'h5bd69fe1;
        exponentials[3] = 31'h4dca975f;
        exponentials[4] = 31'h41e49336;
        exponentials[5] = 31'h37d07689;
        exponentials[6] = 31'h2f46fdda;
        exponentials[7] = 31'h280bca84;
        exponentials[8] = 31'h21ebbdb6;
        exponentials[9] = 31'h1cbb881f;
        exponentials[10] = 31'h18567961;
        exponentials[11] = 31'h149d7fe5;
        exponentials[12] = 31'h1176497f;
        exponentials[13] = 31'h0eca8a03;
        exponentials[14] = 31'h0c875fa8;
        exponentials[15] = 31'h0a9ccb57;
        exponentials[16] = 31'h08fd3ffc;
        exponentials[17] = 31'h079d43de;
        exponentials[18] = 31'h06731e31;
        exponentials[19] = 31'h057692b0;
        exponentials[20] = 31'h04a0a7ef;
        exponentials[21] = 31'h03eb7564;
        exponentials[22] = 31'h0351f9c5;
        exponentials[23] = 31'h02cff7fb;
        exponentials[24] = 31'h0261d8cb;
        exponentials[25] = 31'h02049182;
        exponentials[26] = 31'h01b58eac;
        exponentials[27] = 31'h0172a19f;
        exponentials[28] = 31'h0139f11c;
        exponentials[29] = 31'h0109ec5a;
        exponentials[30] = 31'h00e13fd3;
        exponentials[31] = 31'h00becbeb;
        exponentials[32] = 31'h00a19d0f;
        exponentials[33] = 31'h0088e4e5;
        exponentials[34] = 31'h0073f4a5;
        exponentials[35] = 31'h00623844;
        exponentials[36] = 31'h0053325c;
        exponentials[37] = 31'h004678b1;
        exponentials[38] = 31'h003bb14d;
        exponentials[39] = 31'h00328ff8;
        exponentials[40] = 31'h002ad424;
        exponentials[41] = 31'h00244722;
        exponentials[42] = 31'h001ebaa2;
        exponentials[43] = 31'h001a0766;
        exponentials[44] = 31'h00160c35;
        exponentials[45] = 31'h0012ace8;
        exponentials[46] = 31'h000fd1a6;
        exponentials[47] = 31'h000d663d;
        exponentials[48] = 31'h000b5992;
        exponentials[49] = 31'h00099d28;
        exponentials[50] = 31'h000824b6;
        exponentials[51] = 31'h0006e5d9;
        exponentials[52] = 31'h0005d7c1;
        exponentials[53] = 31'h0004f2f9;
        exponentials[54] = 31'h0004312f;
        exponentials[55] = 31'h00038d09;
        exponentials[56] = 31'h000301ff;
        exponentials[57] = 31'h00028c39;
        exponentials[58] = 31'h00022876;
        exponentials[59] = 31'h0001d3f6;
        exponentials[60] = 31'h00018c63;
        exponentials[61] = 31'h00014fc2;
        exponentials[62] = 31'h00011c67;
        exponentials[63] = 31'h0000f0e7;
        exponentials[64] = 31'h0000cc0e;
        exponentials[65] = 31'h0000acd8;
        exponentials[66] = 31'h00009268;
        exponentials[67] = 31'h00007c03;
        exponentials[68] = 31'h0000690b;
        exponentials[69] = 31'h000058fa;
        exponentials[70] = 31'h00004b5e;
        exponentials[71] = 31'h00003fd7;
        exponentials[72] = 31'h00003613;
        exponentials[73] = 31'h00002dce;
        exponentials[74] = 31'h000026cc;
        exponentials[75] = 31'h000020dd;
        exponentials[76] = 31'h00001bd6;
        exponentials[77] = 31'h00001794;
        exponentials[78] = 31'h000013f9;
        exponentials[79] = 31'h000010eb;
        exponentials[80] = 31'h00000e55;
        exponentials[81] = 31'h00000c23;
        exponentials[82] = 31'h00000a48;
        exponentials[83] = 31'h000008b6;
        exponentials[84] = 31'h00000761;
        exponentials[85] = 31'h00000640;
        exponentials[86] = 31'h0000054b;
        exponentials[87] = 31'h0000047c;
        exponentials[88] = 31'h000003cc;
        exponentials[89] = 31'h00000337;
        exponentials[90] = 31'h000002ba;
        exponentials[91] = 31'h0000024f;
        exponentials[92] = 31'h000001f4;
        exponentials[93] = 31'h000001a8;
        exponentials[94] = 31'h00000167;
        exponentials[95] = 31'h00000130;
        exponentials[96] = 31'h00000102;
        exponentials[97] = 31'h000000db;
        exponentials[98] = 31'h000000b9;
        exponentials[99] = 31'h0000009d;
        exponentials[100] = 31'h00000085;
        exponentials[101] = 31'h00000070;
        exponentials[102] = 31'h0000005f;
        exponentials[103] = 31'h00000051;
        exponentials[104] = 31'h00000044;
        exponentials[105] = 31'h0000003a;
        exponentials[106] = 31'h00000031;
        exponentials[107] = 31'h0000002a;
        exponentials[108] = 31'h00000023;
        exponentials[109] = 31'h0000001e;
        exponentials[110] = 31'h00000019;
        exponentials[111] = 31'h00000015;
        exponentials[112] = 31'h00000012;
        exponentials[113] = 31'h0000000f;
        exponentials[114] = 31'h0000000d;
        exponentials[115] = 31'h0000000b;
        exponentials[116] = 31'h00000009;
        exponentials[117] = 31'h00000008;
        exponentials[118] = 31'h00000007;
        exponentials[119] = 31'h00000006;
        exponentials[120] = 31'h00000005;
        exponentials[121] = 31'h00000004;
        exponentials[122] = 31'h00000003;
        exponentials[123] = 31'h00000003;
        exponentials[124] = 31'h00000002;
        exponentials[125] = 31'h00000000;
        exponentials[126] = 31'h00000000;
        exponentials[127] = 31'h00000000;
    end

    // Passes over a row: its codes arrive, their exponentials are summed, the sum is normalized,
    // its reciprocal is computed, and each code leaves as reciprocal times exponential.
    localparam [2:0] LOAD       = 3'd0;
    localparam [2:0] SUM        = 3'd1;
    localparam [2:0] NORMALIZE  = 3'd2;
    localparam [2:0] RECIPROCAL = 3'd3;
    localparam [2:0] SCALE      = 3'd4;

    reg [2:0] state;
    reg [2:0] round; // multiplication of the reciprocal
    reg [2:0] step;  // step of a multiplication
    reg [3:0] index;
    reg is_last;     // the code that is scaled is the last of its row
    reg code_valid, read_valid, exponential_valid;
    reg output_valid;
    reg [22:0] sum;

    wire accepts = s_axis_tvalid && s_axis_tready;
    wire index_end = index == 4'd9;
    // The exponential of the next code comes four cycles later, when this code no longer needs its
    //     own.
    wire next_code = state == SCALE && step == 3'd3;
    wire index_step = accepts || state == SUM || next_code;
    wire output_enable = !output_valid || m_axis_tready;
    wire multiplies = state == RECIPROCAL || state == SCALE;
    wire finishes = step == 3'd6 && (state == RECIPROCAL || output_enable);
    wire is_summed = state == NORMALIZE && !code_valid && !read_valid && !exponential_valid;
    wire is_normalized = is_summed && sum[22];

    assign s_axis_tready = state == LOAD;

    always @(posedge clk) begin
        if (rst) begin
            state             <= LOAD;
            round             <= 3'd0;
            step              <= 3'd0;
            index             <= 4'd0;
            code_valid        <= 1'b0;
            read_valid        <= 1'b0;
            exponential_valid <= 1'b0;
        end else begin
            code_valid        <= state == SUM;
            read_valid        <= code_valid;
            exponential_valid <= read_valid;
            if (index_step)
                index <= index_end ? 4'd0 : index + 4'd1;
            if (finishes)
                step <= 3'd0;
            else if (multiplies && step != 3'd6)
                step <= step + 3'd1;
            case (state)
                LOAD:
                    if (accepts && index_end)
                        state <= SUM;
                SUM:
                    if (index_end)
                        state <= NORMALIZE;
                NORMALIZE:
                    if (is_normalized)
                        state <= RECIPROCAL;
                RECIPROCAL:
                    if (finishes) begin
                        round <= round == 3'd6 ? 3'd0 : round + 3'd1;
                        if (round == 3'd6)
                            state <= SCALE;
                    end
                default:
                    if (finishes && is_last)
                        state <= LOAD;
            endcase
        end
    end

    // The row, its largest code, and the exponential of the code at the index. The exponential
    //     comes three
    // cycles later, through a register of its own, so that no slow path begins in the memory.
    (* no_rw_check *)
    reg [7:0] codes [0:9]; // not read while codes arrive
    reg [7:0] largest, code;
    reg [30:0] read_exponential, exponential;
    wire [7:0] distance = largest - code;
    reg is_far, is_zero; // the exponential lies beyond the table
    reg is_zero_scaled;

    always @(posedge clk)
        if (accepts)
            codes[index] <= s_axis_tdata;

    always @(posedge clk)
        if (accepts && (index == 4'd0 || $signed(s_axis_tdata) > $signed(largest)))
            largest <= s_axis_tdata;

    always @(posedge clk) begin
        code             <= codes[index];
        read_exponential <= exponentials[distance[6:0]];
        exponential      <= read_exponential;
        is_far           <= distance[7];
        is_zero          <= is_far;
    end

    // The next code is looked up before this one is finished.
    always @(posedge clk)
        if (next_code) begin
            is_last        <= index_end;
            is_zero_scaled <= is_zero;
        end

    // Each left shift of the sum takes one from the right shifts of the codes.
    reg [1:0] right;

    always @(posedge clk)
        if (state == LOAD)
            right <= 2'd3;
        else if (is_summed && !is_normalized)
            right <= right - 2'd1;

    always @(posedge clk)
        if (state == LOAD)
            sum <= 23'd0;
        else if (exponential_valid && !is_zero)
            sum <= sum + {4'd0, exponential[30:12]} + {22'd0, exponential[11]};
        else if (is_summed && !is_normalized)
            sum <= {sum[21:0], 1'b0};

    // The product of estimate and factor over 2^31, rounded half up, from four products of their
    // halves. SRDHM saturates only if both are -2^31, which no estimate is.
    reg [31:0] estimate;
    reg [25:0] error;
    wire [31:0] factor = state == SCALE ? {1'b0, exponential} :
                         round == 3'd0 || round[0] ? {1'b0, sum, 8'd0} : {{6{error[25]}}, error};
    reg signed [16:0] left, other;
    reg signed [33:0] product;
    reg [33:0] total;
    reg result_lsb;
    wire [33:0] upper_total = {{16{total[33]}}, total[33:16]};
    wire [2:0] products = step - 3'd1; // number of products of this multiplication
    wire [33:0] addend = products == 3'd1 ? 34'h040000000 : products[0] ? total : upper_total;
    wire [31:0] result = {total[30:0], result_lsb};

    always @(posedge clk) begin
        left  <= $signed(step[1] ? {estimate[31], estimate[31:16]} : {1'b0, estimate[15:0]});
        other <= $signed(step[0] ? {factor[31], factor[31:16]} : {1'b0, factor[15:0]});
    end

    always @(posedge clk) begin
        product <= left * other;
        if (step != 3'd6) begin
            total <= addend + product[33:0];
            if (!products[0])
                result_lsb <= total[15];
        end
    end

    // The reciprocal of half the sum: a first estimate, then in each Newton step its error, below
    // 1/16, and a better estimate; doubled in the end, saturated.
    wire [31:0] refined = estimate + {result[29:0], 2'b00};

    always @(posedge clk)
        if (state == NORMALIZE)
            estimate <= -32'sd1010580540;
        else if (finishes && state == RECIPROCAL) begin
            if (round == 3'd0)
                estimate <= 32'd1515870810 + result;
            else if (round == 3'd6)
                estimate <= refined[30] ? 32'h7fffffff : {refined[30:0], 1'b0};
            else if (!round[0])
                estimate <= refined;
        end

    always @(posedge clk)
        if (finishes)
            error <= 26'd0 - result[25:0]; // 1 - product, where 1 is 2^29

    // The code, rounded half up and saturated, minus 128.
    wire [8:0] scaled = result[30:22] >> right;
    wire [8:0] rounded = {1'b0, scaled[8:1]} + {8'd0, scaled[0]};
    reg [7:0] output_code;
    reg output_last;

    always @(posedge clk) begin
        if (rst)
            output_valid <= 1'b0;
        else if (output_enable)
            output_valid <= state == SCALE && finishes;
    end

    always @(posedge clk)
        if (output_enable) begin
            output_code <= is_zero_scaled ? 8'h80 : rounded[8] ? 8'h7f :
                {~rounded[7], rounded[6:0]};
            output_last <= is_last;
        end

    assign m_axis_tdata  = output_code;
    assign m_axis_tlast  = output_last;
    assign m_axis_tvalid = output_valid;
endmodule

`default_nettype wire
