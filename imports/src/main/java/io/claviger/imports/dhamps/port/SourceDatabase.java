package io.claviger.imports.dhamps.port;

import io.claviger.imports.dhamps.rules.SourceContent;
import io.claviger.imports.shared.SourceKey;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * A database of dhamps-vdb in the state that it had at one moment. Claviger only reads this
 * database.
 */
public interface SourceDatabase {
  /** Returns the identity of this database, in the same form as {@link ImportSource#identity}. */
  String identity();

  SourceContent content();

  /**
   * Returns the keys of services, by the ids of the services. The map has no entry for a service
   * that has no key.
   *
   * @param services the ids of the services, at most a few thousand
   */
  Map<Long, OldKeys> keys(Collection<Long> services);

  /**
   * The keys that one row contains.
   *
   * @param plain the key that is stored without encryption; never {@link SourceKey.Closed}
   */
  record OldKeys(SourceKey plain, Optional<SourceDecryption.Sealed> encrypted) {}
}
