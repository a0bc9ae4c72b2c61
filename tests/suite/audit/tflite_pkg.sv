// Types and functions of the double-rounding requantizer.
package tflite_pkg;
    typedef logic signed [31:0] acc_t;
    typedef logic signed [7:0] code_t;

    typedef struct packed {
        logic [31:0] multiplier;
        logic [4:0]  exponent;
    } scale_t;

    function automatic acc_t high_mul(acc_t a, logic signed [31:0] b);
        logic signed [63:0] ab, nudge;
        ab = a * 64'(b);
        nudge = ab >= 0 ? 64'sd1 <<< 30 : 64'sd1 - (64'sd1 <<< 30);
        return acc_t'((ab + nudge) / (64'sd1 <<< 31));
    endfunction

    function automatic acc_t divide_by_pot(acc_t x, logic [4:0] exponent);
        acc_t mask, remainder, threshold;
        mask = acc_t'((33'd1 << exponent) - 33'd1);
        remainder = x & mask;
        threshold = (mask >>> 1) + acc_t'(x < 0);
        return (x >>> exponent) + acc_t'(remainder > threshold);
    endfunction
endpackage
