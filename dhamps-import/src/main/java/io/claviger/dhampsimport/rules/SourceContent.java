package io.claviger.dhampsimport.rules;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What stands in a database of dhamps-vdb, but for the keys, in the same form for all of its
 * shapes. Nothing in it is known to keep any rule: a missing text is an empty one.
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

  /** When a row was made and last changed, where it says so. */
  public record Stamps(Optional<Instant> createdAt, Optional<Instant> updatedAt) {}

  public record OldUser(
      String handle, Optional<String> name, Optional<String> email, Stamps stamps) {}

  public record OldStandard(
      String handle, String description, String keyMethod, String keyField, Stamps stamps) {}

  /** What definitions and services have in common. */
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
   * @param older whether it stands in the older of the two sharing tables
   */
  public record OldShare(String user, long service, String role, boolean older) {}

  /** The sight of a definition. */
  public record OldSight(String user, long definition) {}

  /**
   * @param service of the shapes in which a project has one at most
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

  /** Of the shape in which a project has several services. */
  public record OldLink(long project, long service, Optional<Instant> at) {}
}
