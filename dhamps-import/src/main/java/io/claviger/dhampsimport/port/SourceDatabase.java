package io.claviger.dhampsimport.port;

import io.claviger.dhampsimport.rules.SourceContent;
import io.claviger.dhampsimport.rules.SourceKey;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** A database of dhamps-vdb as it was at one moment. It is read and never written. */
public interface SourceDatabase {
  /** Tells this database from every other, as {@link ImportStore#database} does. */
  String identity();

  SourceContent content();

  /**
   * The keys of some services, by the ids of these; those without any are missing.
   *
   * @param services by id, at most a few thousand
   */
  Map<Long, OldKeys> keys(Collection<Long> services);

  /**
   * The keys of one row.
   *
   * @param plain the one in the clear; never {@link SourceKey.Closed}
   */
  record OldKeys(SourceKey plain, Optional<SourceDecryption.Sealed> encrypted) {}
}
