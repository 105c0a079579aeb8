package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AWebhook;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.webhooks.port.WebhookStore;
import io.claviger.application.webhooks.port.WebhookStore.Deliveries;
import io.claviger.application.webhooks.port.WebhookStore.DueDelivery;
import io.claviger.application.webhooks.port.WebhookStore.Failure;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.domain.webhooks.EventType;
import io.claviger.domain.webhooks.SelectedEvents;
import io.claviger.domain.webhooks.Thresholds;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookFormat;
import io.claviger.domain.webhooks.WebhookMessage;
import io.claviger.domain.webhooks.WebhookUrl;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link WebhookStore} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class WebhooksContract extends PortContract {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final WebhookUrl URL = WebhookUrl.of("https://hooks.example/budgets?a=b");

  private WebhookStore webhooks;
  private User alice;
  private Webhook webhook;
  private SealedValue secret;

  /** Writes a message as the transaction that charges a budget does. */
  protected abstract void write(Webhook.Id webhook, WebhookMessage message);

  @BeforeEach
  void fill() {
    webhooks = ports.webhooks();
    alice = user("alice");
    webhook = AWebhook.of(alice.id()).url(URL).createdAt(NOW).build();
    secret = sealed(webhook);
    webhooks.insert(webhook, secret);
  }

  private WebhookMessage.ThresholdReached message(int threshold, Instant at) {
    return new WebhookMessage.ThresholdReached(
        UUID.randomUUID(),
        BudgetHolder.user(alice.id().value()),
        new Budget.Key(BudgetUnit.USD, BudgetWindow.MONTH, BudgetZone.UTC),
        threshold,
        25_000_000_000L,
        20_000_000_000L,
        NOW,
        Optional.of(NOW.plusSeconds(1)),
        at);
  }

  private WebhookMessage.ThresholdReached written(int threshold, Instant at) {
    WebhookMessage.ThresholdReached message = message(threshold, at);
    write(webhook.id(), message);
    return message;
  }

  private Deliveries deliveries() {
    return webhooks.find(alice.id()).orElseThrow().deliveries();
  }

  private List<DueDelivery> taken(Instant now) {
    return webhooks.takeDue(now, LEASE, 10);
  }

  @Test
  void a_webhook_is_found_as_it_was_stored() {
    assertThat(webhooks.find(alice.id()))
        .contains(
            new WebhookStore.StoredWebhook(
                webhook, new Deliveries(0, Optional.empty(), Optional.empty())));
    assertThat(webhooks.lock(alice.id())).contains(webhook);
    assertThat(webhooks.find(user("bob").id())).isEmpty();
  }

  @Test
  void a_user_has_one_webhook() {
    Webhook other = AWebhook.of(alice.id()).build();

    assertLost(TAKEN, () -> webhooks.insert(other, sealed(other)));
  }

  @Test
  void a_group_has_a_webhook_of_its_own() {
    Group team = AGroup.called("team");
    ports.groups().insert(team);
    Webhook theirs = AWebhook.of(team.id()).createdAt(NOW).build();
    webhooks.insert(theirs, sealed(theirs));

    assertThat(webhooks.find(team.id()).orElseThrow().webhook()).isEqualTo(theirs);
    assertThat(webhooks.lock(team.id())).contains(theirs);
    assertThat(webhooks.lock(alice.id())).contains(webhook);
  }

  @Test
  void thresholds_change_and_a_webhook_that_is_gone_does_not() {
    User bob = user("bob");
    Webhook his = given(bob);
    Webhook changed =
        webhook.with(
            new Webhook.Choice(
                Thresholds.of(List.of(10)),
                SelectedEvents.of(List.of(EventType.KEY_OLD)),
                WebhookFormat.TEAMS),
            NOW.plusSeconds(1));

    assertThat(webhooks.update(changed)).isTrue();
    assertThat(webhooks.lock(alice.id())).contains(changed);
    assertThat(webhooks.lock(bob.id())).contains(his);
    assertThat(webhooks.delete(webhook.id())).isTrue();
    assertThat(webhooks.delete(webhook.id())).isFalse();
    assertThat(webhooks.update(changed)).isFalse();
    assertThat(webhooks.lock(bob.id())).contains(his);
  }

  @Test
  void nothing_is_due_where_nothing_waits() {
    assertThat(taken(NOW)).isEmpty();
  }

  @Test
  void the_oldest_message_is_taken_first_and_by_one_node() {
    WebhookMessage.ThresholdReached second = written(80, NOW.plusSeconds(1));
    WebhookMessage first = written(50, NOW.plusSeconds(1));

    List<DueDelivery> taken = taken(NOW);

    assertThat(taken).containsExactly(new DueDelivery(webhook, secret, first, 0, NOW.plus(LEASE)));
    assertThat(taken(NOW)).isEmpty();
    assertThat(deliveries().waiting()).isEqualTo(2);
    assertThat(taken(NOW.plus(LEASE))).extracting(DueDelivery::message).containsExactly(first);
    assertThat(second.threshold()).isEqualTo(80);
  }

  @Test
  void after_a_delivery_the_next_message_is_due_at_once() {
    written(80, NOW);
    WebhookMessage second = written(50, NOW.plusSeconds(1));

    webhooks.recordDelivered(taken(NOW).getFirst(), NOW);

    assertThat(deliveries()).isEqualTo(new Deliveries(1, Optional.of(NOW), Optional.empty()));
    assertThat(taken(NOW)).extracting(DueDelivery::message).containsExactly(second);
  }

  @Test
  void deliveries_and_failures_are_those_of_one_webhook() {
    User bob = user("bob");
    Webhook his = given(bob);
    written(50, NOW);
    WebhookMessage toBob = message(50, NOW);
    write(his.id(), toBob);
    List<DueDelivery> taken = taken(NOW);
    assertThat(taken).hasSize(2);
    DueDelivery alices =
        taken.stream().filter(due -> due.webhook().equals(webhook)).findFirst().orElseThrow();
    DueDelivery bobs =
        taken.stream().filter(due -> due.webhook().equals(his)).findFirst().orElseThrow();

    webhooks.recordDelivered(alices, NOW.plusSeconds(1));

    assertThat(deliveries())
        .isEqualTo(new Deliveries(0, Optional.of(NOW.plusSeconds(1)), Optional.empty()));
    Deliveries none = new Deliveries(1, Optional.empty(), Optional.empty());
    assertThat(webhooks.find(bob.id()).orElseThrow().deliveries()).isEqualTo(none);
    written(80, NOW);
    DueDelivery next = taken(NOW.plusSeconds(1)).getFirst();
    assertThat(next.webhook()).isEqualTo(webhook);
    webhooks.recordFailed(next, DeliveryFailure.REJECTED, NOW.plusSeconds(1), NOW.plusSeconds(60));
    assertThat(webhooks.find(bob.id()).orElseThrow().deliveries()).isEqualTo(none);
    webhooks.recordFailed(bobs, DeliveryFailure.TIMED_OUT, NOW, NOW.plusSeconds(2));
    assertThat(deliveries().failure())
        .contains(new Failure(DeliveryFailure.REJECTED, NOW.plusSeconds(1)));
    assertThat(taken(NOW.plusSeconds(2))).extracting(DueDelivery::message).containsExactly(toBob);
  }

  @Test
  void a_message_waits_until_it_is_delivered() {
    assertThat(webhooks.anyMessage()).isFalse();
    WebhookMessage unused = written(50, NOW);
    assertThat(webhooks.anyMessage()).isTrue();

    webhooks.recordDelivered(taken(NOW).getFirst(), NOW);

    assertThat(webhooks.anyMessage()).isFalse();
  }

  @Test
  void webhooks_that_a_node_leaves_out_wait_for_others() {
    User bob = user("bob");
    written(50, NOW);
    WebhookMessage toBob = message(50, NOW);
    write(given(bob).id(), toBob);

    assertThat(webhooks.takeDue(NOW, LEASE, 10, Set.of(webhook.id())))
        .extracting(DueDelivery::message)
        .containsExactly(toBob);
    assertThat(webhooks.takeDue(NOW, LEASE, 10, Set.of())).hasSize(1);
  }

  @Test
  void as_many_webhooks_are_taken_as_a_node_asks_for() {
    WebhookMessage first = written(50, NOW);
    WebhookMessage toBob = message(50, NOW);
    write(given(user("bob")).id(), toBob);

    List<DueDelivery> one = webhooks.takeDue(NOW, LEASE, 1, Set.of());
    List<DueDelivery> other = webhooks.takeDue(NOW, LEASE, 1, Set.of());

    assertThat(one).hasSize(1);
    assertThat(other).hasSize(1);
    assertThat(Stream.of(one, other).flatMap(List::stream))
        .extracting(DueDelivery::message)
        .containsExactlyInAnyOrder(first, toBob);
  }

  @Test
  void the_webhook_that_has_been_due_longest_is_taken_first() {
    Webhook bobs = AWebhook.of(user("bob").id()).createdAt(NOW.minusSeconds(1)).build();
    webhooks.insert(bobs, sealed(bobs));
    written(50, NOW);
    write(bobs.id(), message(50, NOW));

    assertThat(webhooks.takeDue(NOW, LEASE, 1, Set.of()))
        .extracting(DueDelivery::webhook)
        .containsExactly(bobs);
  }

  @Test
  void messages_about_bills_wait_with_those_about_budgets() {
    Instance service = stored(AnInstance.of(alice, "s").build());
    WebhookMessage bill =
        new WebhookMessage.BillUnexplained(
            UUID.randomUUID(), service.id().value(), YearMonth.of(2026, 2), 9, 7, 2, NOW);
    write(webhook.id(), bill);
    WebhookMessage budget = written(50, NOW.plusSeconds(1));

    DueDelivery first = taken(NOW).getFirst();
    webhooks.recordDelivered(first, NOW);

    assertThat(first.message()).isEqualTo(bill);
    assertThat(taken(NOW)).extracting(DueDelivery::message).containsExactly(budget);
  }

  @Test
  void after_a_failure_the_same_message_is_due_later() {
    WebhookMessage message = written(50, NOW);
    Instant next = NOW.plusSeconds(15);

    webhooks.recordFailed(taken(NOW).getFirst(), DeliveryFailure.REJECTED, NOW, next);

    assertThat(deliveries())
        .isEqualTo(
            new Deliveries(
                1, Optional.empty(), Optional.of(new Failure(DeliveryFailure.REJECTED, NOW))));
    assertThat(taken(next.minusMillis(1))).isEmpty();
    assertThat(taken(next))
        .containsExactly(new DueDelivery(webhook, secret, message, 1, next.plus(LEASE)));
  }

  /** If the pause lasted, the webhook would get nothing until the clock has reached its end. */
  @Test
  void a_pause_that_is_too_long_was_set_by_a_clock_that_was_ahead_and_has_ended() {
    WebhookMessage message = written(50, NOW);
    Instant tomorrow = Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.MICROS);
    webhooks.recordFailed(taken(NOW).getFirst(), DeliveryFailure.REJECTED, NOW, tomorrow);

    assertThat(taken(NOW.plusSeconds(1))).extracting(DueDelivery::message).containsExactly(message);
    assertThat(taken(NOW.plusSeconds(1))).isEmpty();
  }

  @Test
  void a_delivery_ends_the_count_of_failures() {
    written(50, NOW);
    written(80, NOW.plusSeconds(1));
    webhooks.recordFailed(taken(NOW).getFirst(), DeliveryFailure.TIMED_OUT, NOW, NOW);
    webhooks.recordDelivered(taken(NOW).getFirst(), NOW);

    assertThat(deliveries().failure()).isEmpty();
    assertThat(taken(NOW)).extracting(DueDelivery::failures).containsExactly(0);
  }

  @Test
  void whoever_was_too_slow_changes_no_lease_of_another_node() {
    written(50, NOW);
    written(80, NOW.plusSeconds(1));
    DueDelivery slow = taken(NOW).getFirst();
    DueDelivery faster = taken(NOW.plus(LEASE)).getFirst();

    webhooks.recordFailed(slow, DeliveryFailure.TIMED_OUT, NOW, NOW);
    webhooks.recordDelivered(slow, NOW);

    assertThat(taken(NOW.plus(LEASE))).isEmpty();
    assertThat(deliveries().waiting()).isEqualTo(1);
    assertThat(faster.leasedUntil()).isEqualTo(NOW.plus(LEASE).plus(LEASE));
  }

  @Test
  void old_messages_are_deleted() {
    written(50, NOW);
    written(80, NOW.plusSeconds(1));

    assertThat(webhooks.deleteCreatedBefore(NOW.plusSeconds(1))).isEqualTo(1);
    assertThat(deliveries().waiting()).isEqualTo(1);
  }

  @Test
  void a_suspended_user_gets_no_message_and_none_later_that_waited() {
    WebhookMessage toBob = message(50, NOW);
    Webhook bobs = given(user("bob"));
    write(bobs.id(), toBob);
    written(50, NOW);
    suspend(Optional.of(NOW));
    written(80, NOW);

    assertThat(taken(NOW)).extracting(DueDelivery::message).containsExactly(toBob);
    assertThat(deliveries().waiting()).isZero();
    assertThat(webhooks.addTest(webhook.id(), test())).isFalse();
    assertThat(webhooks.addTest(bobs.id(), test())).isTrue();

    suspend(Optional.empty());
    assertThat(taken(NOW)).isEmpty();
    WebhookMessage later = written(90, NOW);
    assertThat(taken(NOW)).extracting(DueDelivery::message).containsExactly(later);
  }

  @Test
  void a_test_message_waits_once_for_each_webhook() {
    Webhook bobs = given(user("bob"));

    assertThat(webhooks.addTest(webhook.id(), test())).isTrue();
    assertThat(webhooks.addTest(webhook.id(), test())).isFalse();
    assertThat(webhooks.addTest(bobs.id(), test())).isTrue();
    assertThat(deliveries().waiting()).isEqualTo(1);
  }

  private void suspend(Optional<Instant> since) {
    User before = ports.users().find(alice.handle()).orElseThrow();
    ports.users().update(before.withSuspension(since, NOW));
  }

  @Test
  void a_recovery_deletes_the_webhook_of_the_user_alone() {
    User bob = user("bob");
    Webhook his = given(bob);
    written(50, NOW);

    assertThat(ports.credentials().endAll(alice.id(), NOW).webhook()).isTrue();

    assertThat(webhooks.find(alice.id())).isEmpty();
    assertThat(taken(NOW)).isEmpty();
    assertThat(webhooks.lock(bob.id())).contains(his);
    assertThat(ports.credentials().endAll(alice.id(), NOW).webhook()).isFalse();
  }

  @Test
  void a_suspension_keeps_the_webhook() {
    assertThat(ports.credentials().endForSuspension(alice.id()).webhook()).isFalse();

    assertThat(webhooks.lock(alice.id())).contains(webhook);
  }

  private Webhook given(User user) {
    Webhook other = AWebhook.of(user.id()).createdAt(NOW).build();
    webhooks.insert(other, sealed(other));
    return other;
  }

  private static WebhookMessage.Happened test() {
    return new WebhookMessage.Happened(
        UUID.randomUUID(), EventType.WEBHOOK_TEST, List.of(), Optional.empty(), NOW);
  }

  @Test
  void messages_end_with_their_webhook_and_webhooks_with_their_user() {
    written(50, NOW);
    webhooks.delete(webhook.id());
    webhooks.insert(webhook, secret);
    assertThat(deliveries().waiting()).isZero();

    ports.users().delete(alice.id());
    assertThat(webhooks.find(alice.id())).isEmpty();
  }
}
