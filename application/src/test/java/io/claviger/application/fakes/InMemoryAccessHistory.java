package io.claviger.application.fakes;

import io.claviger.application.sharing.port.AccessHistory;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An empty {@link AccessHistory}. Only a database has triggers that write a history. */
public final class InMemoryAccessHistory implements AccessHistory {
  @Override
  public Instant knownSince() {
    return Seeds.SEEDED_AT;
  }

  @Override
  public List<Access> find(AccessQuestion question, Optional<List<String>> after, int limit) {
    return List.of();
  }

  @Override
  public boolean hasService(Instance.Ref service) {
    return false;
  }
}
