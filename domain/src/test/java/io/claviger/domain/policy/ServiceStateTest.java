package io.claviger.domain.policy;

import static io.claviger.domain.policy.ServiceState.LastContact.KEY_REJECTED;
import static io.claviger.domain.policy.ServiceState.LastContact.NO_FAILURE;
import static io.claviger.domain.policy.ServiceState.LastContact.UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.policy.CallQuestion.Reach;
import io.claviger.domain.policy.ServiceState.LastContact;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The state of a service, over all combinations of what it depends on. */
class ServiceStateTest {
  private record Case(boolean enabled, KeyDecision key, Reach destination, LastContact last) {
    ServiceState state() {
      return ServiceState.of(enabled, key, destination, last);
    }

    boolean reaches() {
      return enabled && key.source().isPresent() && destination != Reach.NOT_ALLOWED;
    }
  }

  private static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (boolean enabled : new boolean[] {true, false}) {
      for (KeyDecision key : KeyDecision.values()) {
        for (Reach destination : Reach.values()) {
          for (LastContact last : LastContact.values()) {
            cases.add(new Case(enabled, key, destination, last));
          }
        }
      }
    }
    return cases;
  }

  @Test
  void a_service_is_ready_exactly_if_a_call_finds_a_key_and_nothing_has_failed() {
    for (Case each : all()) {
      assertThat(each.state() == ServiceState.READY)
          .as(each.toString())
          .isEqualTo(each.reaches() && each.last() == NO_FAILURE);
    }
  }

  @Test
  void what_the_last_contact_found_is_the_state_wherever_a_call_gets_that_far() {
    for (Case each : all()) {
      assertThat(each.state() == ServiceState.UNREACHABLE)
          .as(each.toString())
          .isEqualTo(each.reaches() && each.last() == UNREACHABLE);
      assertThat(each.state() == ServiceState.KEY_REJECTED)
          .as(each.toString())
          .isEqualTo(each.reaches() && each.last() == KEY_REJECTED);
    }
  }

  @Test
  void what_stops_a_call_before_that_is_named_in_the_order_of_the_rules() {
    for (Case each : all()) {
      if (!each.enabled()) {
        assertThat(each.state()).isEqualTo(ServiceState.DISABLED);
      } else if (each.key() == KeyDecision.NOT_PERMITTED) {
        assertThat(each.state()).isEqualTo(ServiceState.NOT_PERMITTED);
      } else if (each.key().source().isEmpty()) {
        assertThat(each.state()).isEqualTo(ServiceState.NO_KEY);
      } else if (each.destination() == Reach.NOT_ALLOWED) {
        assertThat(each.state()).isEqualTo(ServiceState.DESTINATION_NOT_ALLOWED);
      }
    }
  }

  @Test
  void every_state_occurs_and_has_a_name_of_its_own() {
    Set<ServiceState> seen = EnumSet.noneOf(ServiceState.class);
    all().forEach(each -> seen.add(each.state()));

    assertThat(seen).containsExactlyInAnyOrder(ServiceState.values());
    assertThat(ServiceState.KEY_REJECTED.wireName()).isEqualTo("key_rejected");
    assertThat(ServiceState.KEY_REJECTED.words()).isEqualTo("key rejected");
  }
}
