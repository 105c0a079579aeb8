package io.claviger.imports.dhamps.rules;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The content of a dhamps-vdb database without the keys, in the same form for all schema versions.
 * The values were not validated. If a row of the database lacks a value, the value is read as an
 * empty text.
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
   * The times of a row's creation and last change. A time is empty if the row does not state it.
   */
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
   * @param older whether the share comes from the older of the two tables of shares
   */
  public record OldShare(String user, long service, String role, boolean older) {}

  /** A share that lets a user see a definition. */
  public record OldSight(String user, long definition) {}

  /**
   * @param service the project's service in schema versions with at most one service per project;
   *     otherwise empty
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
   * A link between a project and a service, in the schema version with several services per
   * project.
   */
  public record OldLink(long project, long service, Optional<Instant> at) {}
}
