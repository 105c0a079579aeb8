package io.claviger.application.usage;

import io.claviger.application.usage.port.RefusalSum;
import io.claviger.application.usage.port.RefusedCalls;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsageOverview;
import io.claviger.application.usage.port.UsagePosition;
import io.claviger.application.usage.port.UsageQuestion;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageRow;
import io.claviger.domain.usage.UsageSum;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A usage store to which usage is only added. */
interface UsageStoreOfOneMethod extends UsageStore {
  @Override
  default List<UsageRow> find(
      Optional<User.Id> viewer, UsageFilter filter, Optional<UsagePosition> after, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  default List<UsageRow> findFrom(
      Optional<User.Id> viewer, UsageFilter filter, UsagePosition first, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  default List<UsageSum> sums(
      Optional<User.Id> viewer,
      UsageFilter filter,
      Set<UsageDimension> dimensions,
      Optional<List<String>> after,
      int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  default UsageOverview overview(Optional<User.Id> viewer, UsageQuestion question) {
    throw new UnsupportedOperationException();
  }

  @Override
  default List<RefusalSum> refusalSums(
      RefusalFilter filter,
      Set<RefusalSum.Dimension> dimensions,
      Optional<List<String>> after,
      int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  default List<RefusedCalls> refusals(
      RefusalFilter filter, Optional<List<String>> after, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  default int rollUp(int most) {
    throw new UnsupportedOperationException();
  }

  @Override
  default int removeOldCharges() {
    throw new UnsupportedOperationException();
  }
}
