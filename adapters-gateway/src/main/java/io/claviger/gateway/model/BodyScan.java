package io.claviger.gateway.model;

import java.util.Set;

/** Finds the models that a body asks for, while the body arrives in parts. */
interface BodyScan {
  /**
   * Reads the next part of the body.
   *
   * @throws io.claviger.gateway.errors.CallRefused when what has arrived can't be read for its
   *     model
   */
  void read(byte[] bytes, int from, int to);

  /**
   * Ends a body that is complete.
   *
   * @return the models that the body asks for, all of them allowed; without that of the path
   * @throws io.claviger.gateway.errors.CallRefused when it names a model that is not allowed, or
   *     none
   */
  Set<String> end();
}
