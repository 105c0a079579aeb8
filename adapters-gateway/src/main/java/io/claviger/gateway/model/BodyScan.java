package io.claviger.gateway.model;

import java.util.Set;

/** Finds the models that a body asks for. It refuses a body that can't be read for them. */
interface BodyScan extends BodyPart {
  /**
   * Returns the models that a complete body asks for, all of which are allowed. A model that only
   * the path names is not among them.
   *
   * @throws io.claviger.gateway.errors.CallRefused if the body names a model that is not allowed,
   *     or no model
   */
  Set<String> models();
}
