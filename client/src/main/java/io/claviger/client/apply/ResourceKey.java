package io.claviger.client.apply;

/**
 * Identifies a resource by its kind and its names.
 *
 * @param of the name of the resource to which this resource belongs as a part. For a model, its
 *     format if the file states the format, or if several models have the name. Otherwise empty.
 */
record ResourceKey(ResourceKind kind, String of, String name) {
  static ResourceKey of(ResourceKind kind, String name) {
    return new ResourceKey(kind, "", name);
  }

  /**
   * Returns the key of the list with this resource's parts of one kind. The key of a list contains
   * no name.
   */
  ResourceKey listOf(ResourceKind part) {
    return new ResourceKey(part, name, "");
  }

  /**
   * If this resource is a part of another resource, returns the key of the list that contains it.
   */
  ResourceKey list() {
    return new ResourceKey(kind, of, "");
  }

  ResourceKey parent() {
    return of(kind.parent().orElseThrow(), of);
  }

  /** Whether this resource belongs to the system instead of a user. */
  boolean isOfSystem() {
    return kind.isOwned() && name.startsWith(EntryNames.SYSTEM + "/");
  }

  @Override
  public String toString() {
    if (kind == ResourceKind.MODEL && !of.isEmpty()) {
      return "%s %s (%s)".formatted(kind.noun(), name, of);
    }
    return of.isEmpty() ? kind.noun() + " " + name : kind.noun() + " " + of + " " + name;
  }
}
