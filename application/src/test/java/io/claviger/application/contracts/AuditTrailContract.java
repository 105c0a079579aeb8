package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.application.builders.AUser;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What {@link AuditTrail} promises. */
public abstract class AuditTrailContract extends PortContract {
  @Test
  void an_event_stands_as_recorded() {
    User alice = user("alice");
    AuditEvent full = event(alice, AuditAction.SERVICE_KEY_SET, List.of("api_key", "endpoint"));
    AuditEvent bare =
        new AuditEvent(
            ports.ids().next(),
            NOW,
            AuditEvent.Source.unknown("::1", "r-2"),
            AuditAction.TOKEN_REJECTED,
            new AuditTarget("token", none(), "", none()),
            AuditOutcome.REFUSED,
            List.of(),
            List.of(),
            1,
            none());

    ports.auditTrail().record(full);
    ports.auditTrail().record(bare);

    assertThat(ports.auditEvents()).containsExactly(full, bare);
  }

  @Test
  void many_events_at_once_stand_as_recorded() {
    User alice = user("alice");
    List<AuditEvent> events =
        List.of(
            event(alice, AuditAction.SERVICE_KEY_SET, List.of("api_key", "endpoint")),
            new AuditEvent(
                ports.ids().next(),
                NOW,
                AuditEvent.Source.unknown("", "import dhamps"),
                AuditAction.USER_CREATE,
                new AuditTarget("user", none(), "", none()),
                AuditOutcome.DONE,
                List.of(),
                List.of(),
                1,
                none()));

    ports.auditTrail().recordAll(events);
    ports.auditTrail().recordAll(List.of());

    assertThat(ports.auditEvents()).containsExactlyElementsOf(events);
  }

  @Test
  void an_event_that_callers_can_repeat_stands_as_recorded_while_there_are_few() {
    User alice = user("alice");
    AuditEvent full = event(alice, AuditAction.TOKEN_EXCHANGE, List.of("access_token"));
    AuditEvent bare =
        new AuditEvent(
            ports.ids().next(),
            NOW,
            AuditEvent.Source.unknown(AuditEvent.UPKEEP, ""),
            AuditAction.OBJECT_DELETE,
            new AuditTarget("service", none(), "alice/s", Optional.of(alice.id())),
            AuditOutcome.FAILED,
            List.of("files", "file-1", "age"),
            List.of(),
            1,
            none());

    ports.auditTrail().recordFrequent(full);
    ports.auditTrail().recordFrequent(bare);
    ports.auditTrail().recordSums(ports.ids());

    assertThat(ports.auditEvents()).containsExactly(full, bare);
  }

  @Test
  void an_event_is_undone_with_its_transaction() {
    User alice = user("alice");

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                ports
                    .transactions()
                    .inTransaction(
                        () -> {
                          ports
                              .auditTrail()
                              .record(event(alice, AuditAction.USER_UPDATE, List.of()));
                          throw new IllegalStateException("no");
                        }));

    assertThat(ports.auditEvents()).isEmpty();
  }

  @Test
  void it_outlives_the_users_it_speaks_of() {
    User alice = user("alice");
    AuditEvent event = event(alice, AuditAction.USER_DELETE, List.of());
    ports.auditTrail().record(event);

    ports.users().delete(alice.id());

    assertThat(ports.auditEvents()).containsExactly(event);
  }

  @Test
  void every_action_can_be_recorded() {
    User nobodyStored = AUser.called("nobody").build();

    for (AuditAction action : AuditAction.values()) {
      ports.auditTrail().record(event(nobodyStored, action, List.of()));
    }

    assertThat(ports.auditEvents())
        .extracting(AuditEvent::action)
        .containsExactly(AuditAction.values());
  }

  private AuditEvent event(User actor, AuditAction action, List<String> fields) {
    return new AuditEvent(
        ports.ids().next(),
        NOW,
        new AuditEvent.Source(
            Optional.of(actor.id()),
            Optional.of(actor.handle()),
            Optional.of(new AccessToken.Id(ports.ids().next())),
            Optional.empty(),
            Optional.empty(),
            "192.0.2.1",
            "r-1"),
        action,
        new AuditTarget(
            "service", Optional.of(ports.ids().next()), "alice/my-openai", Optional.of(actor.id())),
        AuditOutcome.DONE,
        fields,
        AuditEvent.Term.of(
            Map.of("role", "reader"),
            new TreeMap<>(Map.of("role", "writer", "limits/models", "a*, b"))),
        1,
        Optional.empty());
  }
}
