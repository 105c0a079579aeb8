package io.claviger.application.sharing.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Records who could use which service at which times. The records are kept even after users, groups
 * and services are deleted.
 */
public interface AccessHistory {
  /**
   * Returns the time from which the record is complete. Access that ended before this time might be
   * missing.
   */
  Instant knownSince();

  /**
   * Lists everybody who could use a service at any time of a certain day, ordered by {@link
   * Access#position}. A user with several ways to use the service is listed once for each way.
   * Users who were suspended for the whole day are not listed. If the service was disabled for the
   * whole day, the list is empty.
   */
  List<Access> find(AccessQuestion question, Optional<List<String>> after, int limit);

  /** Whether the record contains a service with this reference, on any day. */
  boolean hasService(Instance.Ref service);

  /**
   * @param service the reference that the service had on the day, or its present reference
   * @param only the id of the service whose access is listed, and only since its last transfer to
   *     another owner; if empty, all access to all services with the reference is listed
   * @param ofGroups whether to list the members of groups and projects in place of these groups and
   *     projects
   * @param day a day in UTC
   */
  record AccessQuestion(
      Instance.Ref service, Optional<Instance.Id> only, boolean ofGroups, LocalDate day) {}

  /**
   * A way in which somebody could use a service.
   *
   * @param user the user who could use the service; empty if everybody could use it, or if the
   *     members of the group or project are not listed
   * @param way the kind of this way: {@code owner}, {@code share}, {@code group}, {@code project}
   *     or, for a system-level service, {@code everybody}
   * @param role the user's role on the service or, for a member of a project, in the project
   * @param group the group whose share gave the access; empty if no group's share gave it
   * @param project the project that gave the access; empty if no project gave it
   * @param since the time at which the access began, on the day or earlier
   * @param until the time at which the access ended or will end; empty if no end is known
   */
  record Access(
      Instance.Id service,
      Optional<Handle> user,
      String way,
      String role,
      Optional<GranteeName> group,
      Optional<Project.Ref> project,
      Instant since,
      Optional<Instant> until) {
    /** The number of texts in a {@link #position}. */
    public static final int POSITION_PARTS = 6;

    /** Returns the position of this access in a list. */
    public List<String> position() {
      return List.of(
          user.map(Handle::value).orElse(""),
          way,
          role,
          group.map(GranteeName::toString).orElse(""),
          project.map(Project.Ref::toString).orElse(""),
          service.value().toString());
    }
  }
}
