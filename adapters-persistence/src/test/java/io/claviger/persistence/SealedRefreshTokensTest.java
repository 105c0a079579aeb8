package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AWebhook;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.identity.port.IdentityStore.DueIdentity;
import io.claviger.application.identity.port.IdentityStore.Renewal;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.EncryptionKeys.DiscardOutcome;
import io.claviger.application.keys.EncryptionKeys.Progress;
import io.claviger.application.keys.EncryptionKeys.RetirementOutcome;
import io.claviger.application.keys.EncryptionKeys.RotationOutcome;
import io.claviger.application.keys.EncryptionKeys.Unopened;
import io.claviger.application.keys.port.SealedValueStore.Concerned;
import io.claviger.application.keys.port.SealedValueStore.Count;
import io.claviger.application.keys.port.SealedValueStore.Position;
import io.claviger.application.keys.port.SealedValueStore.Replacement;
import io.claviger.application.keys.port.SealedValueStore.SealedValueBatch;
import io.claviger.application.keys.port.SealedValueStore.StoredValue;
import io.claviger.application.keys.port.SealedValueStore.Table;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.groups.Group;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.identity.UnfollowedGroups;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.KeyBinding.Kind;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.persistence.webhooks.JdbcWebhooks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The identity provider's refresh tokens, when encryption keys are changed or lost, and when
 * questions with them get no answer. Besides, the secret of a group's webhook, when the keys are.
 */
@SuppressWarnings("NullAway.Init") // set before each test
final class SealedRefreshTokensTest {
  private static final Issuer ISSUER = new Issuer("https://id.example");
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();

