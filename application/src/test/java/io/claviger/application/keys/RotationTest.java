package io.claviger.application.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.IgnoredProgress;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.KeyObstacle;
import io.claviger.domain.keys.NodeKeys;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;
import io.claviger.domain.sharing.GranteeName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Rotating, retiring and discarding encryption keys. Alice's service has a key and headers, and Bob
 * has a key for it.
 */
class RotationTest {
  private static final UUID NODE = new UUID(0, 1);

  private final InMemoryPorts claviger = new InMemoryPorts();
  private final InMemorySealer old = claviger.sealer();
  private final InMemorySealer fresh = old.behindANewKey();
  private final EncryptionKeyId oldId = old.sealingKey();
  private final EncryptionKeyId newId = fresh.sealingKey();
  private final User alice = AUser.called("alice").build();
  private final User bob = AUser.called("bob").build();
  private final Instance service =
      AnInstance.of(alice, "s")
          .apiKeySetAt(claviger.clock().instant())
          .headerNames("X-One")
          .disabled()
          .build();

  @BeforeEach
  void store() {
    claviger.users().insert(alice);
    claviger.users().insert(bob);
    claviger
        .instances()
        .insert(
            service,
            new SecretChange.Replace(
                sealed(KeyBinding.ofApiKey(service.id(), service.destination()), "sk-of-service")),
            new SecretChange.Replace(
                sealed(KeyBinding.ofHeaders(service.id(), service.destination()), "X-One:1\n")));
    boolean unused =
        claviger
            .userKeys()
            .save(
                new UserKey(service.id(), bob.id(), claviger.clock().instant()),
                sealed(
                    KeyBinding.ofUserKey(service.id(), bob.id(), service.destination()),
                    "sk-of-bob"));
  }

  @Test
  void everything_is_under_the_first_key_afterwards_and_opens() {
    assertThat(rotated())
        .isEqualTo(new EncryptionKeys.RotationOutcome.Done(newId, 3, 0, List.of()));

    assertThat(standing()).hasSize(3).allMatch(s -> s.value().sealedUnder().equals(newId));
    assertThat(standing())
        .extracting(s -> text(fresh, s))
        .containsExactlyInAnyOrder("sk-of-service", "X-One:1\n", "sk-of-bob");
  }

  @Test
  void to_seal_anew_is_no_change_of_the_service() {
    int before = claviger.changes().since(OptionalLong.empty()).subjects().size();
    EncryptionKeys.RotationOutcome unused = rotated();

    assertThat(
            claviger
                .instances()
                .find(service.id(), alice.id(), claviger.clock().instant())
                .orElseThrow()
                .instance())
        .isEqualTo(service);
    assertThat(claviger.userKeys().find(service.id(), bob.id()).orElseThrow().setAt())
        .isEqualTo(claviger.clock().instant());
    assertThat(claviger.changes().since(OptionalLong.empty()).subjects()).hasSize(before);
  }

