package io.claviger.application.fakes;

import io.claviger.application.audit.port.AuditEventStore;
import io.claviger.application.audit.port.AuditFilter;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** {@link AuditTrail} and {@link AuditEventStore} in memory. */
public final class InMemoryAuditTrail implements AuditTrail, AuditEventStore {
  /** Compares UUIDs by their bytes, as PostgreSQL does. */
  private static final Comparator<TimeCursor> ORDER =
      Comparator.comparing(TimeCursor::at).thenComparing(p -> p.id().toString());

  private final InMemoryTransactions transactions;

  public InMemoryAuditTrail(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public void record(AuditEvent event) {
    transactions.run(t -> t.auditEvents.add(event));
  }

  @Override
  public void newest(
      Optional<User.Id> owner,
      AuditFilter filter,
      Optional<TimeCursor> after,
      int limit,
      Predicate<AuditEvent> taker) {
    boolean unused =
        page(
                event ->
                    filter.passes(event)
                        && (owner.isEmpty() || owner.equals(event.target().owner())),
                ORDER.reversed(),
                after,
                limit)
            .stream()
            .allMatch(taker);
  }

  @Override
  public List<AuditEvent> newestOfAccounts(
      User.Id responsible, AuditAction action, Instant since, int limit) {
    return new InMemoryUsers(transactions)
        .listServiceAccounts(responsible, since, Optional.empty(), Integer.MAX_VALUE).stream()
            .flatMap(
                each ->
                    page(
                        event ->
                            event.action() == action
                                && !event.at().isBefore(since)
                                && event
                                    .target()
                                    .id()
                                    .equals(Optional.of(each.account().id().value())),
                        ORDER.reversed(),
                        Optional.empty(),
                        1)
                        .stream())
            .sorted(Comparator.comparing(InMemoryAuditTrail::position, ORDER.reversed()))
            .limit(limit)
            .toList();
  }

  /** All events, in the order in which they were recorded. */
  public List<AuditEvent> events() {
    return transactions.read(t -> List.copyOf(t.auditEvents));
  }

  private List<AuditEvent> page(
      Predicate<AuditEvent> wanted,
      Comparator<TimeCursor> order,
      Optional<TimeCursor> after,
      int limit) {
    return transactions.read(
        t ->
            t.auditEvents.stream()
                .filter(wanted)
                .filter(e -> after.isEmpty() || order.compare(position(e), after.get()) > 0)
                .sorted(Comparator.comparing(InMemoryAuditTrail::position, order))
                .limit(limit)
                .toList());
  }

  private static TimeCursor position(AuditEvent event) {
    return new TimeCursor(event.at(), event.id());
  }
}
