package io.claviger.domain.sharing;

/** {@code READER < WRITER < OWNER}. */
public enum Role {
  READER,
  WRITER,
  OWNER;

  public boolean atLeast(Role other) {
    return compareTo(other) >= 0;
  }
}
