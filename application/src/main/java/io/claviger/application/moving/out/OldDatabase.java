package io.claviger.application.moving.out;

import io.claviger.domain.moving.FoundKey;
import io.claviger.domain.moving.OldContent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** A database of dhamps-vdb as it was at one moment. It is read and never written. */
public interface OldDatabase {
  /** Tells this database from every other, as {@link Arrivals#database} does. */
  String identity();

  OldContent content();

  /**
   * The keys of some services, by the ids of these; those without any are missing.
   *
   * @param services by id, at most a few thousand
   */
  Map<Long, OldKeys> keys(Collection<Long> services);

  /**
   * The keys of one row.
   *
   * @param plain the one in the clear; never {@link FoundKey.Closed}
   */
  record OldKeys(FoundKey plain, Optional<OldSealing.Sealed> encrypted) {}
}
