package io.claviger.application.usage;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.usage.UsageRow;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;

/**
 * Shows usage: to callers their own, to owners all of what they own, to administrators everything.
 * A service that the caller reaches through a project alone and can't see bears the project's name.
 * What was counted in the last second may be missing.
 */
public interface FindUsage {
  Outcome find(Actor actor, Filter filter, PageRequest<Position> page);

  /**
   * Empty parts filter nothing; names are those at the time.
   *
   * @param from the first day
   * @param to the last day
   */
  record Filter(
      Optional<InstanceRef> service,
      Optional<Handle> user,
      Optional<ProjectRef> project,
      Optional<LocalDate> from,
      Optional<LocalDate> to) {}

  /**
   * A position in the list.
   *
   * @param project the nil UUID for a call through none
   */
  record Position(LocalDate day, UUID user, UUID service, UUID project, KeySource source) {
    public static final UUID NO_PROJECT = new UUID(0, 0);

    public static Position of(UsageRow row) {
      return new Position(
          row.day(),
          row.account().user().value(),
          row.account().instance().value(),
          row.account().project().map(p -> p.id().value()).orElse(NO_PROJECT),
          row.source());
    }
  }

  /** A page of usage, or why not. */
  sealed interface Outcome {
    record Listed(Page<UsageRow, Position> page) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
