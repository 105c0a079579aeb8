package io.claviger.application.fakes;

import io.claviger.application.sharing.port.AccessHistory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@link AccessHistory} of nothing. Only a database has triggers that write one. */
public final class InMemoryAccessHistory implements AccessHistory {
  @Override
  public Instant knownSince() {
    return Seeds.SEEDED_AT;
  }

  @Override
  public List<Access> find(AccessQuestion question, Optional<List<String>> after, int limit) {
    return List.of();
  }
}
