package io.claviger.imports.dhamps.port;

import io.claviger.imports.dhamps.rules.SourceContent;
import io.claviger.imports.shared.SourceKey;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** A dhamps-vdb database, as it was at one moment. Claviger only reads this database. */
public interface SourceDatabase {
  /** Returns this database's identity, in the same form as {@link ImportSource#identity}. */
  String identity();

  SourceContent content();

  /**
   * Returns a map from the ids of services to the services' keys. There is no entry for a service
   * without a key.
   *
   * @param services the services' ids, at most a few thousand
   */
  Map<Long, OldKeys> keys(Collection<Long> services);

  /**
   * The keys in one row.
   *
   * @param plain the key that is stored unencrypted; never {@link SourceKey.Closed}
   */
  record OldKeys(SourceKey plain, Optional<SourceDecryption.Sealed> encrypted) {}
}
