; (R3) single: (acc*q + 2^(30-s)) >> (31-s), for s in -31..30; 64 bits hold it exactly.
(define-fun rescale ((acc (_ BitVec 64)) (q (_ BitVec 64)) (s (_ BitVec 64))) (_ BitVec 64)
  (bvashr (bvadd (bvmul acc q) (bvshl (_ bv1 64) (bvsub (_ bv30 64) s)))
          (bvsub (_ bv31 64) s)))
