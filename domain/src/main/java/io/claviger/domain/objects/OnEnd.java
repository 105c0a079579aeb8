package io.claviger.domain.objects;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/**
 * The setting that decides what happens to the objects of somebody who may no longer use a service.
 */
public enum OnEnd implements WireNamed {
  /**
   * The objects stay. Only the service's owner can use the objects until their holder may use the
   * service again.
   */
  KEEP,
  /** Claviger ends the objects in its ledger, and deletes them at the provider. */
  DELETE;

  /**
   * @throws InvalidValue if the text is not one of the allowed values; the exception lists the
   *     allowed values
   */
  public static OnEnd of(String text) {
    return WireNamed.of(values(), text, "on_end");
  }
}