  @Test
  void what_was_sealed_anew_is_not_sealed_again() {
    EncryptionKeys.RotationOutcome unused = rotated();
    List<SealedValueStore.StoredValue> before = standing();

    assertThat(rotated())
        .isEqualTo(new EncryptionKeys.RotationOutcome.Done(newId, 0, 0, List.of()));

    assertThat(standing()).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void a_rotation_is_on_record_as_the_command_lines() {
    EncryptionKeys.RotationOutcome unused = rotated();

    assertThat(claviger.auditEvents())
        .allMatch(e -> e.address().equals("command-line") && e.actor().isEmpty())
        .extracting(AuditEvent::action)
        .containsExactly(AuditAction.ENCRYPTION_KEY_CREATE, AuditAction.ENCRYPTION_KEY_UPDATE);
  }

  @Test
  void while_a_live_node_lacks_the_key_nothing_is_sealed_or_put_on_record() {
    claviger.nodes().heartbeat(NODE, new NodeKeys("node", Set.of(oldId), oldId));

    assertThat(rotated())
        .isEqualTo(
            new EncryptionKeys.RotationOutcome.Refused(
                new KeyObstacle.LackedBy(newId, List.of("node")), 0));

    assertThat(claviger.encryptionKeys().all()).hasSize(1);
    assertThat(standing()).allMatch(s -> s.value().sealedUnder().equals(oldId));
    assertThat(claviger.auditEvents())
        .singleElement()
        .matches(e -> e.outcome() == AuditOutcome.REFUSED)
        .matches(e -> e.fields().equals(List.of("lacked_by")));
  }

  @Test
  void a_node_that_was_silent_for_longer_than_the_bound_is_not_waited_for() {
    claviger.nodes().heartbeat(NODE, new NodeKeys("node", Set.of(oldId), oldId));
    claviger.clock().advance(Duration.ofSeconds(20));
    assertThat(rotated()).isInstanceOf(EncryptionKeys.RotationOutcome.Refused.class);
    claviger.clock().advance(Duration.ofMillis(1));

    assertThat(rotated()).isInstanceOf(EncryptionKeys.RotationOutcome.Done.class);
  }

  @Test
  void a_node_that_turns_up_without_the_key_stops_a_rotation_under_way() {
    EncryptionKeys.RotationOutcome outcome =
        keys(Optional.of(fresh))
            .rotate(
                new IgnoredProgress(
                    () ->
                        claviger
                            .nodes()
                            .heartbeat(NODE, new NodeKeys("late", Set.of(oldId), oldId))));

    assertThat(outcome)
        .isEqualTo(
            new EncryptionKeys.RotationOutcome.Refused(
                new KeyObstacle.LackedBy(newId, List.of("late")), 0));
  }

  @Test
  void without_every_live_key_nothing_is_sealed() {
    assertThat(keys(Optional.of(InMemorySealer.withOneKey())).rotate(new IgnoredProgress()))
        .isEqualTo(
            new EncryptionKeys.RotationOutcome.NotAdmitted(
                new KeyringAdmission.AdmissionOutcome.Missing(List.of(oldId))));
  }

  @Test
  void what_does_not_open_is_left_and_named() {
    boolean unused =
        claviger
            .userKeys()
            .save(
                new UserKey(service.id(), alice.id(), claviger.clock().instant()),
                sealed(
                    KeyBinding.ofUserKey(service.id(), bob.id(), service.destination()),
                    "sk-moved"));

    assertThat(rotated())
        .isEqualTo(
            new EncryptionKeys.RotationOutcome.Done(
                newId,
                3,
                1,
                List.of(
                    new EncryptionKeys.Unopened(
                        KeyBinding.Kind.USER_KEY,
                        service.ref(),
                        Optional.of(GranteeName.user(alice.handle())),
                        oldId))));
    assertThat(keys(Optional.empty()).retire(oldId))
        .isEqualTo(new EncryptionKeys.RetirementOutcome.InUse(1));
  }

  @Test
  void a_key_is_retired_once_nothing_is_under_it() {
    assertThat(keys(Optional.empty()).retire(oldId))
        .isEqualTo(new EncryptionKeys.RetirementOutcome.Refused(new KeyObstacle.OnlyLive(oldId)));
    EncryptionKeys.RotationOutcome unused = rotated();

    assertThat(keys(Optional.empty()).retire(oldId))
        .isEqualTo(new EncryptionKeys.RetirementOutcome.Done());

    assertThat(keys(Optional.empty()).status().keys())
        .anyMatch(k -> k.id().equals(oldId) && !k.live());
    assertThat(keys(Optional.empty()).retire(oldId))
        .isEqualTo(
            new EncryptionKeys.RetirementOutcome.Refused(new KeyObstacle.AlreadyRetired(oldId)));
    assertThat(claviger.auditEvents().getLast().fields()).containsExactly("already_retired");
  }

  @Test
  void a_lost_key_is_discarded_with_all_that_is_under_it() {
    EncryptionKeys discard = keys(Optional.empty());
    EncryptionKeys.DiscardOutcome concerns =
        new EncryptionKeys.DiscardOutcome.Concerns(new SealedValueStore.Concerned(1, 1));
    assertThat(discard.previewDiscard(oldId)).isEqualTo(concerns);
    assertThat(standing()).hasSize(3);

    assertThat(discard.discard(oldId)).isEqualTo(concerns);

    assertThat(standing()).isEmpty();
    Instance after =
        claviger
            .instances()
            .find(service.id(), alice.id(), claviger.clock().instant())
            .orElseThrow()
            .instance();
    assertThat(after.apiKeySetAt()).isEmpty();
    assertThat(after.customHeaderNames()).isEmpty();
    assertThat(after.version()).isEqualTo(service.version() + 1);
    assertThat(claviger.userKeys().find(service.id(), bob.id())).isEmpty();
    assertThat(claviger.auditEvents())
        .extracting(AuditEvent::action)
        .containsExactly(
            AuditAction.SERVICE_KEY_CLEAR,
            AuditAction.USER_KEY_DELETE,
            AuditAction.ENCRYPTION_KEY_DELETE);
    assertThat(claviger.auditEvents().getFirst().fields())
        .containsExactly("api_key", "custom_headers");
  }

  @Test
  @Timeout(60)
  void discarding_ends_when_other_changes_keep_conflicting() {
    assertThat(discardedWithConflicts(Integer.MAX_VALUE))
        .isEqualTo(new EncryptionKeys.DiscardOutcome.Conflicted());
    assertThat(standing()).hasSize(3);
  }

  @Test
  void discarding_goes_on_after_a_few_conflicts() {
    assertThat(discardedWithConflicts(3))
        .isInstanceOf(EncryptionKeys.DiscardOutcome.Concerns.class);
    assertThat(standing()).isEmpty();
  }

  /** Discards the old key while the first transactions lose a race. */
  private EncryptionKeys.DiscardOutcome discardedWithConflicts(int conflicts) {
    AtomicInteger left = new AtomicInteger(conflicts);
    Transactions conflicting =
        new Transactions() {
          @Override
          public <T> T inTransaction(Supplier<T> work) {
            if (left.getAndDecrement() > 0) {
              throw new ConcurrencyConflict(
                  ConcurrencyConflict.How.NOT_SERIALIZABLE, new IllegalStateException("deadlock"));
            }
            return claviger.transactions().inTransaction(work);
          }
        };
    return keys(Optional.empty(), conflicting).discard(oldId);
  }

  @Test
  void a_key_that_somebody_holds_is_not_lost() {
    assertThat(keys(Optional.of(fresh)).discard(oldId))
        .isEqualTo(new EncryptionKeys.DiscardOutcome.Refused(new KeyObstacle.OpensHere(oldId)));
    claviger.nodes().heartbeat(NODE, new NodeKeys("node", Set.of(oldId), oldId));
    assertThat(keys(Optional.empty()).discard(oldId))
        .isEqualTo(
            new EncryptionKeys.DiscardOutcome.Refused(
                new KeyObstacle.HeldBy(oldId, List.of("node"))));
    assertThat(keys(Optional.empty()).previewDiscard(newId))
        .isEqualTo(new EncryptionKeys.DiscardOutcome.Refused(new KeyObstacle.Unknown(newId)));
    assertThat(standing()).hasSize(3);
  }

  private EncryptionKeys.RotationOutcome rotated() {
    return keys(Optional.of(fresh)).rotate(new IgnoredProgress());
  }

  private EncryptionKeys keys(Optional<Sealer> sealer) {
    return keys(sealer, claviger.transactions());
  }

  private EncryptionKeys keys(Optional<Sealer> sealer, Transactions transactions) {
    return EncryptionKeys.of(
        claviger.encryptionKeys(),
        claviger.nodes(),
        claviger.sealedValues(),
        sealer,
        new AuditedChanges(
            transactions,
            claviger.auditTrail(),
            claviger.credentials(),
            claviger.ids(),
            claviger.clock()));
  }

  /** All sealed values. Each must be under a key that a node has. */
  private List<SealedValueStore.StoredValue> standing() {
    EncryptionKeyId none = InMemorySealer.withOneKey().sealingKey();
    List<SealedValueStore.StoredValue> all = new ArrayList<>();
    Optional<SealedValueStore.Position> next = Optional.of(SealedValueStore.Position.BEGINNING);
    while (next.isPresent()) {
      SealedValueStore.SealedValueBatch<SealedValueStore.StoredValue> batch =
          claviger.sealedValues().notUnder(none, next.get(), 1);
      all.addAll(batch.found());
      next = batch.next();
    }
    return all;
  }

  private static String text(Sealer sealer, SealedValueStore.StoredValue stored) {
    try (Secret secret =
        sealer.open(stored.value(), stored.binding().orElseThrow()).orElseThrow()) {
      return secret.lend(bytes -> new String(bytes, StandardCharsets.US_ASCII));
    }
  }

  private SealedValue sealed(KeyBinding binding, String text) {
    try (Secret secret = Secret.takingOver(text.getBytes(StandardCharsets.US_ASCII))) {
      return old.seal(secret, binding);
    }
  }
}
