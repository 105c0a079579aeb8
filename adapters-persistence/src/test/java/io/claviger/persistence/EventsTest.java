package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AWebhook;
import io.claviger.application.builders.AnEvent;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.webhooks.EventMessages;
import io.claviger.application.webhooks.EventSightings;
import io.claviger.application.webhooks.port.WebhookStore;
import io.claviger.application.webhooks.port.WebhookStore.DueDelivery;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.scim.ScimToken;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.webhooks.EventReceivers.Holder;
import io.claviger.domain.webhooks.EventType;
import io.claviger.domain.webhooks.SelectedEvents;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookFormat;
import io.claviger.domain.webhooks.WebhookMessage;
import io.claviger.persistence.webhooks.JdbcEvents;
import io.claviger.persistence.webhooks.JdbcWebhooks;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Recorded events and observed states become messages for the people who have to know about them.
 */
@SuppressWarnings("NullAway.Init") // set before each test
final class EventsTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final InMemorySealer SEALER = InMemorySealer.withOneKey();
  private final JdbcEvents events = new JdbcEvents(PORTS.database());
  private final WebhookStore webhooks = new JdbcWebhooks(PORTS.database());
  private final EventMessages trail =
      new EventMessages(PORTS.auditTrail(), events, PORTS.transactions());
  private final User alice = AUser.called("alice").build();
  private final User bob = AUser.called("bob").build();
  private final Group team = AGroup.called("team");
  private final Map<UUID, String> names = new TreeMap<>();
  private Instance service;

  @BeforeEach
  void fill() {
    PORTS.emptied();
    PORTS.encryptionKeys().add(SEALER.sealingKey(), SEALER.sentinel(SEALER.sealingKey()));
    PORTS.users().insert(alice);
    PORTS.users().insert(bob);
    PORTS.groups().insert(team);
    service = AnInstance.of(alice, "x").build();
    PORTS.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    give(alice.id(), "alice", SelectedEvents.ALL);
    give(bob.id(), "bob", SelectedEvents.ALL);
    give(team.id(), "@team", SelectedEvents.ALL);
    give(User.Id.SYSTEM, "_system", SelectedEvents.of(List.of(EventType.ADMINISTRATOR_CHANGED)));
  }

  private void give(GranteeId receiver, String name, SelectedEvents selected) {
    Webhook webhook =
        AWebhook.of(receiver)
            .createdAt(now())
            .selecting(selected)
            .format(WebhookFormat.SLACK)
            .build();
    names.put(webhook.id().value(), name);
    try (Secret secret = Secret.takingOver(new byte[32])) {
      webhooks.insert(
          webhook, SEALER.seal(secret, KeyBinding.ofWebhookSecret(webhook.id(), webhook.url())));
    }
    assertThat(webhooks.find(receiver).orElseThrow().webhook()).isEqualTo(webhook);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }

  /** Returns who is told what, sorted. */
  private List<String> told() {
    List<String> told = new ArrayList<>();
    List<DueDelivery> due = webhooks.takeDue(now(), Duration.ofMinutes(1), 10);
    while (!due.isEmpty()) {
      for (DueDelivery one : due) {
        told.add(names.get(one.webhook().id().value()) + " " + one.message().type().wireName());
        webhooks.recordDelivered(one, now());
      }
      due = webhooks.takeDue(now(), Duration.ofMinutes(1), 10);
    }
    return told.stream().sorted().toList();
  }

  private static AuditEvent event(
      AuditAction action, User user, AuditOutcome outcome, List<String> fields) {
    return AnEvent.of(action).at(now()).about(user).ended(outcome).changing(fields).build();
  }

  @Test
  void a_change_of_an_administrator_is_told_to_the_installation_and_to_whom_it_concerns() {
    trail.record(event(AuditAction.USER_UPDATE, bob, AuditOutcome.DONE, List.of("administrator")));
    trail.record(event(AuditAction.USER_UPDATE, bob, AuditOutcome.DONE, List.of("email")));
    trail.record(
        event(AuditAction.USER_UPDATE, bob, AuditOutcome.REFUSED, List.of("administrator")));
    assertThat(told())
        .containsExactly("_system administrator.changed", "bob administrator.changed");
  }

  @Test
  void a_leaked_and_a_stray_token_are_told_to_its_owner_if_they_select_it() {
    trail.recordAll(
        List.of(
            event(AuditAction.TOKEN_LEAKED, alice, AuditOutcome.DONE, List.of("t")),
            event(AuditAction.TOKEN_BOUND, alice, AuditOutcome.REFUSED, List.of())));
    assertThat(told()).containsExactly("alice token.bound", "alice token.leaked");
  }

  @Test
  void a_leaked_token_of_a_service_account_is_told_to_those_who_are_responsible() {
    User bobs = PORTS.stored(AUser.called("bobs").serviceAccountOf(bob).build());
    User teams =
        PORTS.stored(
            AUser.called("teams")
                .serviceAccountOf(new Responsible.GroupManagers(team.id().value(), team.handle()))
                .build());
    PORTS
        .groups()
        .putMember(
            team.id(), new GroupMember(alice.id(), alice.handle(), GroupRole.MANAGER, now()));
    PORTS
        .groups()
        .putMember(team.id(), new GroupMember(bob.id(), bob.handle(), GroupRole.MEMBER, now()));
    trail.recordAll(
        List.of(
            event(AuditAction.TOKEN_LEAKED, bobs, AuditOutcome.DONE, List.of("t")),
            event(AuditAction.TOKEN_BOUND, teams, AuditOutcome.REFUSED, List.of())));
    assertThat(told()).containsExactly("alice token.bound", "bob token.leaked");
  }

  @Test
  void a_leaked_scim_token_is_told_to_the_installation() {
    assertThat(PORTS.sql().sql("update webhooks set events = '{}'").update()).isEqualTo(4);
    ScimToken token =
        new ScimToken(
            new ScimToken.Id(UUID.randomUUID()),
            new TokenName("idp"),
            new Issuer("https://idp.example"),
            now(),
            Optional.empty());
    for (List<String> fields : List.of(List.<String>of(), List.of("leaked"))) {
      trail.record(
          AuditEvent.withoutActor(
              UUID.randomUUID(),
              now(),
              "192.0.2.1",
              "r",
              AuditAction.SCIM_TOKEN_DELETE,
              AuditTargets.scimToken(token),
              AuditOutcome.DONE,
              fields));
    }
    assertThat(told()).containsExactly("_system token.leaked");
  }

  @Test
  void who_is_suspended_is_not_told_of_what_happens_meanwhile_nor_of_what_waited() {
    trail.record(leaked());
    PORTS.users().update(alice.withSuspension(Optional.of(now()), now()));
    trail.record(leaked());
    trail.record(event(AuditAction.USER_UPDATE, bob, AuditOutcome.DONE, List.of("administrator")));
    assertThat(told())
        .containsExactly("_system administrator.changed", "bob administrator.changed");
    trail.record(leaked());

    User suspended = PORTS.users().find(alice.handle()).orElseThrow();
    PORTS.users().update(suspended.withSuspension(Optional.empty(), now()));

    assertThat(told()).isEmpty();
    trail.record(leaked());
    assertThat(told()).containsExactly("alice token.leaked");
  }

  private AuditEvent leaked() {
    return event(AuditAction.TOKEN_LEAKED, alice, AuditOutcome.DONE, List.of("t"));
  }

  @Test
  void what_is_rolled_back_is_not_told() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                PORTS
                    .transactions()
                    .inTransaction(
                        () -> {
                          trail.record(
                              event(
                                  AuditAction.TOKEN_LEAKED,
                                  alice,
                                  AuditOutcome.DONE,
                                  List.of("t")));
                          throw new IllegalStateException("rolled back");
                        }))
        .withMessage("rolled back");
    assertThat(told()).isEmpty();
  }

  @Test
  void a_share_that_ends_soon_is_told_once_to_its_holder_and_the_owner() {
    Instant later = now().plus(Duration.ofDays(3));
    PORTS
        .shares()
        .insert(
            service.id(), AShare.with(team).role(Role.READER).expiresAt(later).build(), alice.id());
    EventSightings sightings = sightings(now().plus(Duration.ofHours(30)), Map.of());
    List<String> outcomes =
        ConcurrentAttempts.many(
            n -> {
              sightings.tell();
              return "told";
            });
    assertThat(outcomes).containsOnly("told");
    assertThat(told()).containsExactly("@team share.expiring", "alice share.expiring");
    sightings.tell();
    assertThat(told()).isEmpty();
  }

  @Test
  void holders_are_those_of_one_service_with_a_webhook_while_their_shares_last() {
    Instant later = now().plus(Duration.ofDays(3));
    Instance other = other();
    User carol = PORTS.stored(AUser.called("carol").administrator().build());
    give(service, AShare.with(bob).role(Role.READER).expiresAt(later));
    give(service, AShare.with(carol).role(Role.READER));
    give(other, AShare.with(team).role(Role.WRITER));

    assertThat(events.holders(service.id(), now()))
        .containsExactly(new Holder(bob.id(), Role.READER));
    assertThat(events.holders(service.id(), later)).isEmpty();
    assertThat(events.holders(other.id(), later))
        .containsExactly(new Holder(team.id(), Role.WRITER));
    assertThat(events.isAdministrator(carol.id())).isTrue();
    assertThat(events.isAdministrator(bob.id())).isFalse();
  }

  @Test
  void shares_that_end_in_a_span_are_seen_until_they_are_told() {
    Instant later = now().plus(Duration.ofDays(3));
    Instance other = other();
    give(service, AShare.with(bob).role(Role.READER).expiresAt(later));
    give(service, AShare.with(team).role(Role.READER).expiresAt(later.plusSeconds(1)));
    give(other, AShare.with(bob).role(Role.READER).expiresAt(later));

    assertThat(ending(now(), later)).containsExactlyInAnyOrder("alice/x bob", "alice/y bob");
    assertThat(ending(later, later.plusSeconds(1))).containsExactly("alice/x @team");
    assertThat(ending(Instant.EPOCH, later)).isEmpty();

    assertThat(marked(service, bob, later)).isTrue();
    assertThat(marked(service, bob, later)).isFalse();
    assertThat(ending(now(), later)).containsExactly("alice/y bob");
    assertThat(marked(service, bob, later.plusSeconds(9))).isTrue();
    assertThat(marked(service, bob, later)).isTrue();
  }

  private boolean marked(Instance of, User user, Instant state) {
    return events.mark(EventType.SHARE_EXPIRING, of.id(), user.id().value(), state, now());
  }

  /** Returns the services and grantees of the shares that end in a span. */
  private List<String> ending(Instant now, Instant until) {
    return events.sightings(now, Instant.EPOCH, until, 9).stream()
        .filter(seen -> seen.type() == EventType.SHARE_EXPIRING)
        .map(seen -> seen.ref() + " " + seen.facts().getFirst().value())
        .toList();
  }

  private Instance other() {
    return PORTS.stored(AnInstance.of(alice, "y").build());
  }

  private void give(Instance of, AShare share) {
    PORTS.shares().insert(of.id(), share.build(), alice.id());
  }

  @Test
  void a_failing_credential_is_told_once_a_day_to_those_who_may_replace_it() {
    Map<Instance.Id, String> failing = Map.of(service.id(), "token: 401");
    Instant day = Instant.parse("2026-03-01T10:00:00Z");
    sightings(day, failing).tell();
    sightings(day.plus(Duration.ofHours(2)), failing).tell();
    assertThat(told()).containsExactly("alice credential.failed");
    sightings(day.plus(Duration.ofDays(1)), failing).tell();
    assertThat(told()).containsExactly("alice credential.failed");
  }

  private EventSightings sightings(Instant at, Map<Instance.Id, String> failing) {
    return new EventSightings(events, () -> failing, PORTS.transactions(), () -> at);
  }

  @Test
  void one_test_waits_at_a_time() {
    Webhook webhook = webhooks.lock(alice.id()).orElseThrow();
    assertThat(webhooks.addTest(webhook.id(), test())).isTrue();
    assertThat(webhooks.addTest(webhook.id(), test())).isFalse();
    Webhook bobs = webhooks.lock(bob.id()).orElseThrow();
    trail.record(event(AuditAction.USER_UPDATE, bob, AuditOutcome.DONE, List.of("administrator")));
    assertThat(webhooks.addTest(bobs.id(), test())).isTrue();
    assertThat(told()).contains("alice webhook.test", "bob webhook.test");
    assertThat(webhooks.addTest(webhook.id(), test())).isTrue();
  }

  private static WebhookMessage.Happened test() {
    return new WebhookMessage.Happened(
        UUID.randomUUID(), EventType.WEBHOOK_TEST, List.of(), Optional.empty(), now());
  }
}
