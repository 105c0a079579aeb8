package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.application.bills.port.BillStore;
import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AWebhook;
import io.claviger.application.builders.AnEvent;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Ports;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore.KeyRejection;
import io.claviger.application.rejectedkeys.port.StoredKey;
import io.claviger.application.requests.BorrowRequests;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Precondition;
import io.claviger.application.transfers.Transfers;
import io.claviger.application.webhooks.EventMessages;
import io.claviger.application.webhooks.EventSightings;
import io.claviger.application.webhooks.WebhookDelivery;
import io.claviger.application.webhooks.port.EventStore;
import io.claviger.application.webhooks.port.EventStore.Notice;
import io.claviger.application.webhooks.port.WebhookStore.Deliveries;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.bills.Bill;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.webhooks.EventReceivers;
import io.claviger.domain.webhooks.EventType;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.persistence.bills.JdbcBillReadings;
import io.claviger.persistence.budgets.JdbcBudgetLedger;
import io.claviger.persistence.budgets.JdbcHolderDirectory;
import io.claviger.persistence.webhooks.JdbcEvents;
import io.claviger.persistence.webhooks.JdbcWebhooks;
import io.claviger.testkit.Race;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each event from what causes it to the messages that are posted. */
@SuppressWarnings("NullAway.Init") // set before each test
final class EventDeliveriesTest {
  private static final long DOLLAR = 1_000_000_000;

  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final JdbcEvents EVENTS = new JdbcEvents(PORTS.database());
  private static final EventMessages TRAIL =
      new EventMessages(PORTS.auditTrail(), EVENTS, PORTS.transactions());
  private static final RacingUseCases USE = new RacingUseCases(telling());
  private static final AuditedChanges CHANGES =
      new AuditedChanges(
          PORTS.transactions(), TRAIL, PORTS.credentials(), PORTS.ids(), InstantSource.system());

  private final List<String> posted = new ArrayList<>();
  private User alice;
  private User bob;
  private User ada;
  private Instance service;

  /** The ports of the store, whose audit trail tells people of what it records. */
  private static Ports telling() {
    return (Ports)
        Proxy.newProxyInstance(
            Ports.class.getClassLoader(),
            new Class<?>[] {Ports.class},
            (proxy, method, arguments) ->
                method.getName().equals("auditTrail") ? TRAIL : method.invoke(PORTS, arguments));
  }

  /** Alice lends a service to Bob, whose key was set long ago. */
  @BeforeEach
  void fill() {
    RacingUseCases.begin(PORTS);
    alice = PORTS.stored(AUser.called("alice").build());
    bob = PORTS.stored(AUser.called("bob").build());
    ada = PORTS.stored(AUser.called("ada").administrator().build());
    service = AnInstance.of(alice, "x").apiKeySetAt(now().minus(Duration.ofDays(20))).build();
    try (Secret key = Secret.apiKey("sk-0123456789".getBytes(StandardCharsets.US_ASCII))) {
      PORTS
          .instances()
          .insert(
              service,
              new SecretChange.Replace(
                  RacingUseCases.SEALER.seal(
                      key, KeyBinding.ofApiKey(service.id(), service.destination()))),
              new SecretChange.Keep());
    }
    PORTS
        .shares()
        .insert(
            service.id(), AShare.with(bob).role(Role.READER).givenBy(alice).build(), alice.id());
    give(alice.id(), now());
    give(bob.id(), now());
    give(User.Id.SYSTEM, now());
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }

  private static void give(User.Id user, Instant created) {
    Webhook webhook = AWebhook.of(user).createdAt(created).build();
    try (Secret secret = Secret.takingOver(new byte[32])) {
      new JdbcWebhooks(PORTS.database())
          .insert(
              webhook,
              RacingUseCases.SEALER.seal(
                  secret, KeyBinding.ofWebhookSecret(webhook.id(), webhook.url())));
    }
  }

