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
 * Records who could use which service at which time. The records are kept when users, groups and
 * services are deleted.
 */
public interface AccessHistory {
  /**
   * Returns the time since which the record is complete. Access that began before that time is
   * known only if it had not ended by that time.
   */
  Instant knownSince();

  /**
   * Lists who could use a service at some time of a day, ordered by {@link Access#position}. A user
   * who could use the service in several ways is listed once for each way. Users who were suspended
   * all day are left out, and the list is empty if the service was disabled all day.
   */
  List<Access> find(AccessQuestion question, Optional<List<String>> after, int limit);

  /**
   * @param service the reference that the service had on that day, or has now
   * @param only the id of the only service to which access is found; needed if other services had
   *     the same reference, too; empty for all services that had the reference
   * @param ofGroups whether to list the members of groups and projects instead of the group or
   *     project itself
   * @param day a day in UTC
   */
  record AccessQuestion(
      Instance.Ref service, Optional<Instance.Id> only, boolean ofGroups, LocalDate day) {}

  /**
   * One way in which somebody could use a service.
   *
   * @param user empty in two cases: everybody could use the service, or the members of the group or
   *     project are not listed
   * @param way {@code owner}, {@code share}, {@code group}, {@code project}, or {@code everybody}
   *     for a service of the system
   * @param role the role on the service; for the member of a project, the role in the project
   * @param group the group whose share gave access; empty if the access is not by the share of a
   *     group
   * @param project the project through which the service could be used; empty if the access is not
   *     through a project
   * @param since the beginning of this access, which is on that day or an earlier day
   * @param until the end of this access in the past or future; empty if no end is known
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

    /** Returns the position of this access in lists. */
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
