package io.claviger.imports.dhamps.rules;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The content of a database of dhamps-vdb without the keys, in the same form for all schema
 * versions. No value is validated yet. An empty text means that the row has no value.
 */
public record SourceContent(
    List<OldUser> users,
    List<OldStandard> standards,
    List<OldDefinition> definitions,
    List<OldService> services,
    List<OldShare> shares,
    List<OldSight> sights,
    List<OldProject> projects,
    List<OldMember> members,
    List<OldLink> links) {

  /** The times when a row was created and last changed; empty if the row has no such time. */
  public record Stamps(Optional<Instant> createdAt, Optional<Instant> updatedAt) {}

  public record OldUser(
      String handle, Optional<String> name, Optional<String> email, Stamps stamps) {}

  public record OldStandard(
      String handle, String description, String keyMethod, String keyField, Stamps stamps) {}

  /** The fields that definitions and services have in common. */
  public record Fields(
      String endpoint,
      String description,
      String standard,
      String model,
      Optional<Integer> dimensions,
      Optional<Integer> contextLimit) {}

  public record OldDefinition(
      long id, String owner, String handle, Fields fields, boolean isPublic, Stamps stamps) {
    public String name() {
      return owner + "/" + handle;
    }
  }

  public record OldService(
      long id,
      String owner,
      String handle,
      Fields fields,
      Optional<Long> definition,
      Stamps stamps) {
    public String name() {
      return owner + "/" + handle;
    }
  }

  /**
   * @param older whether the share is from the older one of the two sharing tables
   */
  public record OldShare(String user, long service, String role, boolean older) {}

  /** A share of a definition, which allows the user to see the definition. */
  public record OldSight(String user, long definition) {}

  /**
   * @param service the service, in schema versions in which a project has at most one
   */
  public record OldProject(
      long id,
      String owner,
      String handle,
      String description,
      Optional<Long> service,
      boolean publicRead,
      boolean metadataScheme,
      Stamps stamps) {
    public String name() {
      return owner + "/" + handle;
    }
  }

  public record OldMember(String user, long project, String role) {}

  /**
   * A link of a project to a service, in the schema version in which a project can have several.
   */
  public record OldLink(long project, long service, Optional<Instant> at) {}
}