  private final InMemorySealer old = InMemorySealer.withOneKey();
  private final InMemorySealer fresh = old.behindANewKey();
  private final Instant due = Instant.now().plusSeconds(900).truncatedTo(ChronoUnit.MICROS);
  private List<User> people;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    PORTS.encryptionKeys().add(old.sealingKey(), old.sentinel(old.sealingKey()));
    people =
        IntStream.range(0, 3)
            .mapToObj(n -> AUser.called("person-" + n).build())
            .peek(user -> PORTS.users().insert(user))
            .toList();
    for (User person : people) {
      PORTS.identities().insert(identity(person));
      renew(person, sealed(old, person, person));
    }
  }

  @Test
  void a_rotation_seals_them_anew_for_the_same_issuer_and_user() {
    assertThat(rotated()).isEqualTo(new RotationOutcome.Done(fresh.sealingKey(), 3, 0, List.of()));

    assertThat(PORTS.sealedValues().counts())
        .containsExactly(new Count(fresh.sealingKey(), Kind.REFRESH_TOKEN, 3));
    assertThat(retired()).isEqualTo(new RetirementOutcome.Done());
    for (User person : people) {
      assertThat(opened(taken(person))).isEqualTo("refresh token of " + person.handle());
    }
  }

  @Test
  void it_asks_the_provider_neither_sooner_nor_later_and_interrupts_no_question() {
    DueIdentity asked = PORTS.identities().takeDue(ISSUER, due, due.plusSeconds(900)).orElseThrow();

    assertThat(rotated()).isInstanceOf(RotationOutcome.Done.class);

    User person = person(asked);
    assertThat(PORTS.identities().findOf(person.id()).orElseThrow().refreshDueAt())
        .contains(due.plusSeconds(900));
    renew(person, sealed(fresh, person, person));
    assertThat(PORTS.identities().takeDue(ISSUER, due.minusSeconds(1), due)).isEmpty();
  }

  @Test
  void a_question_that_was_never_sent_is_due_as_before() {
    DueIdentity first = taken(0);
    assertThat(first.wasDueAt()).isEqualTo(due);
    assertThat(oldestUnanswered()).isEqualTo(due);

    PORTS.identities().putBack(first);
    assertThat(PORTS.identities().findOf(person(first).id()).orElseThrow().refreshDueAt())
        .contains(due);

    DueIdentity second = taken(1);
    assertThat(second.wasDueAt()).isEqualTo(due);
    assertThat(second.uncertain()).isFalse();
    PORTS.identities().putBack(first);
    assertThat(PORTS.identities().findOf(person(second).id()).orElseThrow().refreshDueAt())
        .contains(due.plusSeconds(901));
  }

  @Test
  void a_doubt_lasts_until_an_answer_and_so_does_the_time_since_when_one_is_missing() {
    for (int question = 0; question < 3; question++) {
      DueIdentity each = taken(question);
      assertThat(each.uncertain()).isFalse();
    }
    DueIdentity again = taken(900 + 2);
    assertThat(again.uncertain()).isTrue();
    PORTS.identities().putBack(again);
    DueIdentity once = taken(900 + 3);
    assertThat(once.uncertain()).isTrue();
    assertThat(oldestUnanswered()).isEqualTo(due);

    for (User person : people) {
      PORTS
          .identities()
          .update(
              identity(person),
              Optional.of(new Renewal(sealed(old, person, person), due.plusSeconds(2_000))));
    }
    assertThat(oldestUnanswered()).isEqualTo(due.plusSeconds(2_000));
  }

  /** If such a question stayed due later, nobody would learn for a day that somebody has left. */
  @Test
  void a_question_that_is_due_too_late_was_set_by_a_clock_that_was_ahead_and_is_due_now() {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    DueIdentity early = taken(0);
    for (int n = 0; n < 2; n++) {
      DueIdentity unused = taken(0);
    }
    User late = person(early);
    PORTS
        .identities()
        .update(
            identity(late),
            Optional.of(new Renewal(sealed(old, late, late), now.plus(Duration.ofDays(1)))));

    DueIdentity again = PORTS.identities().takeDue(ISSUER, now, now.plusSeconds(900)).orElseThrow();

    assertThat(person(again)).isEqualTo(late);
    assertThat(again.wasDueAt()).isEqualTo(now);
    assertThat(again.uncertain()).isFalse();
    assertThat(again.identity().refreshDueAt()).contains(now.plusSeconds(900));
    assertThat(PORTS.identities().takeDue(ISSUER, now, now.plusSeconds(900))).isEmpty();
  }

  /** Takes the person who has been due for the longest time, some seconds after all were due. */
  private DueIdentity taken(int seconds) {
    Instant now = due.plusSeconds(seconds);
    return PORTS.identities().takeDue(ISSUER, now, now.plusSeconds(900)).orElseThrow();
  }

  private Instant oldestUnanswered() {
    return PORTS.identities().oldestUnanswered(ISSUER).orElseThrow();
  }

  @Test
  void a_token_that_the_provider_replaced_meanwhile_stays() {
    List<StoredValue> before = walked();
    User person = people.get(1);
    SealedValue newer = sealed(old, person, person);
    renew(person, newer);
    PORTS.encryptionKeys().add(fresh.sealingKey(), fresh.sentinel(fresh.sealingKey()));

    List<Replacement> replacements =
        before.stream().map(s -> new Replacement(s, sealed(fresh, person, person))).toList();
    int replaced =
        PORTS.transactions().inTransaction(() -> PORTS.sealedValues().replace(replacements));

    assertThat(replaced).isEqualTo(2);
    assertThat(walked()).extracting(StoredValue::value).containsExactly(newer);
  }

  @Test
  void one_that_was_moved_to_another_user_does_not_open_and_is_named() {
    User victim = people.get(0);
    renew(victim, sealed(old, people.get(1), victim));

    assertThat(rotated())
        .isEqualTo(
            new RotationOutcome.Done(
                fresh.sealingKey(),
                2,
                1,
                List.of(
                    new Unopened(
                        Kind.REFRESH_TOKEN,
                        Optional.empty(),
                        Optional.of(GranteeName.user(victim.handle())),
                        old.sealingKey()))));
    assertThat(retired()).isEqualTo(new RetirementOutcome.InUse(1));
  }

  /**
   * Without this deadline, they would keep their access for ever after the provider had removed
   * them.
   */
  @Test
  void people_whose_tokens_were_lost_with_a_key_have_to_sign_in_within_a_week() {
    assertThat(rotated()).isInstanceOf(RotationOutcome.Done.class);
    User kept = people.get(2);
    renew(kept, sealed(old, kept, kept));
    EncryptionKeys keys =
        RacingUseCases.encryptionKeys(PORTS, Optional.of(InMemorySealer.withOneKey()));
    Instant before = Instant.now();

    assertThat(keys.discard(fresh.sealingKey()))
        .isEqualTo(new DiscardOutcome.Concerns(new Concerned(0, 2)));

    for (User person : people.subList(0, 2)) {
      assertThat(PORTS.identities().findOf(person.id()).orElseThrow().refreshDueAt()).isEmpty();
      assertThat(PORTS.identities().findOf(person.id()).orElseThrow().identity().offline())
          .isFalse();
      assertThat(signInDue(person.id()).orElseThrow())
          .isBetween(before.plus(Duration.ofDays(7)), Instant.now().plus(Duration.ofDays(7)));
    }
    assertThat(PORTS.identities().findOf(kept.id()).orElseThrow().refreshDueAt()).contains(due);
    assertThat(signInDue(kept.id())).isEmpty();
    assertThat(PORTS.auditEvents())
        .filteredOn(e -> e.action() == AuditAction.USER_UPDATE)
        .allMatch(e -> e.fields().equals(List.of("refresh_token")))
        .extracting(e -> e.target().id().orElseThrow())
        .containsExactlyInAnyOrder(people.get(0).id().value(), people.get(1).id().value());
  }

  @Test
  void the_webhook_of_a_group_is_named_as_such_though_a_user_has_the_same_handle() {
    Group team = AGroup.called(people.get(0).handle().value());
    PORTS.groups().insert(team);
    Webhook webhook = AWebhook.of(team.id()).build();
    try (Secret secret = Secret.takingOver(new byte[32])) {
      new JdbcWebhooks(PORTS.database())
          .insert(
              webhook,
              old.seal(
                  secret,
                  KeyBinding.ofWebhookSecret(new Webhook.Id(UUID.randomUUID()), webhook.url())));
    }
    GranteeName name = GranteeName.group(team.handle());

    assertThat(rotated())
        .isEqualTo(
            new RotationOutcome.Done(
                fresh.sealingKey(),
                3,
                1,
                List.of(
                    new Unopened(
                        Kind.WEBHOOK_SECRET,
                        Optional.empty(),
                        Optional.of(name),
                        old.sealingKey()))));
    assertThat(
            RacingUseCases.encryptionKeys(PORTS, Optional.of(InMemorySealer.withOneKey()))
                .discard(old.sealingKey()))
        .isEqualTo(new DiscardOutcome.Concerns(new Concerned(0, 0)));
    assertThat(PORTS.auditEvents())
        .filteredOn(e -> e.action() == AuditAction.WEBHOOK_DELETE)
        .extracting(AuditEvent::target)
        .containsExactly(AuditTargets.webhook(team.id(), name));
  }

  private static Optional<Instant> signInDue(User.Id user) {
    return PORTS
        .sql()
        .sql("select sign_in_due_at from users where id = :id and sign_in_due_at is not null")
        .param("id", user.value())
        .query((rs, n) -> rs.getTimestamp(1).toInstant())
        .optional();
  }

  private User person(DueIdentity asked) {
    return people.stream()
        .filter(user -> user.id().equals(asked.identity().identity().user()))
        .findFirst()
        .orElseThrow();
  }

  private List<StoredValue> walked() {
    SealedValueBatch<StoredValue> batch =
        PORTS.sealedValues().notUnder(fresh.sealingKey(), Position.beginning(Table.IDENTITIES), 10);
    return batch.found();
  }

  private StoredValue taken(User person) {
    SealedValueBatch<StoredValue> all =
        PORTS
            .sealedValues()
            .notUnder(
                InMemorySealer.withOneKey().sealingKey(), Position.beginning(Table.IDENTITIES), 10);
    return all.found().stream()
        .filter(value -> value.user().equals(Optional.of(person.id())))
        .findFirst()
        .orElseThrow();
  }

  private String opened(StoredValue value) {
    try (Secret secret = fresh.open(value.value(), value.binding().orElseThrow()).orElseThrow()) {
      return secret.lend(bytes -> new String(bytes, StandardCharsets.US_ASCII));
    }
  }

  private static LinkedIdentity identity(User person) {
    return new LinkedIdentity(
        new Identity(ISSUER, new Subject("subject of " + person.handle().value())),
        person.id(),
        false,
        true,
        Instant.parse("2026-01-01T00:00:00Z"),
        Optional.empty(),
        UnfollowedGroups.NONE,
        false);
  }

  private void renew(User person, SealedValue token) {
    PORTS.identities().update(identity(person), Optional.of(new Renewal(token, due)));
  }

  private static SealedValue sealed(Sealer sealer, User boundTo, User of) {
    byte[] text = ("refresh token of " + of.handle()).getBytes(StandardCharsets.US_ASCII);
    try (Secret secret = Secret.takingOver(text)) {
      return sealer.seal(secret, KeyBinding.ofRefreshToken(ISSUER, boundTo.id()));
    }
  }

  private RotationOutcome rotated() {
    return RacingUseCases.encryptionKeys(PORTS, Optional.of(fresh)).rotate(Progress.IGNORED);
  }

  private RetirementOutcome retired() {
    return RacingUseCases.encryptionKeys(PORTS, Optional.empty()).retire(old.sealingKey());
  }
}
