; (R4) f32: rint_even(clamp(f32(acc)*m, qmin-zp, qmax-zp)), of an 8-bit signed code with zp = 0; q is the
; bit pattern of m. Each operation rounds half to even to binary32.
(define-fun binary32 ((x (_ BitVec 64))) (_ FloatingPoint 8 24) ((_ to_fp 8 24) RNE x))

(define-fun rescale ((acc (_ BitVec 64)) (q (_ BitVec 64)) (s (_ BitVec 64))) (_ BitVec 64)
  (let ((product (fp.mul RNE (binary32 acc) ((_ to_fp 8 24) ((_ extract 31 0) q)))))
    (let ((clamped (fp.max (fp.min product (binary32 (_ bv127 64))) (binary32 (bvneg (_ bv128 64))))))
      ((_ fp.to_sbv 64) RNE clamped))))
