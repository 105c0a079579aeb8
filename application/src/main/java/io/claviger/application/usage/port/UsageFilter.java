package io.claviger.application.usage.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Which usage is wanted. Empty parts filter nothing. Names are those at the time of the calls.
 *
 * @param from the first day
 * @param to the last day
 * @param group its members at the time: somebody who was a member at some time of a day counts on
 *     that day
 */
public record UsageFilter(
    Optional<Instance.Ref> service,
    Optional<Handle> user,
    Optional<Project.Ref> project,
    Optional<LocalDate> from,
    Optional<LocalDate> to,
    Optional<Handle> group) {
  /** Filters nothing. */
  public static final UsageFilter NONE =
      new UsageFilter(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** A filter that passes members of all groups. */
  public UsageFilter(
      Optional<Instance.Ref> service,
      Optional<Handle> user,
      Optional<Project.Ref> project,
      Optional<LocalDate> from,
      Optional<LocalDate> to) {
    this(service, user, project, from, to, Optional.empty());
  }
}
