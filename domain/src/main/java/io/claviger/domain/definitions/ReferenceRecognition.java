package io.claviger.domain.definitions;

import io.claviger.domain.WireNamed;

/** How the gateway recognizes references to objects at a provider. */
public enum ReferenceRecognition implements WireNamed {
  /**
   * References are recognized in two ways: in the members that the format documents, and in all
   * other members by the form of the id.
   */
  FORMS,
  /**
   * References are recognized only in known members. This rule applies to unknown providers, and to
   * providers whose ids have no recognizable form (such as UUIDs).
   */
  PLACES
}
