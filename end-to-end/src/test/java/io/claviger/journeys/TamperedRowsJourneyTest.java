package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody can write to the database but holds no encryption key. */
class TamperedRowsJourneyTest extends SharedNode {
  private static final String UNUSABLE = "claviger_gateway_calls_total{code=\"key_unusable\"";

  private Api alice = root;

  @BeforeEach
  void two_services() {
    alice = journey.user(node, "alice");
    journey.service(alice, "alice/one");
    journey.service(alice, "alice/two");
    alice.embed("alice/one").isStatus(200);
    alice.embed("alice/two").isStatus(200);
    journey.provider().clear();
  }

  @Test
  void a_key_whose_endpoint_was_edited_goes_nowhere() {
    journey.tamper("update instances set endpoint = endpoint || '/elsewhere' where handle = 'one'");
    assertUnusable("one");
    alice.embed("alice/two").isStatus(200);
  }

  @Test
  void keys_swapped_between_two_services_open_in_neither() {
    journey.tamper(
        """
        update instances i set api_key_sealed = j.api_key_sealed
        from instances j where j.owner_id = i.owner_id and j.id <> i.id
        """);
    assertUnusable("one", "two");
  }

  @Test
  void a_key_that_is_to_travel_another_way_does_not_travel() {
    journey.tamper("update instances set api_standard = 'azure-openai' where handle = 'one'");
    assertUnusable("one");
  }

  @Test
  void a_key_with_a_bit_flipped_does_not_open() {
    journey.tamper(
        """
        update instances set api_key_sealed = set_bit(
          api_key_sealed, 8 * octet_length(api_key_sealed) - 1,
          1 - get_bit(api_key_sealed, 8 * octet_length(api_key_sealed) - 1))
        where handle = 'one'
        """);
    assertUnusable("one");
  }

  @Test
  void a_key_set_anew_is_used_again() {
    journey.tamper("update instances set endpoint = endpoint || '/elsewhere' where handle = 'one'");
    alice.embed("alice/one").isRefused(403, "key_unusable");
    alice
        .patch(
            "/v1/llm-services/alice/one",
            Map.of("endpoint", journey.endpoint(), "api_key", journey.key("set-anew")))
        .isStatus(200);
    alice.embed("alice/one").isStatus(200);
  }

  /** Asserts that the call was refused, recorded and counted, and that nothing was sent. */
  private void assertUnusable(String... handles) {
    double before = alice.metric(UNUSABLE);
    for (String handle : handles) {
      alice.embed("alice/" + handle).isRefused(403, "key_unusable");
    }
    assertThat(journey.provider().requests()).isEmpty();
    assertThat(
            journey.column(
                """
                    select target_ref from audit_events
                    where action = 'gateway.key_unusable' and outcome = 'failed' and actor = 'alice'
                      and at > (select created_at from users where handle = 'alice')
                    """))
        .containsExactlyInAnyOrder(
            Arrays.stream(handles).map(h -> "alice/" + h).toArray(String[]::new));
    // A call is counted once its answer has been sent.
    Eventually.holds(
        Duration.ofSeconds(10), () -> alice.metric(UNUSABLE) == before + handles.length);
  }
}
