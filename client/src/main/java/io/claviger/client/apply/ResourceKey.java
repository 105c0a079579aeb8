package io.claviger.client.apply;

/**
 * Identifies a resource by its kind and its names.
 *
 * @param of the name of the resource of which this resource is a part; empty if this resource is
 *     not a part
 */
record ResourceKey(ResourceKind kind, String of, String name) {
  static ResourceKey of(ResourceKind kind, String name) {
    return new ResourceKey(kind, "", name);
  }

  /**
   * Returns the key of the list of all parts of this kind. The key of such a list contains no name.
   */
  ResourceKey listOf(ResourceKind part) {
    return new ResourceKey(part, name, "");
  }

  /** Returns the key of the list that contains the resource of this key, which is a part. */
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
