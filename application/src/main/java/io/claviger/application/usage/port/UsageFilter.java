package io.claviger.application.usage.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Selects usage. A part that is empty selects all usage. The filter compares the names that
 * services, users and projects had at the time of the calls.
 *
 * @param from the first day
 * @param to the last day
 * @param group the group whose members' usage is selected; a user who was a member at some time of
 *     a day is treated as a member for the whole day
 */
public record UsageFilter(
    Optional<Instance.Ref> service,
    Optional<Handle> user,
    Optional<Project.Ref> project,
    Optional<LocalDate> from,
    Optional<LocalDate> to,
    Optional<Handle> group) {
  /** The filter that selects all usage. */
  public static final UsageFilter NONE =
      new UsageFilter(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Makes a filter that does not depend on groups. */
  public UsageFilter(
      Optional<Instance.Ref> service,
      Optional<Handle> user,
      Optional<Project.Ref> project,
      Optional<LocalDate> from,
      Optional<LocalDate> to) {
    this(service, user, project, from, to, Optional.empty());
  }
}
