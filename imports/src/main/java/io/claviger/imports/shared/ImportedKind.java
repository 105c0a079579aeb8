package io.claviger.imports.shared;

import java.util.Locale;

/**
 * The kinds of things that are imported. The names of the kinds are stored with imported rows and
 * shown in reports.
 */
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
  LINK,
  MODEL,
  USER_KEY,
  GROUP,
  GROUP_MEMBER,
  SERVICE_ACCOUNT,
  TOKEN,
  LIMITS,
  GROUP_LIMITS,
  USAGE;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
