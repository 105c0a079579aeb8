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

  ResourceKey part(String part) {
    return new ResourceKey(kind.part().orElseThrow(), name, part);
  }

  ResourceKey parent() {
    return of(kind.parent().orElseThrow(), of);
  }

  @Override
  public String toString() {
    return of.isEmpty() ? kind.noun() + " " + name : kind.noun() + " " + of + " " + name;
  }
}
