package io.claviger.application.usage.port;

import io.claviger.domain.policy.KeySource;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.UsageRow;
import java.time.LocalDate;
import java.util.UUID;

/**
 * A position in a list of usage.
 *
 * @param project the id of the project; the nil UUID for calls outside of projects
 */
public record UsagePosition(
    LocalDate day,
    UUID user,
    UUID service,
    UUID project,
    KeySource source,
    CountedModel model,
    PriceVersions prices) {
  public static final UUID NO_PROJECT = new UUID(0, 0);

  /**
   * A placeholder for a hidden source of keys in a position. In the sort order, the placeholder
   * comes before all sources.
   */
  public static final KeySource UNTOLD = KeySource.CENTRAL;

  /** Returns the position before all usage of this account and day. */
  public UsagePosition beginning() {
    return new UsagePosition(
        day, user, service, project, UNTOLD, CountedModel.UNKNOWN, PriceVersions.NONE);
  }

  public UsagePosition with(KeySource other) {
    return new UsagePosition(day, user, service, project, other, model, prices);
  }

  public boolean isOfSameAccount(UsagePosition other) {
    return beginning().equals(other.beginning());
  }

  public static UsagePosition of(UsageRow row) {
    return new UsagePosition(
        row.day(),
        row.account().user().value(),
        row.account().instance().value(),
        row.account().project().map(p -> p.id().value()).orElse(NO_PROJECT),
        row.source(),
        row.model(),
        row.prices());
  }
}