  private static List<User.Id> told(EventType type, User alice, User bob) {
    return switch (type) {
      case REQUEST_CREATED, BILL_DIFFERS -> List.of(alice.id());
      case REQUEST_GRANTED, TRANSFER_OFFERED -> List.of(bob.id());
      case KEY_REJECTED, KEY_OLD, CREDENTIAL_FAILED -> List.of(alice.id(), User.Id.SYSTEM);
      case BUDGET_CROSSED, SHARE_EXPIRING -> List.of(alice.id(), bob.id());
      case ADMINISTRATOR_CHANGED, TOKEN_LEAKED, TOKEN_BOUND -> List.of(bob.id(), User.Id.SYSTEM);
      case WEBHOOK_TEST -> List.of();
    };
  }

  @ParameterizedTest
  @EnumSource(value = EventType.class, mode = EnumSource.Mode.EXCLUDE, names = "WEBHOOK_TEST")
  void what_happens_is_posted_once_to_those_whom_it_concerns(EventType type) {
    cause(type);
    deliver();
    assertThat(posted)
        .containsExactlyInAnyOrderElementsOf(
            told(type, alice, bob).stream().map(who -> who.value() + " " + type).toList());
    posted.clear();
    deliver();
    assertThat(posted).isEmpty();
  }

  /** What is stored of such a service is what its owner confirmed. */
  @Test
  void a_service_without_a_secret_has_no_old_key() {
    int unused =
        PORTS
            .sql()
            .sql(
                """
                update instances
                set credential_kind = 'federated', credential_settings = array['provider=openai']
                where id = :id
                """)
            .param("id", service.id().value())
            .update();
    cause(EventType.KEY_OLD);
    deliver();
    assertThat(posted).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"KEY_REJECTED", "KEY_OLD"})
  void a_state_that_lasts_for_years_is_posted_once(EventType type) {
    cause(type);
    deliver();
    posted.clear();
    Instant later = now().plus(Duration.ofDays(500));

    assertThat(forgetAfter(500)).isZero();
    see(later, Map.of());
    deliver();
    assertThat(posted).noneMatch(line -> line.endsWith(" " + type));

    int changed =
        PORTS.sql().sql("delete from rejected_keys").update()
            + PORTS.sql().sql("update instances set api_key_set_at = now()").update();
    assertThat(changed).isPositive();
    assertThat(forgetAfter(1_000)).isPositive();
  }

  /** Forgets reported states after they were made older by this time. */
  private static int forgetAfter(int days) {
    assertThat(
            PORTS
                .sql()
                .sql("update told_events set told_at = told_at - make_interval(days => :days)")
                .param("days", days)
                .update())
        .isPositive();
    return sightings(Instant.now(), Map.of()).forget();
  }

  @Test
  void a_state_that_cannot_be_written_keeps_no_other_from_being_posted() {
    Instance other = AnInstance.of(bob, "y").build();
    PORTS.instances().insert(other, new SecretChange.Keep(), new SecretChange.Keep());
    Map<Instance.Id, String> failing = new LinkedHashMap<>();
    failing.put(service.id(), "token: 401");
    failing.put(other.id(), "token: 401");
    EventStore broken =
        (EventStore)
            Proxy.newProxyInstance(
                EventStore.class.getClassLoader(),
                new Class<?>[] {EventStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("mark") && arguments[1].equals(service.id())) {
                    throw new IllegalStateException("unstorable");
                  }
                  return method.invoke(EVENTS, arguments);
                });

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                new EventSightings(
                        broken, () -> failing, PORTS.transactions(), EventDeliveriesTest::now)
                    .tell());

    deliver();
    assertThat(posted)
        .containsExactlyInAnyOrder(
            bob.id().value() + " " + EventType.CREDENTIAL_FAILED,
            User.Id.SYSTEM.value() + " " + EventType.CREDENTIAL_FAILED);
  }

  private void cause(EventType type) {
    switch (type) {
      case REQUEST_CREATED -> ask();
      case REQUEST_GRANTED -> {
        BorrowRequest request = ask();
        deliver();
        posted.clear();
        var unused =
            USE.borrowRequests
                .grant(RacingUseCases.as(alice), request.id(), BorrowRequests.RequestGrant.AS_ASKED)
                .orThrow();
      }
      case TRANSFER_OFFERED -> offer();
      case KEY_REJECTED -> {
        PORTS
            .rejectedKeys()
            .reject(
                List.of(
                    new KeyRejection(
                        new StoredKey(
                            service.id(), Optional.empty(), service.apiKeySetAt().orElseThrow()),
                        now(),
                        401)));
        see(now(), Map.of());
      }
      case KEY_OLD -> see(now().plus(Duration.ofDays(71)), Map.of());
      case CREDENTIAL_FAILED -> see(now(), Map.of(service.id(), "token: 401"));
      case BUDGET_CROSSED -> spend();
      case SHARE_EXPIRING -> {
        int unused =
            PORTS.sql().sql("update shares set expires_at = now() + interval '5 days'").update();
        see(now().plus(Duration.ofDays(2)), Map.of());
      }
      case BILL_DIFFERS -> bill();
      case ADMINISTRATOR_CHANGED -> {
        var unused =
            USE.users
                .update(
                    RacingUseCases.as(ada),
                    bob.handle(),
                    Precondition.NONE,
                    FieldWrites.NONE.with(User.ADMINISTRATOR, Field.of(true)))
                .orThrow();
      }
      case TOKEN_LEAKED -> TRAIL.record(of(AuditAction.TOKEN_LEAKED, AuditOutcome.DONE));
      case TOKEN_BOUND -> TRAIL.record(of(AuditAction.TOKEN_BOUND, AuditOutcome.REFUSED));
      case WEBHOOK_TEST -> throw new IllegalArgumentException();
    }
  }

  private BorrowRequest ask() {
    return USE.borrowRequests
        .ask(
            RacingUseCases.as(bob),
            service.ref(),
            new BorrowRequests.Wish(RequestedTerms.of(Role.WRITER), Optional.empty()))
        .orThrow();
  }

  private void offer() {
    var unused =
        Transfers.of(
                PORTS.transfers(),
                PORTS.ownerChanges(),
                PORTS.movedReferences(),
                PORTS.users(),
                USE.instances,
                USE.projects,
                CHANGES)
            .offer(
                RacingUseCases.as(alice),
                new Transfers.TransferOffer(List.of(service.ref()), List.of(), bob.handle()))
            .orThrow();
  }

  private static void see(Instant at, Map<Instance.Id, String> failing) {
    EventSightings sightings = sightings(at, failing);
    sightings.tell();
    sightings.tell();
  }

  private static EventSightings sightings(Instant at, Map<Instance.Id, String> failing) {
    return new EventSightings(EVENTS, () -> failing, PORTS.transactions(), () -> at);
  }

  private void spend() {
    spend(bob.id().value());
  }

  private void spend(UUID caller) {
    BudgetAccount account =
        new BudgetAccount(
            BudgetHolder.callerOf(service.id().value(), caller).account(),
            new Budget.Key(BudgetUnit.TOKENS, BudgetWindow.DAY, BudgetZone.UTC));
    UUID node = UUID.randomUUID();
    for (int turn = 1; turn <= 2; turn++) {
      var unused =
          new JdbcBudgetLedger(PORTS.database())
              .exchange(
                  node,
                  List.of(
                      new BudgetLedger.LedgerExchange(
                          account,
                          Optional.empty(),
                          Optional.empty(),
                          1,
                          turn,
                          (turn - 1) * 60,
                          0,
                          new BudgetLedger.Demand(100, 1, 1, 0),
                          0)));
    }
  }

  @Test
  void a_webhook_made_by_a_node_that_is_ahead_has_its_first_message_at_once() {
    JdbcWebhooks webhooks = new JdbcWebhooks(PORTS.database());
    assertThat(webhooks.delete(webhooks.find(alice.id()).orElseThrow().webhook().id())).isTrue();
    give(alice.id(), now().plus(Duration.ofHours(1)));
    bill();

    deliver();

    assertThat(posted).containsExactly(alice.id().value() + " " + EventType.BILL_DIFFERS);
  }

  /** Makes this many messages wait for Alice. */
  private void fill(int number) {
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    insert into webhook_messages (id, webhook_id, event, facts, created_at)
                    select gen_random_uuid(), w.id, 'token.leaked', '{}', now()
                    from webhooks w
                    cross join generate_series(1, :number)
                    where w.user_id = :alice
                    """)
                .param("alice", alice.id().value())
                .param("number", number)
                .update())
        .isEqualTo(number);
  }

  /** Messages about budgets and about events come from different statements. */
  @Test
  void sixteen_writers_fill_the_last_places_of_a_webhook_and_no_more() {
    for (int round = 0; round < Race.ROUNDS; round++) {
      int unused = PORTS.sql().sql("delete from webhook_messages").update();
      fill(995);

      List<Boolean> written =
          Race.of(
              16,
              n -> {
                if (n % 2 == 0) {
                  spend(UUID.randomUUID());
                } else {
                  PORTS
                      .transactions()
                      .inTransaction(
                          () -> {
                            EVENTS.write(
                                new Notice(EventType.TOKEN_LEAKED, List.of(), "/console"),
                                Set.of(alice.id()),
                                now());
                            return true;
                          });
                }
                return true;
              },
              2);

      assertThat(written).hasSize(32);
      assertThat(new JdbcWebhooks(PORTS.database()).find(alice.id()).orElseThrow().deliveries())
          .extracting(Deliveries::waiting)
          .isEqualTo(1_000);
    }
  }

  @Test
  void a_delivered_message_makes_room_for_another() {
    bill();
    deliver();
    posted.clear();
    fill(1_000);
    int delivered =
        PORTS
            .sql()
            .sql(
                """
                delete from webhook_messages
                where id = (select m.id from webhook_messages m limit 1)
                """)
            .update();
    assertThat(delivered).isEqualTo(1);

    spend(UUID.randomUUID());
    spend(UUID.randomUUID());

    assertThat(new JdbcWebhooks(PORTS.database()).find(alice.id()).orElseThrow().deliveries())
        .extracting(Deliveries::waiting)
        .isEqualTo(1_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {-10, 10})
  void two_nodes_whose_clocks_differ_post_a_message_once(int minutes) {
    bill();
    WebhookDelivery other = deliveryAt(-minutes, () -> {});
    WebhookDelivery first = deliveryAt(minutes, () -> assertThat(other.deliverDue()).isZero());
    while (first.deliverDue() > 0) {
      // More may be due.
    }

    assertThat(other.deliverDue()).isZero();
    assertThat(posted).containsExactly(alice.id().value() + " " + EventType.BILL_DIFFERS);
  }

  /**
   * Makes the delivery of a node.
   *
   * @param minutes by how much the node's clock is ahead of the database's clock
   * @param posting runs while the node posts a message
   */
  private WebhookDelivery deliveryAt(int minutes, Runnable posting) {
    AuditedChanges changes =
        new AuditedChanges(
            PORTS.transactions(),
            TRAIL,
            PORTS.credentials(),
            PORTS.ids(),
            () -> Instant.now().plus(Duration.ofMinutes(minutes)));
    return new WebhookDelivery(
        new JdbcWebhooks(PORTS.database()),
        new JdbcHolderDirectory(PORTS.database()),
        (message, secret, limit) -> {
          posted.add(message.owner().value() + " " + message.message().type());
          posting.run();
          return CompletableFuture.completedFuture(Optional.empty());
        },
        RacingUseCases.SEALER,
        changes,
        PORTS.database()::clock);
  }

  private void bill() {
    new JdbcBillReadings(PORTS.database())
        .recordCompared(
            BillStore.Account.of(service),
            new Bill(
                YearMonth.of(2026, 2),
                "USD",
                Optional.of(100 * DOLLAR),
                70 * DOLLAR,
                Optional.of(70 * DOLLAR),
                List.of(),
                Optional.of(30 * DOLLAR),
                List.of(),
                Optional.empty()),
            EventReceivers.of(
                EventType.BILL_DIFFERS, EventReceivers.Parties.owner(service.owner())),
            now());
  }

  private AuditEvent of(AuditAction action, AuditOutcome outcome) {
    return AnEvent.of(action).at(now()).about(bob).ended(outcome).changing(List.of("t")).build();
  }

  private void deliver() {
    WebhookDelivery delivery =
        new WebhookDelivery(
            new JdbcWebhooks(PORTS.database()),
            new JdbcHolderDirectory(PORTS.database()),
            (posting, secret, limit) -> {
              posted.add(posting.owner().value() + " " + posting.message().type());
              return CompletableFuture.completedFuture(Optional.empty());
            },
            RacingUseCases.SEALER,
            CHANGES,
            PORTS.database()::clock);
    while (delivery.deliverDue() > 0) {
      // More may be due.
    }
  }
}
