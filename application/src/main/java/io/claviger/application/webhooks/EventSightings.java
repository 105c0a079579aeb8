package io.claviger.application.webhooks;

import io.claviger.application.shared.SubjectFailures;
import io.claviger.application.shared.port.Transactions;
import io.claviger.application.webhooks.port.EventStore;
import io.claviger.application.webhooks.port.EventStore.Notice;
import io.claviger.application.webhooks.port.EventStore.Sighting;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.webhooks.EventReceivers;
import io.claviger.domain.webhooks.EventReceivers.Parties;
import io.claviger.domain.webhooks.EventType;
import io.claviger.domain.webhooks.WebhookMessage.Fact;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Writes messages for webhooks about states that no audit event announces: rejected keys, old keys,
 * failing credentials, and shares that end soon. Each state is reported once, by the first node
 * that notices it.
 */
public final class EventSightings {
  /** The age from which a key counts as old. */
  public static final Duration OLD = Duration.ofDays(90);

  /** The coming end of a share is reported this long before the end. */
  public static final Duration SOON = Duration.ofDays(7);

  private static final Duration REMEMBERED = Duration.ofDays(366);
  private static final int MOST = 200;

  private final EventStore events;
  private final Supplier<Map<Instance.Id, String>> failing;
  private final Transactions transactions;
  private final InstantSource clock;

  /**
   * @param failing the services whose credentials fail on this node, each with the reason
   * @param clock the database's clock. If nodes used their own clocks, which can differ, two nodes
   *     could repeatedly report the same failure for two different days
   */
  public EventSightings(
      EventStore events,
      Supplier<Map<Instance.Id, String>> failing,
      Transactions transactions,
      InstantSource clock) {
    this.events = events;
    this.failing = failing;
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * Reports the states that were not reported yet, at most 200 of each kind. While there is no
   * webhook at all, no state is reported or recorded as reported.
   *
   * @throws RuntimeException if a state could not be reported although the database is available;
   *     all other states were reported
   */
  public void tell() {
    if (!events.hasWebhooks()) {
      return;
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    SubjectFailures failures = new SubjectFailures();
    events
        .sightings(now, now.minus(OLD), now.plus(SOON), MOST)
        .forEach(one -> failures.collect(() -> tell(one, now)));
    failing.get().forEach((service, why) -> failures.collect(() -> tellFailing(service, why, now)));
    failures.throwFirst();
  }

  private void tellFailing(Instance.Id service, String why, Instant now) {
    events
        .service(service)
        .map(
            named ->
                new Sighting(
                    EventType.CREDENTIAL_FAILED,
                    service,
                    named.ref(),
                    named.owner(),
                    Optional.empty(),
                    now.truncatedTo(ChronoUnit.DAYS),
                    List.of(new Fact("failure", why))))
        .ifPresent(one -> tell(one, now));
  }

  private void tell(Sighting one, Instant now) {
    UUID other = one.concerned().map(GranteeId::value).orElse(one.service().value());
    boolean unused =
        transactions.inTransaction(
            () -> {
              boolean first = events.mark(one.type(), one.service(), other, one.state(), now);
              if (first) {
                List<Fact> facts = new ArrayList<>();
                facts.add(new Fact("service", one.ref().toString()));
                facts.addAll(one.facts());
                events.write(
                    new Notice(one.type(), facts, "/console/services/" + one.ref()),
                    EventReceivers.of(
                        one.type(),
                        new Parties(
                            Optional.of(one.owner()),
                            one.concerned(),
                            events.holders(one.service(), now))),
                    now);
              }
              return first;
            });
  }

  /**
   * Deletes the records of states that have ended and were reported at least a year ago. Returns
   * the number of deleted records.
   */
  public int forget() {
    return events.forget(REMEMBERED);
  }
}
