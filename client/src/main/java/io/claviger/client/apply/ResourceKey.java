package io.claviger.client.apply;

/**
 * Identifies a resource by its kind and its names.
 *
 * @param of the name of the resource of which this resource is a part. For a model, this is the
 *     model's format if the file states the format or several models have the same name. In all
 *     other cases, this text is empty
 */
record ResourceKey(ResourceKind kind, String of, String name) {
  static ResourceKey of(ResourceKind kind, String name) {
    return new ResourceKey(kind, "", name);
  }

  /**
   * Returns the key of the list that contains this resource's parts of the given kind. The key of a
   * list has an empty name.
   */
  ResourceKey listOf(ResourceKind part) {
    return new ResourceKey(part, name, "");
  }

  /**
   * Returns the key of the list that contains this resource. This resource must be a part of
   * another resource.
   */
  ResourceKey list() {
    return new ResourceKey(kind, of, "");
  }

  ResourceKey parent() {
    return of(kind.parent().orElseThrow(), of);
  }

  /** Whether this resource belongs to the system, and not to a user. */
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
