package io.claviger.domain.policy;

/** Whose key a call uses. */
public enum KeySource {
  USER,
  CENTRAL,
  DEPLOYMENT,
  /** The provider asks for none. */
  KEYLESS
}
