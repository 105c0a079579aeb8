package io.claviger.gateway.model;

import java.util.Set;

/** Finds the models that a body asks for. It refuses a body that can't be read for them. */
interface BodyScan extends BodyPart {
  /**
   * The models that a complete body asks for, all of them allowed. The model that the path names is
   * not among them.
   *
   * @throws io.claviger.gateway.errors.CallRefused when it names a model that is not allowed, or
   *     none
   */
  Set<String> models();
}
