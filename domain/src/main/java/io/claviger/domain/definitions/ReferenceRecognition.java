package io.claviger.domain.definitions;

import java.util.Locale;

/** How the gateway recognises references to what a provider stores for other callers. */
public enum ReferenceRecognition {
  /** In the members that the format documents, and anywhere else by the form of the id. */
  FORMS,
  /**
   * Only in the members that are known, because the provider's ids have no form of their own, as
   * UUIDs have none, or because the provider is not known.
   */
  PLACES;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
