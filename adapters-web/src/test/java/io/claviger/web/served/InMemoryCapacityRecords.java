package io.claviger.web.served;

import io.claviger.application.capacity.port.CapacityRecords;
import io.claviger.domain.fairness.CapacityKey;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A capacity that nobody has used. */
final class InMemoryCapacityRecords implements CapacityRecords {
  @Override
  public List<RecordedLimit> limits(CapacityKey capacity) {
    return List.of();
  }

  @Override
  public WaitingCalls waiting(CapacityKey capacity) {
    return WaitingCalls.NONE;
  }

  @Override
  public List<MinuteRecord> minutes(CapacityKey capacity, Optional<UUID> borrower) {
    return List.of();
  }

  @Override
  public List<BorrowerRecord> borrowers(CapacityKey capacity, Optional<UUID> borrower) {
    return List.of();
  }

  @Override
  public List<BusyCapacity> busiest(int most) {
    return List.of();
  }
}
