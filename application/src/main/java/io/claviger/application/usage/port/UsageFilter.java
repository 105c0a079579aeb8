package io.claviger.application.usage.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Which usage is wanted. Empty parts filter nothing. The filter compares the names that services,
 * users and projects had at the time of the calls.
 *
 * @param from the first day
 * @param to the last day
 * @param group only usage of members of this group: a user who was a member at any time of a day is
 *     treated as a member for the whole day
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
