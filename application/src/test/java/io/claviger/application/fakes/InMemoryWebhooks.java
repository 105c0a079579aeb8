package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.WebhookRow;
import io.claviger.application.webhooks.port.WebhookStore;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.domain.webhooks.DeliveryRetry;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@link WebhookStore} in memory. */
public final class InMemoryWebhooks implements WebhookStore {
  private final InMemoryTransactions transactions;

  public InMemoryWebhooks(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  /** Writes a message as the transaction that charges a budget does. */
  public void write(Webhook.Id webhook, WebhookMessage message) {
    transactions.run(t -> add(t, row(t, webhook).orElseThrow(), message));
  }

  static void add(Tables t, WebhookRow to, WebhookMessage message) {
    put(
        t,
        with(
            to,
            Stream.concat(to.messages().stream(), Stream.of(message))
                .sorted(
                    Comparator.comparing(WebhookMessage::createdAt)
                        .thenComparing(InMemoryWebhooks::threshold))
                .toList()));
  }

  private static int threshold(WebhookMessage message) {
    return message instanceof WebhookMessage.ThresholdReached reached
        ? reached.threshold()
        : Integer.MAX_VALUE;
  }

  @Override
  public Optional<StoredWebhook> find(GranteeId user) {
    return transactions.read(
        t ->
            Optional.ofNullable(t.webhooks.get(user))
                .map(
                    row ->
                        new StoredWebhook(
                            row.webhook(),
                            new Deliveries(
                                row.messages().size(), row.deliveredAt(), row.failure()))));
  }

  @Override
  public Optional<Webhook> lock(GranteeId user) {
    return find(user).map(StoredWebhook::webhook);
  }

  @Override
  public void insert(Webhook webhook, SealedValue secret) {
    transactions.run(
        t -> {
          t.requireLive(secret);
          WebhookRow row =
              new WebhookRow(
                  webhook,
                  secret,
                  List.of(),
                  webhook.updatedAt(),
                  0,
                  Optional.empty(),
                  Optional.empty());
          if (t.webhooks.putIfAbsent(webhook.receiver(), row) != null) {
            throw Tables.taken("the webhook");
          }
        });
  }

  @Override
  public boolean update(Webhook webhook) {
    return transactions.change(
        t ->
            row(t, webhook.id())
                .map(
                    row -> {
                      put(
                          t,
                          new WebhookRow(
                              webhook,
                              row.secret(),
                              row.messages(),
                              row.nextAttempt(),
                              row.failures(),
                              row.deliveredAt(),
                              row.failure()));
                      return true;
                    })
                .orElse(false));
  }

  @Override
  public boolean delete(Webhook.Id webhook) {
    return transactions.change(
        t -> t.webhooks.values().removeIf(row -> row.webhook().id().equals(webhook)));
  }

  boolean deleteOf(User.Id user) {
    return transactions.change(t -> t.webhooks.remove(user) != null);
  }

  @Override
  public boolean anyMessage() {
    return transactions.change(
        t -> t.webhooks.values().stream().anyMatch(row -> !row.messages().isEmpty()));
  }

  @Override
  public List<DueDelivery> takeDue(Instant now, Duration lease, int most, Set<Webhook.Id> except) {
    return transactions.change(
        t -> {
          for (WebhookRow row : List.copyOf(t.webhooks.values())) {
            if (isSuspended(t, row)) {
              put(t, with(row, List.of()));
            }
          }
          List<WebhookRow> due =
              t.webhooks.values().stream()
                  .filter(row -> isDue(row.nextAttempt(), now) && !row.messages().isEmpty())
                  .filter(row -> !except.contains(row.webhook().id()))
                  .sorted(Comparator.comparing(WebhookRow::nextAttempt))
                  .limit(most)
                  .toList();
          List<DueDelivery> taken = new ArrayList<>();
          for (WebhookRow row : due) {
            Instant until = now.plus(lease);
            put(t, attempted(row, until, row.failures(), row.deliveredAt(), row.failure()));
            taken.add(
                new DueDelivery(
                    row.webhook(), row.secret(), row.messages().getFirst(), row.failures(), until));
          }
          return taken;
        });
  }

  private static boolean isDue(Instant at, Instant now) {
    return !at.isAfter(now) || at.isAfter(now.plus(DeliveryRetry.LATEST));
  }

  @Override
  public boolean addTest(Webhook.Id webhook, WebhookMessage.Happened message) {
    return transactions.change(
        t -> {
          Optional<WebhookRow> row =
              row(t, webhook)
                  .filter(one -> !isSuspended(t, one))
                  .filter(one -> one.messages().size() < 1000)
                  .filter(
                      one -> one.messages().stream().noneMatch(m -> m.type() == message.type()));
          row.ifPresent(one -> add(t, one, message));
          return row.isPresent();
        });
  }

  @Override
  public void recordDelivered(DueDelivery due, Instant now) {
    transactions.run(
        t -> {
          row(t, due.webhook().id())
              .ifPresent(
                  row ->
                      put(
                          t,
                          with(
                              row,
                              row.messages().stream()
                                  .filter(m -> !m.id().equals(due.message().id()))
                                  .toList())));
          leased(t, due)
              .ifPresent(row -> put(t, attempted(row, now, 0, Optional.of(now), Optional.empty())));
        });
  }

  @Override
  public void recordFailed(DueDelivery due, DeliveryFailure why, Instant now, Instant nextAttempt) {
    transactions.run(
        t ->
            leased(t, due)
                .ifPresent(
                    row ->
                        put(
                            t,
                            attempted(
                                row,
                                nextAttempt,
                                row.failures() + 1,
                                row.deliveredAt(),
                                Optional.of(new Failure(why, now))))));
  }

  @Override
  public int deleteCreatedBefore(Instant time) {
    Predicate<WebhookMessage> old = message -> message.createdAt().isBefore(time);
    return transactions.change(
        t -> {
          int count = 0;
          for (WebhookRow row : List.copyOf(t.webhooks.values())) {
            count += (int) row.messages().stream().filter(old).count();
            put(t, with(row, row.messages().stream().filter(old.negate()).toList()));
          }
          return count;
        });
  }

  static boolean isSuspended(Tables t, WebhookRow row) {
    return row.webhook().receiver() instanceof User.Id id
        && Optional.ofNullable(t.users.get(id)).filter(User::suspended).isPresent();
  }

  private static Optional<WebhookRow> row(Tables t, Webhook.Id webhook) {
    return t.webhooks.values().stream()
        .filter(row -> row.webhook().id().equals(webhook))
        .findFirst();
  }

  private static Optional<WebhookRow> leased(Tables t, DueDelivery due) {
    return row(t, due.webhook().id()).filter(row -> row.nextAttempt().equals(due.leasedUntil()));
  }

  private static void put(Tables t, WebhookRow changed) {
    t.webhooks.put(changed.webhook().receiver(), changed);
  }

  private static WebhookRow with(WebhookRow row, List<WebhookMessage> messages) {
    return new WebhookRow(
        row.webhook(),
        row.secret(),
        messages,
        row.nextAttempt(),
        row.failures(),
        row.deliveredAt(),
        row.failure());
  }

  private static WebhookRow attempted(
      WebhookRow row,
      Instant next,
      int failures,
      Optional<Instant> deliveredAt,
      Optional<Failure> failure) {
    return new WebhookRow(
        row.webhook(), row.secret(), row.messages(), next, failures, deliveredAt, failure);
  }
}
