package io.claviger.application.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.builders.AUser;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RefusedChangesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final InMemoryPorts claviger = new InMemoryPorts();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private final AuditTrail trail =
      event -> {
        RuntimeException thrown = failure.get();
        if (thrown != null) {
          throw thrown;
        }
        claviger.auditTrail().record(event);
      };
  private final RefusedChanges refused =
      new RefusedChanges(claviger.transactions(), trail, claviger.ids());
  private final User alice = AUser.called("alice").build();
  private final User bob = AUser.called("bob").build();

  @Test
  void the_first_is_on_record_at_once_and_equal_ones_as_one_event_when_the_minute_is_over() {
    for (int i = 0; i < 1_100; i++) {
      refused.record(event(alice, "a", START.plusMillis(i)));
    }
    assertThat(recorded()).containsExactly("alice a 1");
    refused.flush(START.plus(MINUTE).minusMillis(1));
    assertThat(recorded()).containsExactly("alice a 1");
    refused.flush(START.plus(MINUTE));
    assertThat(recorded()).containsExactly("alice a 1", "alice a 1099");
    refused.flush(START.plus(MINUTE.multipliedBy(5)));
    assertThat(recorded()).hasSize(2);
  }

  @Test
  void the_next_minute_begins_anew() {
    refused.record(event(alice, "a", START));
    refused.record(event(alice, "a", START.plusSeconds(1)));
    refused.record(event(alice, "a", START.plusSeconds(61)));
    assertThat(recorded()).containsExactly("alice a 1", "alice a 1", "alice a 1");
  }

  @Test
  void what_differs_is_told_apart() {
    refused.record(event(alice, "a", START));
    refused.record(event(alice, "b", START));
    refused.record(event(bob, "a", START));
    assertThat(recorded()).containsExactly("alice a 1", "alice b 1", "bob a 1");
  }

  @Test
  void of_very_many_different_ones_of_an_actor_those_beyond_60_are_counted_without_a_target() {
    for (int i = 0; i < 1_000; i++) {
      refused.record(event(alice, "a" + i, START));
    }
    refused.record(event(bob, "b", START));
    // The first of equal refusals is recorded on its own; the following are counted.
    assertThat(recorded()).hasSize(RefusedChanges.AT_ONCE + 2).contains("alice a60 1", "bob b 1");
    refused.settle(START);
    assertThat(recorded()).hasSize(RefusedChanges.AT_ONCE + 3).contains("alice  939");
    assertThat(total()).isEqualTo(1_001);
  }

  /** Somebody with an IPv6 network can use another address for each attempt. */
  @Test
  void attempts_of_unknown_callers_count_for_their_network() {
    for (int i = 0; i < 1_000; i++) {
      refused.record(unknown("2001:db8:0:1::" + Integer.toHexString(i + 1), START));
    }
    refused.record(unknown("2001:db8:0:2::1", START));
    assertThat(claviger.auditEvents()).hasSize(RefusedChanges.AT_ONCE + 2);
    refused.settle(START);
    assertThat(claviger.auditEvents()).hasSize(RefusedChanges.AT_ONCE + 3);
    assertThat(total()).isEqualTo(1_001);
  }

  @Test
  void of_very_many_actors_no_more_are_told_apart_than_are_remembered() {
    for (int i = 0; i < RefusedChanges.MOST; i++) {
      refused.record(event(AUser.called("u" + i).build(), "a", START));
    }
    refused.record(event(alice, "a", START));
    refused.record(event(alice, "b", START));
    refused.settle(START);
    assertThat(recorded()).contains("alice a 1", "alice  1").doesNotContain("alice b 1");
  }

  @ParameterizedTest
  @MethodSource("io.claviger.application.fakes.TransientFailures#all")
  void nothing_is_lost_while_the_database_fails(RuntimeException passing) {
    failure.set(passing);
    for (int i = 0; i < 3; i++) {
      int second = i;
      boolean first = i == 0;
      if (first) {
        assertThatThrownBy(() -> refused.record(event(alice, "a", START.plusSeconds(second))))
            .isSameAs(passing);
      } else {
        refused.record(event(alice, "a", START.plusSeconds(second)));
      }
    }
    assertThatThrownBy(() -> refused.flush(START.plus(MINUTE))).isSameAs(passing);
    failure.set(null);
    refused.flush(START.plus(MINUTE.multipliedBy(3)));
    assertThat(total()).isEqualTo(3);
  }

  @Test
  void a_clock_that_is_set_back_ends_a_minute() {
    refused.record(event(alice, "a", START));
    refused.record(event(alice, "a", START));
    refused.flush(START.minusSeconds(1));
    assertThat(total()).isEqualTo(2);
  }

  @Test
  void sixteen_threads_are_counted_to_the_last() {
    List<Boolean> all =
        Race.of(
            16,
            n -> {
              refused.record(event(alice, "a" + n % 3, START));
              return true;
            },
            500);
    refused.settle(START);
    assertThat(total()).isEqualTo(all.size());
    assertThat(recorded()).hasSize(6);
  }

  private long total() {
    return claviger.auditEvents().stream().mapToLong(AuditEvent::count).sum();
  }

  private List<String> recorded() {
    return claviger.auditEvents().stream()
        .map(e -> e.actorHandle().orElseThrow() + " " + e.target().ref() + " " + e.count())
        .toList();
  }

  private AuditEvent unknown(String address, Instant at) {
    return AuditEvent.withoutActor(
        claviger.ids().next(),
        at,
        address,
        "r",
        AuditAction.TOKEN_EXCHANGE,
        AuditTargets.unknownUser(),
        AuditOutcome.REFUSED,
        List.of("unknown_issuer"));
  }

  private AuditEvent event(User actor, String handle, Instant at) {
    return new AuditEvent(
        claviger.ids().next(),
        at,
        new AuditEvent.Source(
            Optional.of(actor.id()),
            Optional.of(actor.handle()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "192.0.2.1",
            "r"),
        AuditAction.STANDARD_DELETE,
        AuditTargets.standard(new Handle(handle)),
        AuditOutcome.REFUSED,
        List.of("not_found"),
        List.of(),
        1,
        Optional.empty());
  }
}
