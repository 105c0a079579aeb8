package io.claviger.domain.definitions;

import io.claviger.domain.WireNamed;

/** How the gateway recognises references to objects at a provider. */
public enum ReferenceRecognition implements WireNamed {
  /**
   * References are recognised in the members that the format documents, and everywhere else by the
   * form of the id.
   */
  FORMS,
  /**
   * References are recognised only in known members. This is the case for unknown providers, and to
   * providers whose ids have no recognisable form (such as UUIDs).
   */
  PLACES
}
