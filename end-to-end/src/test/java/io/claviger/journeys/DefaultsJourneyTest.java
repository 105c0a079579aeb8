package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The default service is the user's choice if they can use it, otherwise the system's, otherwise
 * none.
 */
class DefaultsJourneyTest extends LentService {

  @BeforeEach
  void choose() {
    journey.service(root, "_system/all");
    bob.chooseDefault("bob", "alice/lent").isStatus(201);
    root.chooseDefault("_system", "_system/all").isStatus(201);
    assertThat(bob.defaultService("bob")).isEqualTo("alice/lent");
  }

  @Test
  void the_systems_choice_stands_in_while_the_own_is_disabled() {
    alice.patch(LENT, Map.of("enabled", false)).isStatus(200);
    TestResponse told = bob.get("/v1/users/bob/default-service").isStatus(200);
    assertThat(told.text("/service")).isEqualTo("_system/all");
    assertThat(told.text("/source")).isEqualTo("system");

    alice.patch(LENT, Map.of("enabled", true)).isStatus(200);
    assertThat(bob.get("/v1/users/bob/default-service").text("/source")).isEqualTo("own");
  }

  @Test
  void with_the_share_or_the_service_ends_the_default() {
    alice.delete(LENT + "/shares/bob").isStatus(204);
    assertThat(bob.defaultService("bob")).isEqualTo("_system/all");
    alice.share("alice/lent", "bob", "reader").isStatus(201);
    assertThat(bob.defaultService("bob")).isEqualTo("alice/lent");
    alice.delete(LENT).isStatus(204);
    assertThat(bob.defaultService("bob")).isEqualTo("_system/all");
    root.patch("/v1/llm-services/_system/all", Map.of("enabled", false)).isStatus(200);
    assertThat(bob.defaultService("bob")).isNull();
  }

  @Test
  void only_what_can_be_used_and_is_enabled_is_chosen() {
    bob.chooseDefault("bob", "alice/nothing").isStatus(422);
    alice.patch(LENT, Map.of("enabled", false)).isStatus(200);
    bob.chooseDefault("bob", "alice/lent").isStatus(422);
    root.chooseDefault("_system", "alice/lent").isStatus(422);
    bob.chooseDefault("_system", "_system/all").isProblem(404, "not_found");
    bob.delete("/v1/users/bob/default-service").isStatus(204);
    assertThat(bob.defaultService("bob")).isEqualTo("_system/all");
  }

  @Test
  void the_service_says_whether_it_is_ones_default() {
    assertThat(bob.get(LENT).at("/is_default").booleanValue()).isTrue();
    assertThat(alice.get(LENT).at("/is_default").booleanValue()).isFalse();
  }
}
