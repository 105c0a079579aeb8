package io.claviger.application.webhooks;

import io.claviger.application.budgets.port.HolderDirectory;
import io.claviger.application.budgets.port.HolderNames;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.webhooks.port.WebhookSender;
import io.claviger.application.webhooks.port.WebhookSender.Posting;
import io.claviger.application.webhooks.port.WebhookStore;
import io.claviger.application.webhooks.port.WebhookStore.DueDelivery;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.domain.webhooks.DeliveryRetry;
import io.claviger.domain.webhooks.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Delivers the messages of webhooks. Any number of nodes can deliver messages at the same time.
 * Each webhook is leased to one node at a time. A message is posted twice only if the node that has
 * posted it stops, or pauses for a minute, before the node records the result. While a message is
 * being posted, no transaction is open.
 */
public final class WebhookDelivery {
  /** The timeout of an attempt to deliver a message. */
  static final Duration LONGEST = Duration.ofSeconds(10);

  /**
   * The time for which a node may deliver a webhook's message. This time is much longer than {@link
   * #LONGEST}, so that the lease does not end while the database is slow.
   */
  static final Duration LEASE = Duration.ofSeconds(60);

  /**
   * The maximum number of messages that are in flight at the same time. Each webhook has at most
   * one message in flight.
   */
  static final int AT_ONCE = 256;

  /**
   * The maximum number of in-flight messages to endpoints whose last answer was slow. The number is
   * limited so that other endpoints do not have to wait.
   */
  static final int SLOW_AT_ONCE = AT_ONCE / 2;

  /** The time after which an endpoint's answer counts as slow. */
  private static final Duration SLOW = Duration.ofSeconds(1);

  /**
   * The maximum number of webhooks that are remembered as slow. When there are this many, a further
   * slow webhook replaces the oldest.
   */
  private static final int MOST_SLOW = 1_000;

  /** The interval at which this node looks for due messages while it waits for answers. */
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  private final WebhookStore webhooks;
  private final HolderDirectory directory;
  private final WebhookSender sender;
  private final Sealer sealer;
  private final AuditedChanges changes;
  private final InstantSource database;

  /**
   * The webhooks' answers that are not recorded yet. Several threads can add answers at the same
   * time.
   */
  private final LinkedBlockingQueue<AnsweredDelivery> answered = new LinkedBlockingQueue<>();

  /** The number of posted messages whose answers are not recorded yet. */
  private int underWay;

  /** The number of posted messages to slow webhooks whose answers are not recorded yet. */
  private int slowUnderWay;

  private final Set<Webhook.Id> slow = new LinkedHashSet<>();

  /**
   * @param database the clock of the database. This clock decides when messages are due and when
   *     leases end, because the nodes' clocks can differ
   */
  public WebhookDelivery(
      WebhookStore webhooks,
      HolderDirectory directory,
      WebhookSender sender,
      Sealer sealer,
      AuditedChanges changes,
      InstantSource database) {
    this.webhooks = webhooks;
    this.directory = directory;
    this.sender = sender;
    this.sealer = sealer;
    this.changes = changes;
    this.database = database;
  }

  /** The outcome of posting a message. The times in this record are times of this node's clock. */
  private record AnsweredDelivery(
      DueDelivery due,
      boolean wasSlow,
      Optional<DeliveryFailure> failure,
      Instant leased,
      Instant answered) {}

  /**
   * Posts a message to each webhook with a due message, waits for the first answer, and records all
   * answers so far. So a slow endpoint does not delay other endpoints. A background task calls this
   * method repeatedly, in one thread at a time.
   *
   * @return the number of messages that were answered or are in flight; if not 0, more messages
   *     might be due
   * @throws RuntimeException if an answer can't be recorded; the other answers are recorded
   *     nevertheless. The next call tries again to record the answer, unless another node might
   *     have posted the message again in the meantime
   */
  public int deliverDue() {
    if (underWay < AT_ONCE) {
      postDue();
    }
    return recordAnswers(BETWEEN_LOOKS) + underWay;
  }

