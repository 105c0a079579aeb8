package io.claviger.application.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AWebhook;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.webhooks.port.WebhookSender;
import io.claviger.application.webhooks.port.WebhookStore;
import io.claviger.application.webhooks.port.WebhookStore.Deliveries;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookMessage;
import io.claviger.domain.webhooks.WebhookUrl;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How messages are delivered and tried again. */
final class WebhookDeliveryTest {
  private final InMemoryPorts ports = new InMemoryPorts();
  private final List<Integer> posted = new ArrayList<>();
  private final User alice = AUser.called("alice").build();
  private Optional<DeliveryFailure> answer = Optional.empty();
  private final WebhookSender sender =
      (posting, secret, limit) -> {
        posted.add(threshold(posting));
        return CompletableFuture.completedFuture(answer);
      };
  private final WebhookDelivery delivery =
      new WebhookDelivery(
          ports.webhooks(),
          ports.holderDirectory(),
          sender,
          ports.sealer(),
          ports.auditedChanges(),
          ports.clock());

  @BeforeEach
  void fill() {
    ports.users().insert(alice);
  }

  private Webhook.Id webhook() {
    return webhook(alice, AWebhook.URL);
  }

  private Webhook.Id webhook(User receiver, WebhookUrl sealedTo) {
    Webhook webhook = AWebhook.of(receiver.id()).createdAt(ports.clock().instant()).build();
    try (Secret secret = Secret.takingOver(new byte[32])) {
      ports
          .webhooks()
          .insert(
              webhook,
              ports.sealer().seal(secret, KeyBinding.ofWebhookSecret(webhook.id(), sealedTo)));
    }
    return webhook.id();
  }

  private void write(Webhook.Id webhook, int threshold) {
    ports
        .webhooks()
        .write(
            webhook,
            new WebhookMessage.ThresholdReached(
                UUID.randomUUID(),
                BudgetHolder.user(alice.id().value()),
                new Budget.Key(BudgetUnit.USD, BudgetWindow.TOTAL, BudgetZone.UTC),
                threshold,
                100,
                threshold,
                Instant.EPOCH,
                Optional.empty(),
                ports.clock().instant()));
  }

  private static int threshold(WebhookSender.Posting posting) {
    return posting.message() instanceof WebhookMessage.ThresholdReached reached
        ? reached.threshold()
        : 0;
  }

  private Deliveries deliveries() {
    return ports.webhooks().find(alice.id()).orElseThrow().deliveries();
  }

  @Test
  void messages_are_posted_in_their_order_and_once() {
    Webhook.Id webhook = webhook();
    write(webhook, 80);
    write(webhook, 50);

    assertThat(delivery.deliverDue()).isEqualTo(1);
    assertThat(delivery.deliverDue()).isEqualTo(1);
    assertThat(delivery.deliverDue()).isZero();
    assertThat(posted).containsExactly(50, 80);
    assertThat(deliveries().waiting()).isZero();
  }

  @Test
  void what_was_not_delivered_is_tried_again_after_longer_and_longer_pauses() {
    Webhook.Id webhook = webhook();
    write(webhook, 50);
    answer = Optional.of(DeliveryFailure.REJECTED);

    assertThat(delivery.deliverDue()).isEqualTo(1);
    ports.clock().advance(Duration.ofSeconds(14));
    assertThat(delivery.deliverDue()).isZero();
    ports.clock().advance(Duration.ofSeconds(1));
    assertThat(delivery.deliverDue()).isEqualTo(1);
    ports.clock().advance(Duration.ofSeconds(59));
    assertThat(delivery.deliverDue()).isZero();
    ports.clock().advance(Duration.ofSeconds(1));
    answer = Optional.empty();
    assertThat(delivery.deliverDue()).isEqualTo(1);
    assertThat(posted).containsExactly(50, 50, 50);
    assertThat(deliveries().failure()).isEmpty();
  }

  @Test
  void a_message_is_given_up_after_a_day() {
    Webhook.Id webhook = webhook();
    write(webhook, 50);
    answer = Optional.of(DeliveryFailure.UNREACHABLE);
    assertThat(delivery.deliverDue()).isEqualTo(1);

    ports.clock().advance(Duration.ofDays(1));
    assertThat(delivery.removeExpired()).isZero();
    ports.clock().advance(Duration.ofSeconds(1));
    assertThat(delivery.removeExpired()).isEqualTo(1);
    assertThat(delivery.deliverDue()).isZero();
  }

  /** Somebody who can write to the database has changed where messages go. */
  @Test
  void a_secret_that_is_sealed_to_another_url_signs_nothing() {
    Webhook.Id webhook = webhook(alice, WebhookUrl.of("https://elsewhere.example/"));
    write(webhook, 50);

    assertThat(delivery.deliverDue()).isEqualTo(1);
    assertThat(posted).isEmpty();
    assertThat(deliveries().failure().orElseThrow().why())
        .isEqualTo(DeliveryFailure.SECRET_UNUSABLE);
  }

  /** Another node may have sealed the secret with a new key, which the node of this test lacks. */
  @Test
  void a_node_that_lacks_the_key_of_a_secret_leaves_the_message_to_others() {
    write(webhook(), 50);
    WebhookDelivery paused =
        new WebhookDelivery(
            ports.webhooks(),
            ports.holderDirectory(),
            sender,
            InMemorySealer.withOneKey(),
            ports.auditedChanges(),
            ports.clock());

    assertThat(paused.deliverDue()).isZero();

    assertThat(posted).isEmpty();
    assertThat(deliveries().failure()).isEmpty();
    ports.clock().advance(WebhookDelivery.LEASE);
    assertThat(delivery.deliverDue()).isEqualTo(1);
    assertThat(posted).containsExactly(50);
  }

