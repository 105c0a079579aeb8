package io.claviger.application.fakes;

import io.claviger.application.shared.Sight;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.transfers.port.TransferStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import io.claviger.domain.transfers.TransferState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@link TransferStore} in memory. */
public final class InMemoryTransfers implements TransferStore {
  private static final Comparator<Transfer> IN_ORDER =
      Comparator.comparing(Transfer::offeredAt).thenComparing(t -> t.id().value());

  private final InMemoryTransactions transactions;
  private final InstantSource clock;

  public InMemoryTransfers(InMemoryTransactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  @Override
  public Optional<Transfer> find(Transfer.Id id, Sight sight) {
    return transactions.read(t -> Optional.ofNullable(t.transfers.get(id)));
  }

  @Override
  public Optional<Transfer> lock(Transfer.Id id, Sight sight) {
    return find(id, sight);
  }

  @Override
  public List<Transfer> list(User.Id user, Optional<TimeCursor> after, int limit) {
    return transactions.read(
        t ->
            t.transfers.values().stream()
                .filter(transfer -> isOf(transfer, user))
                .filter(transfer -> after.filter(p -> !isBehind(transfer, p)).isEmpty())
                .sorted(IN_ORDER)
                .limit(limit)
                .toList());
  }

  @Override
  public void insert(Transfer transfer, User.Id offeredBy) {
    transactions.run(
        t -> {
          t.requireUser(offeredBy);
          if (!offered(transfer.items()).isEmpty()) {
            throw Tables.taken("an item");
          }
          List<Transfer.Id> ended =
              t.transfers.values().stream()
                  .filter(each -> each.from().id().equals(transfer.from().id()))
                  .filter(each -> each.endedAt().isPresent())
                  .filter(each -> each.state() != TransferState.ACCEPTED)
                  .sorted(
                      Comparator.comparing((Transfer each) -> each.endedAt().orElseThrow())
                          .thenComparing(each -> each.id().value())
                          .reversed())
                  .skip(Transfer.MOST_KEPT)
                  .map(Transfer::id)
                  .toList();
          ended.forEach(t.transfers::remove);
          t.transfers.put(transfer.id(), transfer);
        });
  }

  @Override
  public List<Transfer> listOpenTo(User.Id receiver, int limit) {
    return open(transfer -> transfer.to().id().equals(receiver), limit);
  }

  @Override
  public List<Transfer> listOpenOf(User.Id giver, int limit) {
    return open(transfer -> transfer.from().id().equals(giver), limit);
  }

  private List<Transfer> open(Predicate<Transfer> which, int limit) {
    Instant now = clock.instant();
    return transactions.read(
        t ->
            t.transfers.values().stream()
                .filter(transfer -> transfer.stateAt(now) == TransferState.OFFERED)
                .filter(which)
                .sorted(IN_ORDER)
                .limit(limit)
                .toList());
  }

  @Override
  public void lockItems(List<TransferItem> items, User.Id owner, boolean waits) {}

  @Override
  public Map<TransferItem, Transfer.Id> offered(List<TransferItem> items) {
    return transactions.read(
        t -> {
          Map<TransferItem, Transfer.Id> offered = new HashMap<>();
          t.transfers.values().stream()
              .filter(transfer -> transfer.state() == TransferState.OFFERED)
              .forEach(
                  transfer ->
                      items.stream()
                          .filter(item -> contains(transfer, item))
                          .forEach(item -> offered.put(item, transfer.id())));
          return offered;
        });
  }

  private static boolean contains(Transfer transfer, TransferItem item) {
    return item.id().isPresent()
        && transfer.items().stream().anyMatch(other -> other.id().equals(item.id()));
  }

  @Override
  public void end(Transfer transfer) {
    transactions.run(t -> t.transfers.put(transfer.id(), transfer));
  }

  @Override
  public void expire() {
    Instant now = clock.instant();
    transactions.run(t -> t.transfers.replaceAll((id, transfer) -> transfer.asOf(now)));
  }

  @Override
  public int deleteEnded(Duration ago) {
    Instant time = clock.instant().minus(ago);
    return transactions.change(
        t -> {
          List<Transfer.Id> ended =
              t.transfers.values().stream()
                  .filter(transfer -> transfer.endedAt().filter(time::isAfter).isPresent())
                  .map(Transfer::id)
                  .toList();
          ended.forEach(t.transfers::remove);
          return ended.size();
        });
  }

  private static boolean isOf(Transfer transfer, User.Id user) {
    return Stream.of(transfer.from(), transfer.to()).anyMatch(party -> party.id().equals(user));
  }

  private static boolean isBehind(Transfer transfer, TimeCursor position) {
    int byTime = transfer.offeredAt().compareTo(position.at());
    return byTime > 0 || (byTime == 0 && transfer.id().value().compareTo(position.id()) > 0);
  }
}
