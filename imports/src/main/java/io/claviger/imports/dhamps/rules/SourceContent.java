package io.claviger.imports.dhamps.rules;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The content of a dhamps-vdb database without the keys, in a form that is the same for all schema
 * versions. The values have not been validated. An empty text stands for a value that the row does
 * not have.
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

  /**
   * The times when a row was created and last changed; a time is empty if the row does not have it.
   */
  public record Stamps(Optional<Instant> createdAt, Optional<Instant> updatedAt) {}

  public record OldUser(
      String handle, Optional<String> name, Optional<String> email, Stamps stamps) {}

  public record OldStandard(
      String handle, String description, String keyMethod, String keyField, Stamps stamps) {}

  /** The fields that both definitions and services have. */
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
   * @param older whether the share comes from the older of the two sharing tables
   */
  public record OldShare(String user, long service, String role, boolean older) {}

  /** A share of a definition, which allows the user to see the definition. */
  public record OldSight(String user, long definition) {}

  /**
   * @param service the service of the project, in those schema versions in which a project has at
   *     most one; otherwise empty
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
   * A link between a project and a service, in the schema version in which a project can have
   * several services.
   */
  public record OldLink(long project, long service, Optional<Instant> at) {}
}
