package io.claviger.client.apply;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of resources in a file, in the order in which they are written. A kind comes before all
 * kinds that refer to it. Resources are deleted in the reverse order.
 */
enum ResourceKind {
  PROVIDER("provider", "providers", "name", null, FileSchemas.PROVIDER, true),
  DEFINITION("definition", "definitions", "ref", null, FileSchemas.DEFINITION, true),
  GROUP("group", "groups", "handle", null, FileSchemas.GROUP, true),
  GROUP_MEMBER("member", "members", "user", GROUP, FileSchemas.GROUP_MEMBER, true),
  SERVICE("service", "services", "ref", null, FileSchemas.SERVICE, true),
  SERVICE_SHARE("share", "shares", "grantee", SERVICE, FileSchemas.SERVICE_SHARE, true),
  SHARED_OBJECT("shared object", "shared_objects", "id", SERVICE, FileSchemas.SHARED_OBJECT, false),
  PROJECT("project", "projects", "ref", null, FileSchemas.PROJECT, true),
  PROJECT_SHARE("share", "shares", "grantee", PROJECT, FileSchemas.PROJECT_SHARE, true),
  MODEL("model", "models", "name", null, FileSchemas.MODEL, true),
  PRICE("price", "prices", "model", null, FileSchemas.PRICE, true),
  USER_LIMITS("limits of user", "users", "handle", null, FileSchemas.USER, true),
  GROUP_LIMITS("limits of group", "", "handle", null, FileSchemas.LIMITS, true),
  GROUP_POOLED_LIMITS("pooled limits of group", "", "handle", null, FileSchemas.LIMITS, true);

  private final String noun;
  private final String section;
  private final String nameField;
  private final @Nullable ResourceKind parent;
  private final ValueSchema.Fields schema;
  private final boolean versioned;

  ResourceKind(
      String noun,
      String section,
      String nameField,
      @Nullable ResourceKind parent,
      ValueSchema.Fields schema,
      boolean versioned) {
    this.noun = noun;
    this.section = section;
    this.nameField = nameField;
    this.parent = parent;
    this.schema = schema;
    this.versioned = versioned;
  }

  String noun() {
    return noun;
  }

  /**
   * The name of the list in the file that contains the resources of this kind; empty if they are
   * parts of other resources.
   */
  String section() {
    return section;
  }

  String nameField() {
    return nameField;
  }

  /**
   * Returns the kind of resource to which resources of this kind belong as parts. Empty if they are
   * not parts.
   */
  Optional<ResourceKind> parent() {
    return Optional.ofNullable(parent);
  }

  /** The kinds of parts that a resource of this kind can have, such as shares. */
  List<ResourceKind> parts() {
    return Stream.of(values()).filter(kind -> kind.parent == this).toList();
  }

  ValueSchema.Fields schema() {
    return schema;
  }

  /**
   * Whether the server states a version of each resource of this kind. A write to such a resource
   * can be refused because the resource has changed.
   */
  boolean isVersioned() {
    return versioned;
  }

  /**
   * Whether resources of this kind are the limits of users or groups. Each user and group has such
   * a resource, even if nothing is limited.
   */
  boolean isLimits() {
    return this == USER_LIMITS || this == GROUP_LIMITS || this == GROUP_POOLED_LIMITS;
  }

  /**
   * Whether a request that changes a resource of this kind contains only the changed fields.
   * Resources of other kinds are replaced completely.
   */
  boolean isMerged() {
    return versioned && !isLimits() && this != GROUP_MEMBER && this != PROVIDER && this != PRICE;
  }

  /** Whether the server stores the name of the applied file with each resource of this kind. */
  boolean bearsName() {
    return this != PRICE && this != PROVIDER && !isLimits();
  }

  /** Whether the names of resources of this kind begin with their owner's handle. */
  boolean isOwned() {
    return this == DEFINITION || this == SERVICE || this == PROJECT;
  }

  /** The kinds of resources that have a list of their own in a file. */
  static Stream<ResourceKind> topLevel() {
    return Stream.of(values()).filter(kind -> kind.parent == null && !kind.section.isEmpty());
  }
}
