package io.claviger.client.apply;

/**
 * What tells one thing from all others.
 *
 * @param of the name of what it is a part of; empty if it stands on its own
 */
record Key(Kind kind, String of, String name) {
  static Key of(Kind kind, String name) {
    return new Key(kind, "", name);
  }

  Key part(String part) {
    return new Key(kind.part().orElseThrow(), name, part);
  }

  /** What it is a part of. */
  Key whole() {
    return of(kind.parent().orElseThrow(), of);
  }

  @Override
  public String toString() {
    return of.isEmpty() ? kind.noun() + " " + name : kind.noun() + " " + of + " " + name;
  }
}
