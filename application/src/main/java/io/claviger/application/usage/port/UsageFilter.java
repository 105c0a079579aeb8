package io.claviger.application.usage.port;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.time.LocalDate;
import java.util.Optional;

/**
 * The conditions that listed usage has to meet. A condition that is empty does not restrict the
 * list. Names are compared with the names that services, users and projects had at the time of the
 * calls.
 *
 * @param from the first day of the selected usage
 * @param to the last day of the selected usage
 * @param group the group whose members' usage is selected; a user who was a member for a part of a
 *     day counts as a member for the whole day
 */
public record UsageFilter(
    Optional<Instance.Ref> service,
    Optional<Handle> user,
    Optional<Project.Ref> project,
    Optional<LocalDate> from,
    Optional<LocalDate> to,
    Optional<Handle> group) {
  /** Selects all usage. */
  public static final UsageFilter NONE =
      new UsageFilter(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * @throws InvalidValue if the last day is before the first day
   */
  public UsageFilter {
    if (from.isPresent() && to.filter(from.get()::isAfter).isPresent()) {
      throw new InvalidValue("to", "a day that is not before from");
    }
  }

  /** Creates a filter that does not select by group. */
  public UsageFilter(
      Optional<Instance.Ref> service,
      Optional<Handle> user,
      Optional<Project.Ref> project,
      Optional<LocalDate> from,
      Optional<LocalDate> to) {
    this(service, user, project, from, to, Optional.empty());
  }
}
