package io.claviger.domain.definitions;

import io.claviger.domain.WireNamed;

/** How the gateway recognises references to objects at a provider. */
public enum ReferenceRecognition implements WireNamed {
  /**
   * References are recognised in two ways: in the members that the format documents, and in all
   * other members by the form of the id.
   */
  FORMS,
  /**
   * References are recognised only in known members. This applies to unknown providers, and to
   * providers whose ids have no recognisable form (such as UUIDs).
   */
  PLACES
}
