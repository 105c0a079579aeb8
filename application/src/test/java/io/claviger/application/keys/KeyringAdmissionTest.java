package io.claviger.application.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyringAdmissionTest {
  private final InMemoryPorts claviger = new InMemoryPorts();
  private final InMemorySealer known = claviger.sealer();

  @Test
  void a_node_with_the_keys_on_record_may_start() {
    assertThat(admit(known))
        .isEqualTo(new KeyringAdmission.AdmissionOutcome.Admitted(known.sealingKey(), List.of()));
  }

  @Test
  void a_key_on_record_is_put_there_once() {
    KeyringAdmission.AdmissionOutcome unused = admit(known);

    assertThat(claviger.encryptionKeys().all()).hasSize(1);
    assertThat(claviger.auditEvents()).isEmpty();
  }

  @Test
  void a_new_first_key_is_put_on_record_as_live() {
    InMemorySealer fresh = known.behindANewKey();

    assertThat(admit(fresh))
        .isEqualTo(new KeyringAdmission.AdmissionOutcome.Admitted(fresh.sealingKey(), List.of()));
    assertThat(claviger.encryptionKeys().all())
        .anyMatch(k -> k.id().equals(fresh.sealingKey()) && k.live());
  }

  @Test
  void a_new_first_key_comes_with_a_sentinel_that_it_opens() {
    InMemorySealer fresh = known.behindANewKey();
    KeyringAdmission.AdmissionOutcome unused = admit(fresh);

    assertThat(admit(fresh)).isInstanceOf(KeyringAdmission.AdmissionOutcome.Admitted.class);
    assertThat(claviger.encryptionKeys().all()).allMatch(k -> fresh.opensSentinel(k.sentinel()));
  }

  @Test
  void a_new_first_key_is_in_the_audit_trail_by_its_id() {
    InMemorySealer fresh = known.behindANewKey();
    KeyringAdmission.AdmissionOutcome unused = admit(fresh);

    assertThat(claviger.auditEvents())
        .singleElement()
        .matches(e -> e.action() == AuditAction.ENCRYPTION_KEY_CREATE)
        .matches(e -> e.target().ref().equals(fresh.sealingKey().value()))
        .matches(e -> e.address().equals(AuditEvent.UPKEEP));
  }

  @Test
  void a_node_that_lacks_a_live_key_does_not_start() {
    assertThat(admit(InMemorySealer.withOneKey()))
        .isEqualTo(new KeyringAdmission.AdmissionOutcome.Missing(List.of(known.sealingKey())));
  }

  @Test
  void a_node_that_does_not_start_puts_nothing_on_record() {
    KeyringAdmission.AdmissionOutcome unused = admit(InMemorySealer.withOneKey());

    assertThat(claviger.encryptionKeys().all()).hasSize(1);
    assertThat(claviger.auditEvents()).isEmpty();
  }

  @Test
  void what_a_start_would_come_to_is_told_without_putting_anything_on_record() {
    InMemorySealer fresh = known.behindANewKey();

    assertThat(admission(fresh).preview())
        .isInstanceOfSatisfying(
            KeyringAdmission.AdmissionOutcome.Admitted.class,
            admitted -> assertThat(admitted.sealing()).isEqualTo(fresh.sealingKey()));
    assertThat(admission(InMemorySealer.withOneKey()).preview())
        .isEqualTo(new KeyringAdmission.AdmissionOutcome.Missing(List.of(known.sealingKey())));
    assertThat(claviger.encryptionKeys().all()).hasSize(1);
    assertThat(claviger.auditEvents()).isEmpty();
  }

  @Test
  void a_command_puts_its_key_on_record_and_is_no_node() {
    InMemorySealer fresh = known.behindANewKey();
    int nodes = claviger.nodes().all().size();

    assertThat(admission(fresh).admitCommand())
        .isInstanceOf(KeyringAdmission.AdmissionOutcome.Admitted.class);
    assertThat(admission(InMemorySealer.withOneKey()).admitCommand())
        .isInstanceOf(KeyringAdmission.AdmissionOutcome.Missing.class);

    assertThat(claviger.encryptionKeys().all()).hasSize(2);
    assertThat(claviger.nodes().all()).hasSize(nodes);
  }

  @Test
  void a_node_whose_key_has_the_id_only_does_not_start() {
    assertThat(admit(known.withWrongKeys()))
        .isEqualTo(new KeyringAdmission.AdmissionOutcome.Wrong(List.of(known.sealingKey())));
  }

  @Test
  void a_node_that_would_seal_under_a_retired_key_does_not_start() {
    claviger.encryptionKeys().retire(known.sealingKey());

    assertThat(admit(known))
        .isEqualTo(new KeyringAdmission.AdmissionOutcome.Retired(known.sealingKey()));
  }

  @Test
  void a_retired_key_need_not_be_given() {
    claviger.encryptionKeys().retire(known.sealingKey());

    assertThat(admit(InMemorySealer.withOneKey()))
        .isInstanceOf(KeyringAdmission.AdmissionOutcome.Admitted.class);
  }

  @Test
  void a_retired_key_may_be_given_behind_the_first() {
    claviger.encryptionKeys().retire(known.sealingKey());

    assertThat(admit(known.behindANewKey()))
        .isInstanceOf(KeyringAdmission.AdmissionOutcome.Admitted.class);
  }

  @Test
  void a_node_is_not_admitted_any_more_once_another_has_a_new_key() {
    KeyringAdmission.AdmissionOutcome unused = admit(known.behindANewKey());

    assertThat(admission(known).isStillAdmitted()).isFalse();
  }

  @Test
  void a_node_that_holds_the_new_key_stays_admitted() {
    InMemorySealer fresh = known.behindANewKey();
    KeyringAdmission.AdmissionOutcome unused = admit(fresh);

    assertThat(admission(fresh).isStillAdmitted()).isTrue();
  }

  /** A process that was killed leaves no line in its own log. */
  @Test
  void a_node_learns_once_which_earlier_runs_have_not_stopped() {
    KeyringAdmission killed = started("h:8080, process 1");
    KeyringAdmission stopped = started("h:8080, process 2");
    KeyringAdmission other = started("h:80, process 3");
    KeyringAdmission now = started("h:8080, process 4");
    assertThat(stopped.unregister()).isTrue();
    claviger.clock().advance(NodeStore.BOUND.plusMillis(1));

    assertThat(now.takeBrokenRuns("h:8080, process "))
        .extracting(run -> run.keys().name())
        .containsExactly("h:8080, process 1");
    assertThat(now.takeBrokenRuns("h:8080, process ")).isEmpty();
    assertThat(killed.unregister()).isFalse();
    assertThat(other.unregister() && now.unregister()).isTrue();
  }

  /** Somebody starts a second process on a port by mistake, or two machines have the same name. */
  @Test
  void a_live_node_is_not_taken_for_an_earlier_run() {
    KeyringAdmission live = started("h:8080, process 1");
    KeyringAdmission now = started("h:8080, process 2");

    assertThat(now.takeBrokenRuns("h:8080, process ")).isEmpty();

    claviger.clock().advance(NodeStore.BOUND);
    assertThat(now.takeBrokenRuns("h:8080, process ")).isEmpty();
    assertThat(live.unregister()).isTrue();
  }

  private KeyringAdmission started(String name) {
    KeyringAdmission node = admission(known, name);
    assertThat(node.admit()).isInstanceOf(KeyringAdmission.AdmissionOutcome.Admitted.class);
    return node;
  }

  private KeyringAdmission.AdmissionOutcome admit(InMemorySealer sealer) {
    return admission(sealer).admit();
  }

  private KeyringAdmission admission(InMemorySealer sealer) {
    return admission(sealer, "node");
  }

  private KeyringAdmission admission(InMemorySealer sealer, String name) {
    return KeyringAdmission.of(
        claviger.encryptionKeys(), claviger.nodes(), sealer, claviger.auditedChanges(), name);
  }
}
