package io.claviger.gateway.model;

/** Finds the models that a body requests. */
sealed interface BodyScan extends BodyPart permits ModelScan, MultipartScan {
  /** The models that the body requests. Must be called only after the end of the body. */
  AskedModels asked();

  /**
   * Returns the scan for a body of this type. The scan requires that the models in the body are
   * readable.
   */
  static BodyScan of(AskedModels asked, BodyType type) {
    return type.boundary()
        .<BodyScan>map(boundary -> new MultipartScan(asked, boundary))
        .orElseGet(() -> new ModelScan(asked));
  }
}
