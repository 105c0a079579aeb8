package io.claviger.imports.shared;

import io.claviger.domain.WireNamed;

/**
 * The kinds of things that an import can create. The names of the kinds are stored with the
 * imported rows and appear in reports.
 */
public enum ImportedKind implements WireNamed {
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
  USAGE
}
