package io.claviger.client.apply;

/**
 * What identifies a resource.
 *
 * @param of the name of the resource that it is a part of; empty if it is not a part
 */
record ResourceKey(ResourceKind kind, String of, String name) {
  static ResourceKey of(ResourceKind kind, String name) {
    return new ResourceKey(kind, "", name);
  }

  /** The list of parts of a kind, which has no name of its own. */
  ResourceKey listOf(ResourceKind part) {
    return new ResourceKey(part, name, "");
  }

  /** The list in which this part stands. */
  ResourceKey list() {
    return new ResourceKey(kind, of, "");
  }

  ResourceKey parent() {
    return of(kind.parent().orElseThrow(), of);
  }

  @Override
  public String toString() {
    return of.isEmpty() ? kind.noun() + " " + name : kind.noun() + " " + of + " " + name;
  }
}
