package io.claviger.gateway.model;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.Optional;

/**
 * Finds the model that a body names, if this model decides which service is called. Everything else
 * in the body does not matter here.
 */
public sealed interface NameScan extends BodyPart permits JsonNameScan, FormNameScan {
  /**
   * The largest number of characters that a name may have. A name may consist of the name of a
   * service and the name of a model.
   */
  int LONGEST = 2 * 65 + ScannedText.LONGEST;

  /**
   * Returns the scan for a body of this type.
   *
   * @param inPath the model that the path names, as in paths of Gemini's API; the body may repeat
   *     it
   * @param usual the model that is called if neither the path nor the body names a model
   * @throws CallRefused when a body of this type can't be read
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

  /** The model that the body names. Must be called only after the body has ended. */
  BodyModel named();

  static String checked(String name) {
    if (name.isEmpty()) {
      throw new CallRefused(CallError.MODEL_REQUIRED);
    }
    return name;
  }
}
