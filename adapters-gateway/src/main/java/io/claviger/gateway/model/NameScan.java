package io.claviger.gateway.model;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.Optional;

/**
 * Finds the model in a body if the model selects the service. The scan ignores everything else in
 * the body.
 */
public sealed interface NameScan extends BodyPart permits JsonNameScan, FormNameScan {
  /**
   * The largest number of characters in a name. A name may contain the name of a service and the
   * name of a model.
   */
  int LONGEST = 2 * 65 + ScannedText.LONGEST;

  /**
   * Returns the scan for a body of this type.
   *
   * @param inPath the model in the path, as in Gemini's API; the body may repeat this model
   * @param usual the model to call if neither the path nor the body names a model
   * @throws CallRefused if the gateway can't read a body of this type
   */
  static NameScan of(BodyType type, Optional<String> inPath, Optional<String> usual) {
    if (type.isEncoded()) {
      throw new CallRefused(CallError.HELD_BODY_ENCODED);
    }
    Optional<String> boundary = type.boundary();
    if (boundary.isPresent()) {
      return new FormNameScan(boundary.get());
    }
    if (!type.mayBeJson()) {
      throw new CallRefused(CallError.BODY_NOT_READABLE);
    }
    return new JsonNameScan(inPath, usual);
  }

  /** The model in the body. Must be called only after the end of the body. */
  BodyModel named();

  static String checked(String name) {
    if (name.isEmpty()) {
      throw new CallRefused(CallError.MODEL_REQUIRED);
    }
    return name;
  }
}