  /** Leases messages and posts them. */
  private void postDue() {
    Instant leased = changes.now();
    Instant now = database.instant();
    Map<BudgetHolder, HolderNames> names = new HashMap<>();
    List<DueDelivery> due =
        changes
            .transactions()
            .inTransaction(
                () -> {
                  List<DueDelivery> taken = new ArrayList<>(take(now));
                  names.clear();
                  if (!taken.isEmpty()) {
                    names.putAll(
                        directory.names(
                            taken.stream()
                                .flatMap(one -> one.message().named().stream())
                                .distinct()
                                .toList()));
                  }
                  return taken;
                });
    for (DueDelivery one : due) {
      if (sealer.lacksKeyOf(one.secret())) {
        // This node can't open the webhook's secret. Another node that can open the secret will
        // post the message after the end of the lease.
        continue;
      }
      underWay++;
      boolean wasSlow = slow.contains(one.webhook().id());
      if (wasSlow) {
        slowUnderWay++;
      }
      CompletableFuture<Void> unused =
          post(
                  one,
                  one.message()
                      .named()
                      .map(holder -> names.getOrDefault(holder, HolderNames.NONE))
                      .orElse(HolderNames.NONE))
              .handle(
                  (failure, fault) ->
                      fault == null ? failure : Optional.of(DeliveryFailure.UNREACHABLE))
              .thenAccept(
                  failure ->
                      answered.add(
                          new AnsweredDelivery(one, wasSlow, failure, leased, changes.now())));
    }
  }

  /**
   * Takes due messages. Messages to webhooks whose last answer was not slow come first. The number
   * of messages to slow webhooks is limited, so that slow webhooks do not delay messages to other
   * webhooks.
   */
  private List<DueDelivery> take(Instant now) {
    List<DueDelivery> taken =
        new ArrayList<>(webhooks.takeDue(now, LEASE, AT_ONCE - underWay, Set.copyOf(slow)));
    int room = Math.min(AT_ONCE - underWay - taken.size(), SLOW_AT_ONCE - slowUnderWay);
    if (!slow.isEmpty() && room > 0) {
      taken.addAll(webhooks.takeDue(now, LEASE, room));
    }
    return taken;
  }

  private void leave(AnsweredDelivery one) {
    underWay--;
    if (one.wasSlow()) {
      slowUnderWay--;
    }
    Webhook.Id id = one.due().webhook().id();
    slow.remove(id);
    if (one.answered().isAfter(one.leased().plus(SLOW))) {
      slow.add(id);
      if (slow.size() > MOST_SLOW) {
        slow.remove(slow.iterator().next());
      }
    }
  }

  /**
   * Waits at most the given time for the answers to the messages that were posted, and records
   * these answers.
   */
  public void finish(Duration most) {
    Instant end = changes.now().plus(most);
    while (underWay > 0 && changes.now().isBefore(end)) {
      int unused = recordAnswers(BETWEEN_LOOKS);
    }
  }

  /** If a message is in flight, waits for an answer. Returns the number of recorded answers. */
  private int recordAnswers(Duration wait) {
    List<AnsweredDelivery> all = new ArrayList<>();
    try {
      AnsweredDelivery first =
          underWay > 0 ? answered.poll(wait.toMillis(), TimeUnit.MILLISECONDS) : null;
      if (first != null) {
        all.add(first);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    int unused = answered.drainTo(all);
    RuntimeException fault = null;
    int recorded = 0;
    for (AnsweredDelivery one : all) {
      try {
        record(one.due(), one.failure());
        recorded++;
        leave(one);
      } catch (RuntimeException e) {
        fault = e;
        if (changes.now().isBefore(one.leased().plus(LEASE))) {
          answered.add(one);
        } else {
          leave(one);
        }
      }
    }
    if (fault != null) {
      throw fault;
    }
    return recorded;
  }

  private CompletableFuture<Optional<DeliveryFailure>> post(DueDelivery due, HolderNames names) {
    try {
      return signAndPost(due, names);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<Optional<DeliveryFailure>> signAndPost(
      DueDelivery due, HolderNames names) {
    Optional<Secret> secret =
        sealer.open(
            due.secret(), KeyBinding.ofWebhookSecret(due.webhook().id(), due.webhook().url()));
    if (secret.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.of(DeliveryFailure.SECRET_UNUSABLE));
    }
    try (Secret open = secret.get()) {
      return sender.post(
          new Posting(
              new User.Id(due.webhook().receiver().value()),
              due.webhook().url(),
              due.webhook().format(),
              due.message(),
              names,
              changes.now()),
          open,
          LONGEST);
    }
  }

  private void record(DueDelivery due, Optional<DeliveryFailure> failure) {
    Instant now = database.instant();
    boolean unused =
        changes
            .transactions()
            .inTransaction(
                () -> {
                  failure.ifPresentOrElse(
                      why ->
                          webhooks.recordFailed(
                              due, why, now, now.plus(DeliveryRetry.after(due.failures() + 1))),
                      () -> webhooks.recordDelivered(due, now));
                  return true;
                });
  }

  /** Deletes messages that could not be delivered within a day. */
  public int removeExpired() {
    return webhooks.deleteCreatedBefore(database.instant().minus(DeliveryRetry.LONGEST));
  }
}
