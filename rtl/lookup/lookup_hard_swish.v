// SPDX-License-Identifier: 0BSD
// lookup_hard_swish: function of one int8 code by a table, stream to stream.
// One code a clock cycle; m_axis_tready goes to s_axis_tready without a register.
//
// Made by qrtl 0.1.0 with: qrtl generate lookup --preset lookup_hard_swish
// Config digest: 0c0df98db8d6394f

`default_nettype none

module lookup_hard_swish (
    input  wire       clk,           // acts on the rising edge
    input  wire       rst,           // synchronous, drops all frames
    input  wire [7:0] s_axis_tdata,  // code
    input  wire       s_axis_tlast,  // the beat ends a frame
    input  wire       s_axis_tvalid, // there is a beat
    output wire       s_axis_tready, // a beat moves on an edge with both valid and ready
    output wire [7:0] m_axis_tdata,  // its entry in the table
    output wire       m_axis_tlast,  // the beat ends a frame
    output wire       m_axis_tvalid, // there is a beat
    input  wire       m_axis_tready  // a beat moves on an edge with both valid and ready
);

    // The code of each code.
    reg [7:0] entries [0:255];

    initial begin
        entries[0] = 8'h00;
        entries[1] = 8'h01;
        entries[2] = 8'h01;
        entries[3] = 8'h02;
        entries[4] = 8'h02;
        entries[5] = 8'h03;
        entries[6] = 8'h03;
        entries[7] = 8'h04;
        entries[8] = 8'h05;
        entries[9] = 8'h05;
        entries[10] = 8'h06;
        entries[11] = 8'h07;
        entries[12] = 8'h08;
        entries[13] = 8'h08;
        entries[14] = 8'h09;
        entries[15] = 8'h0a;
        entries[16] = 8'h0b;
        entries[17] = 8'h0c;
        entries[18] = 8'h0c;
        entries[19] = 8'h0d;
        entries[20] = 8'h0e;
        entries[21] = 8'h0f;
        entries[22] = 8'h10;
        entries[23] = 8'h11;
        entries[24] = 8'h12;
        entries[25] = 8'h13;
        entries[26] = 8'h14;
        entries[27] = 8'h15;
        entries[28] = 8'h16;
        entries[29] = 8'h17;
        entries[30] = 8'h18;
        entries[31] = 8'h1a;
        entries[32] = 8'h1b;
        entries[33] = 8'h1c;
        entries[34] = 8'h1d;
        entries[35] = 8'h1e;
        entries[36] = 8'h20;
        entries[37] = 8'h21;
        entries[38] = 8'h22;
        entries[39] = 8'h23;
        entries[40] = 8'h25;
        entries[41] = 8'h26;
        entries[42] = 8'h27;
        entries[43] = 8'h29;
        entries[44] = 8'h2a;
        entries[45] = 8'h2c;
        entries[46] = 8'h2d;
        entries[47] = 8'h2f;
        entries[48] = 8'h30;
        entries[49] = 8'h31;
        entries[50] = 8'h32;
        entries[51] = 8'h33;
        entries[52] = 8'h34;
        entries[53] = 8'h35;
        entries[54] = 8'h36;
        entries[55] = 8'h37;
        entries[56] = 8'h38;
        entries[57] = 8'h39;
        entries[58] = 8'h3a;
        entries[59] = 8'h3b;
        entries[60] = 8'h3c;
        entries[61] = 8'h3d;
        entries[62] = 8'h3e;
        entries[63] = 8'h3f;
        entries[64] = 8'h40;
        entries[65] = 8'h41;
        entries[66] = 8'h42;
        entries[67] = 8'h43;
        entries[68] = 8'h44;
        entries[69] = 8'h45;
        entries[70] = 8'h46;
        entries[71] = 8'h47;
        entries[72] = 8'h48;
        entries[73] = 8'h49;
        entries[74] = 8'h4a;
        entries[75] = 8'h4b;
        entries[76] = 8'h4c;
        entries[77] = 8'h4d;
        entries[78] = 8'h4e;
        entries[79] = 8'h4f;
        entries[80] = 8'h50;
        entries[81] = 8'h51;
        entries[82] = 8'h52;
        entries[83] = 8'h53;
        entries[84] = 8'h54;
        entries[85] = 8'h55;
        entries[86] = 8'h56;
        entries[87] = 8'h57;
        entries[88] = 8'h58;
        entries[89] = 8'h59;
        entries[90] = 8'h5a;
        entries[91] = 8'h5b;
        entries[92] = 8'h5c;
        entries[93] = 8'h5d;
        entries[94] = 8'h5e;
        entries[95] = 8'h5f;
        entries[96] = 8'h60;
        entries[97] = 8'h61;
        entries[98] = 8'h62;
        entries[99] = 8'h63;
        entries[100] = 8'h64;
        entries[101] = 8'h65;
        entries[102] = 8'h66;
        entries[103] = 8'h67;
        entries[104] = 8'h68;
        entries[105] = 8'h69;
        entries[106] = 8'h6a;
        entries[107] = 8'h6b;
        entries[108] = 8'h6c;
        entries[109] = 8'h6d;
        entries[110] = 8'h6e;
        entries[111] = 8'h6f;
        entries[112] = 8'h70;
        entries[113] = 8'h71;
        entries[114] = 8'h72;
        entries[115] = 8'h73;
        entries[116] = 8'h74;
        entries[117] = 8'h75;
        entries[118] = 8'h76;
        entries[119] = 8'h77;
        entries[120] = 8'h78;
        entries[121] = 8'h79;
        entries[122] = 8'h7a;
        entries[123] = 8'h7b;
        entries[124] = 8'h7c;
        entries[125] = 8'h7d;
        entries[126] = 8'h7e;
        entries[127] = 8'h7f;
        entries[128] = 8'h00;
        entries[129] = 8'h00;
        entries[130] = 8'h00;
        entries[131] = 8'h00;
        entries[132] = 8'h00;
        entries[133] = 8'h00;
        entries[134] = 8'h00;
        entries[135] = 8'h00;
        entries[136] = 8'h00;
        entries[137] = 8'h00;
        entries[138] = 8'h00;
        entries[139] = 8'h00;
        entries[140] = 8'h00;
        entries[141] = 8'h00;
        entries[142] = 8'h00;
        entries[143] = 8'h00;
        entries[144] = 8'h00;
        entries[145] = 8'h00;
        entries[146] = 8'h00;
        entries[147] = 8'h00;
        entries[148] = 8'h00;
        entries[149] = 8'h00;
        entries[150] = 8'h00;
        entries[151] = 8'h00;
        entries[152] = 8'h00;
        entries[153] = 8'h00;
        entries[154] = 8'h00;
        entries[155] = 8'h00;
        entries[156] = 8'h00;
        entries[157] = 8'h00;
        entries[158] = 8'h00;
        entries[159] = 8'h00;
        entries[160] = 8'h00;
        entries[161] = 8'h00;
        entries[162] = 8'h00;
        entries[163] = 8'h00;
        entries[164] = 8'h00;
        entries[165] = 8'h00;
        entries[166] = 8'h00;
        entries[167] = 8'h00;
        entries[168] = 8'h00;
        entries[169] = 8'h00;
        entries[170] = 8'h00;
        entries[171] = 8'h00;
        entries[172] = 8'h00;
        entries[173] = 8'h00;
        entries[174] = 8'h00;
        entries[175] = 8'h00;
        entries[176] = 8'h00;
        entries[177] = 8'h00;
        entries[178] = 8'h00;
        entries[179] = 8'h00;
        entries[180] = 8'h00;
        entries[181] = 8'h00;
        entries[182] = 8'h00;
        entries[183] = 8'h00;
        entries[184] = 8'h00;
        entries[185] = 8'h00;
        entries[186] = 8'h00;
        entries[187] = 8'h00;
        entries[188] = 8'h00;
        entries[189] = 8'h00;
        entries[190] = 8'h00;
        entries[191] = 8'h00;
        entries[192] = 8'h00;
        entries[193] = 8'h00;
        entries[194] = 8'h00;
        entries[195] = 8'h00;
        entries[196] = 8'h00;
        entries[197] = 8'h00;
        entries[198] = 8'h00;
        entries[199] = 8'h00;
        entries[200] = 8'h00;
        entries[201] = 8'h00;
        entries[202] = 8'h00;
        entries[203] = 8'h00;
        entries[204] = 8'h00;
        entries[205] = 8'h00;
        entries[206] = 8'h00;
        entries[207] = 8'h00;
        entries[208] = 8'h00;
        entries[209] = 8'h00;
        entries[210] = 8'hff;
        entries[211] = 8'hff;
        entries[212] = 8'hfe;
        entries[213] = 8'hfe;
        entries[214] = 8'hfd;
        entries[215] = 8'hfd;
        entries[216] = 8'hfd;
        entries[217] = 8'hfc;
        entries[218] = 8'hfc;
        entries[219] = 8'hfc;
        entries[220] = 8'hfb;
        entries[221] = 8'hfb;
        entries[222] = 8'hfb;
        entries[223] = 8'hfb;
        entries[224] = 8'hfb;
        entries[225] = 8'hfb;
        entries[226] = 8'hfa;
        entries[227] = 8'hfa;
        entries[228] = 8'hfa;
        entries[229] = 8'hfa;
        entries[230] = 8'hfa;
        entries[231] = 8'hfa;
        entries[232] = 8'hfa;
        entries[233] = 8'hfa;
        entries[234] = 8'hfa;
        entries[235] = 8'hfa;
        entries[236] = 8'hfa;
        entries[237] = 8'hfa;
        entries[238] = 8'hfa;
        entries[239] = 8'hfb;
        entries[240] = 8'hfb;
        entries[241] = 8'hfb;
        entries[242] = 8'hfb;
        entries[243] = 8'hfb;
        entries[244] = 8'hfb;
        entries[245] = 8'hfc;
        entries[246] = 8'hfc;
        entries[247] = 8'hfc;
        entries[248] = 8'hfd;
        entries[249] = 8'hfd;
        entries[250] = 8'hfd;
        entries[251] = 8'hfe;
        entries[252] = 8'hfe;
        entries[253] = 8'hff;
        entries[254] = 8'hff;
        entries[255] = 8'h00;
    end

    reg       valid;
    reg       last;
    reg [7:0] code;

    assign s_axis_tready = !valid || m_axis_tready;
    assign m_axis_tdata  = code;
    assign m_axis_tlast  = last;
    assign m_axis_tvalid = valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 1'b0;
        else if (s_axis_tready)
            valid <= s_axis_tvalid;
    end

    always @(posedge clk)
        if (s_axis_tready) begin
            code <= entries[s_axis_tdata];
            last <= s_axis_tlast;
        end
endmodule

`default_nettype wire