  /** Slow endpoints get a part of the places, and other places remain for the other endpoints. */
  @Test
  void slow_endpoints_leave_places_to_the_others() {
    List<CompletableFuture<Optional<DeliveryFailure>>> open = new ArrayList<>();
    WebhookDelivery waiting = delivery(ports.webhooks(), (posting, secret, limit) -> add(open));
    for (int i = 0; i < WebhookDelivery.AT_ONCE; i++) {
      Webhook.Id slow = webhookOf(AUser.called("slow-" + i).build());
      write(slow, 50);
      write(slow, 80);
    }
    assertThat(waiting.deliverDue()).isEqualTo(WebhookDelivery.AT_ONCE);
    ports.clock().advance(Duration.ofSeconds(9));
    List.copyOf(open).forEach(one -> one.complete(Optional.empty()));
    open.clear();

    while (open.size() < WebhookDelivery.SLOW_AT_ONCE) {
      assertThat(waiting.deliverDue()).isPositive();
    }
    write(webhook(), 50);
    int unused = waiting.deliverDue();

    assertThat(open).hasSize(WebhookDelivery.SLOW_AT_ONCE + 1);
  }

  private static CompletableFuture<Optional<DeliveryFailure>> add(
      List<CompletableFuture<Optional<DeliveryFailure>>> open) {
    CompletableFuture<Optional<DeliveryFailure>> one = new CompletableFuture<>();
    open.add(one);
    return one;
  }

  private Webhook.Id webhookOf(User user) {
    ports.users().insert(user);
    return webhook(user, AWebhook.URL);
  }

  @Test
  void a_slow_endpoint_holds_up_no_other() {
    write(webhook(), 50);
    Webhook.Id quick = webhookOf(AUser.called("bob").build());
    write(quick, 80);
    write(quick, 90);
    CompletableFuture<Optional<DeliveryFailure>> slow = new CompletableFuture<>();
    WebhookDelivery both =
        delivery(
            ports.webhooks(),
            (posting, secret, limit) -> {
              posted.add(threshold(posting));
              return threshold(posting) == 50
                  ? slow
                  : CompletableFuture.completedFuture(Optional.empty());
            });

    assertThat(both.deliverDue()).isEqualTo(2);
    assertThat(both.deliverDue()).isEqualTo(2);
    assertThat(posted).containsExactlyInAnyOrder(50, 80, 90);
    assertThat(deliveries().waiting()).isEqualTo(1);

    slow.complete(Optional.empty());
    assertThat(both.deliverDue()).isEqualTo(1);
    assertThat(deliveries().waiting()).isZero();
    assertThat(both.deliverDue()).isZero();
    assertThat(posted).hasSize(3);
  }

  @Test
  void an_answer_that_can_not_be_recorded_makes_no_other_message_be_posted_twice() {
    write(webhook(), 50);
    write(webhookOf(AUser.called("bob").build()), 80);
    write(webhookOf(AUser.called("carol").build()), 90);
    AtomicInteger calls = new AtomicInteger();
    WebhookStore failing =
        (WebhookStore)
            Proxy.newProxyInstance(
                WebhookStore.class.getClassLoader(),
                new Class<?>[] {WebhookStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("recordDelivered") && calls.incrementAndGet() == 1) {
                    throw new IllegalStateException("the database is away");
                  }
                  return method.invoke(ports.webhooks(), arguments);
                });
    WebhookDelivery delivering = delivery(failing, sender);

    assertThatThrownBy(delivering::deliverDue).hasMessage("the database is away");
    assertThat(delivering.deliverDue()).isEqualTo(1);
    ports.clock().advance(WebhookDelivery.LEASE.plusSeconds(1));
    assertThat(delivering.deliverDue()).isZero();
    assertThat(posted).containsExactlyInAnyOrder(50, 80, 90);
  }

  @Test
  void a_node_with_a_wrong_clock_posts_no_message_that_another_node_is_posting() {
    write(webhook(), 50);
    CompletableFuture<Optional<DeliveryFailure>> answered = new CompletableFuture<>();
    WebhookDelivery waiting = delivery(ports.webhooks(), (posting, secret, limit) -> answered);
    InstantSource ahead = () -> ports.clock().instant().plus(Duration.ofDays(2));
    WebhookDelivery other = delivery(ports.webhooks(), sender, ahead);

    assertThat(waiting.deliverDue()).isEqualTo(1);
    assertThat(other.deliverDue()).isZero();
    answered.complete(Optional.of(DeliveryFailure.REJECTED));
    assertThat(waiting.deliverDue()).isEqualTo(1);
    assertThat(other.deliverDue()).isZero();
    assertThat(other.removeExpired()).isZero();
    assertThat(posted).isEmpty();

    ports.clock().advance(WebhookDelivery.LEASE);
    assertThat(other.deliverDue()).isEqualTo(1);
    assertThat(posted).containsExactly(50);
  }

  private WebhookDelivery delivery(WebhookStore store, WebhookSender posting) {
    return delivery(store, posting, ports.clock());
  }

  /** The delivery of a node with its own clock. */
  private WebhookDelivery delivery(WebhookStore store, WebhookSender posting, InstantSource own) {
    return new WebhookDelivery(
        store,
        ports.holderDirectory(),
        posting,
        ports.sealer(),
        ports.auditedChanges(own),
        ports.clock());
  }
}
