; Output stage of an 8-bit signed code: clamp(rescaled + zp, -128, 127).
(define-fun code ((rescaled (_ BitVec 64)) (zp (_ BitVec 64))) (_ BitVec 8)
  (let ((sum (bvadd rescaled zp)))
    ((_ extract 7 0) (ite (bvsgt sum (_ bv127 64)) (_ bv127 64)
                     (ite (bvslt sum (bvneg (_ bv128 64))) (bvneg (_ bv128 64)) sum)))))
