package io.claviger.application.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyObstacle;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Stored events contain these codes, so none of them may ever change. */
class KeyAuditTest {
  private final InMemoryPorts claviger = new InMemoryPorts();

  @Test
  void the_codes_of_refusals_in_stored_events_stay() {
    KeyAudit audit = new KeyAudit(claviger.auditedChanges(), AuditEvent.COMMAND_LINE);
    EncryptionKeyId key = claviger.sealer().sealingKey();

    Stream.of(
            new KeyObstacle.Unknown(key),
            new KeyObstacle.AlreadyRetired(key),
            new KeyObstacle.OnlyLive(key),
            new KeyObstacle.LackedBy(key, List.of("node")),
            new KeyObstacle.SealsAt(key, List.of("node")),
            new KeyObstacle.HeldBy(key, List.of("node")),
            new KeyObstacle.OpensHere(key))
        .forEach(why -> audit.recordRefused(AuditAction.ENCRYPTION_KEY_DELETE, why));

    assertThat(claviger.auditEvents().stream().flatMap(event -> event.fields().stream()))
        .containsExactly(
            "unknown",
            "already_retired",
            "only_live",
            "lacked_by",
            "seals_at",
            "held_by",
            "opens_here");
  }
}
