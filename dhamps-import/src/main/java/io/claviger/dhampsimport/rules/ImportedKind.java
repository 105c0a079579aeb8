package io.claviger.dhampsimport.rules;

import java.util.Locale;

/** What is moved. The names are stored with what came, and stand in reports. */
public enum ImportedKind {
  USER,
  STANDARD,
  DEFINITION,
  SERVICE,
  KEY,
  SHARE,
  DEFINITION_SHARE,
  PROJECT,
  MEMBER,
  LINK;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
