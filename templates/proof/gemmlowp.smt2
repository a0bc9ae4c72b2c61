; (R1) gemmlowp: RDBPOT(SRDHM(acc * 2^max(s,0), q), max(-s,0)), the shift in a register of 32 bits.
(define-fun positive ((x (_ BitVec 64))) (_ BitVec 64) (ite (bvsgt x (_ bv0 64)) x (_ bv0 64)))
(define-fun int32 ((x (_ BitVec 64))) (_ BitVec 64) ((_ sign_extend 32) ((_ extract 31 0) x)))

; SRDHM: a*b plus 2^30, or 1-2^30 below zero, divided by 2^31 as C truncates.
(define-fun srdhm ((a (_ BitVec 64)) (b (_ BitVec 64))) (_ BitVec 64)
  (let ((ab (bvmul a b)))
    (ite (and (= a b) (= a #xffffffff80000000)) #x000000007fffffff
         (bvsdiv (bvadd ab (ite (bvsge ab (_ bv0 64)) #x0000000040000000 #xffffffffc0000001))
                 #x0000000080000000))))

; RDBPOT: mask = 2^e - 1; (x >> e) + ((x & mask) > (mask >> 1) + (x < 0)).
(define-fun rdbpot ((x (_ BitVec 64)) (e (_ BitVec 64))) (_ BitVec 64)
  (let ((mask (bvsub (bvshl (_ bv1 64) e) (_ bv1 64))))
    (let ((threshold (bvadd (bvlshr mask (_ bv1 64)) (ite (bvslt x (_ bv0 64)) (_ bv1 64) (_ bv0 64)))))
      (bvadd (bvashr x e) (ite (bvsgt (bvand x mask) threshold) (_ bv1 64) (_ bv0 64))))))

(define-fun rescale ((acc (_ BitVec 64)) (q (_ BitVec 64)) (s (_ BitVec 64))) (_ BitVec 64)
  (rdbpot (srdhm (int32 (bvshl acc (positive s))) q) (positive (bvneg s))))
