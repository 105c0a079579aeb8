package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody can write to the rows of users' keys but holds no encryption key. */
class TamperedUserKeysJourneyTest extends AliceAndBob {
  private static final String UNUSABLE = "claviger_gateway_calls_total{code=\"key_unusable\"";

  @BeforeEach
  void keys() {
    for (String service : new String[] {"alice/one", "alice/two"}) {
      journey.serviceOfUserKeys(alice, service);
      alice.share(service, "bob", "reader").isStatus(201);
    }
    bob.storeKey("alice/one", journey.endpoint(), journey.key("bob")).isStatus(201);
    bob.embed("alice/one").isStatus(200);
    journey.provider().clear();
  }

  @Test
  void a_key_copied_to_another_user_opens_for_nobody_but_its_own() {
    journey.tamper(
        """
        insert into user_keys (instance_id, user_id, api_key_sealed, set_at)
        select k.instance_id, u.id, k.api_key_sealed, k.set_at
        from user_keys k, users u where u.handle = 'alice'
        """);
    assertUnusable(alice, "alice/one", "alice");
    bob.embed("alice/one").isStatus(200);
  }

  @Test
  void a_key_copied_to_another_service_does_not_open_there() {
    journey.tamper(
        """
        insert into user_keys (instance_id, user_id, api_key_sealed, set_at)
        select i.id, k.user_id, k.api_key_sealed, k.set_at
        from user_keys k, instances i where i.handle = 'two'
        """);
    assertUnusable(bob, "alice/two", "bob");
  }

  @Test
  void a_key_whose_services_endpoint_was_edited_goes_nowhere() {
    journey.tamper("update instances set endpoint = endpoint || '/elsewhere' where handle = 'one'");
    assertUnusable(bob, "alice/one", "bob");
    assertThat(bob.check("alice/one").isStatus(200).text("/status")).isEqualTo("no_key");
    assertThat(journey.provider().requests()).isEmpty();
  }

  @Test
  void a_services_key_put_in_a_users_row_does_not_open() {
    journey.service(alice, "alice/central");
    journey.tamper(
        """
        update user_keys set api_key_sealed =
          (select api_key_sealed from instances where handle = 'central')
        """);
    assertUnusable(bob, "alice/one", "bob");
  }

  @Test
  void a_key_stored_anew_is_used_again() {
    journey.tamper(
        "update user_keys set api_key_sealed = overlay(api_key_sealed placing '\\x00' from octet_length(api_key_sealed))");
    bob.embed("alice/one").isRefused(403, "key_unusable");
    bob.storeKey("alice/one", journey.endpoint(), journey.key("bob-anew")).isStatus(200);
    bob.embed("alice/one").isStatus(200);
    assertThat(journey.credentials()).containsExactly("Bearer " + journey.key("bob-anew"));
  }

  /**
   * Asserts that the call was refused, explained, recorded and counted, and that nothing was sent.
   */
  private void assertUnusable(Api caller, String service, String actor) {
    double before = caller.metric(UNUSABLE);
    caller.embed(service).isRefused(403, "key_unusable");
    assertThat(caller.keyOf(service)).isEqualTo("key_unusable");
    assertThat(journey.provider().requests()).isEmpty();
    assertThat(
            journey.column(
                """
                select actor || ' ' || target_ref from audit_events
                where action = 'gateway.key_unusable' and outcome = 'failed'
                  and at > (select created_at from users where handle = 'alice')
                """))
        .containsExactly(actor + " " + service);
    // A call is counted once its answer has been sent.
    Eventually.holds(Duration.ofSeconds(10), () -> caller.metric(UNUSABLE) == before + 1);
  }
}
