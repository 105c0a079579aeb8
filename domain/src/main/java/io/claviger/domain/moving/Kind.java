package io.claviger.domain.moving;

import java.util.Locale;

/** What is moved. The names are stored with what came, and stand in reports. */
public enum Kind {
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
