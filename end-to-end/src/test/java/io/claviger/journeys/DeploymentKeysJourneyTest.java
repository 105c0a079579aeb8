package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * An operator's key for a provider is sent to that provider only, and only for system-level
 * services.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeploymentKeysJourneyTest {
  private static final Map<String, String> AT_OPENAI = Map.of("definition", "_system/openai-small");

  @AutoClose private final Journey journey = new Journey();
  private final Node node = journey.startNode(withDeploymentKey());
  private final Api root = journey.root(node);
  private Api alice = root;

  private Map<String, String> withDeploymentKey() {
    Map<String, String> environment = new HashMap<>(journey.environment());
    environment.put("CLAVIGER_DEPLOYMENT_KEY_OPENAI", journey.key("deployment"));
    return environment;
  }

  @BeforeEach
  void arrive() {
    alice = journey.user(node, "alice");
  }

  @AfterEach
  void startOver() {
    journey.startOver(node);
  }

  @Test
  void it_would_go_from_a_system_level_service_to_the_providers_own_address() {
    root.put("/v1/llm-services/_system/default", AT_OPENAI).isStatus(201);

    assertThat(alice.keyOf("_system/default")).isEqualTo("deployment");
    assertThat(
            alice
                .get("/v1/llm-services/_system/default")
                .at("/has_effective_api_key")
                .booleanValue())
        .isTrue();
  }

  @Test
  void it_goes_from_nobodys_own_service() {
    alice.put("/v1/llm-services/alice/own", AT_OPENAI).isStatus(201);

    assertThat(alice.keyOf("alice/own")).isEqualTo("missing_api_key");
    alice.embed("alice/own").isRefused(403, "missing_api_key");
    assertThat(alice.check("alice/own").isStatus(200).text("/status")).isEqualTo("no_key");
  }

  @Test
  void it_goes_to_no_other_address_whoever_set_it() {
    Map<String, String> elsewhere =
        Map.of("definition", "_system/openai-small", "endpoint", journey.endpoint());
    root.put("/v1/llm-services/_system/elsewhere", elsewhere).isStatus(201);

    assertThat(alice.keyOf("_system/elsewhere")).isEqualTo("missing_api_key");
    alice.embed("_system/elsewhere").isRefused(403, "missing_api_key");
    assertThat(alice.check("_system/elsewhere").isStatus(200).text("/status")).isEqualTo("no_key");
    assertThat(journey.provider().requests()).isEmpty();
  }

  @Test
  void where_users_bring_their_own_keys_it_steps_in_only_as_a_fallback() {
    root.put("/v1/llm-services/_system/default", AT_OPENAI).isStatus(201);
    root.patch("/v1/llm-services/_system/default", Map.of("key_policy", Policies.BOTH))
        .isStatus(200);
    assertThat(alice.keyOf("_system/default")).isEqualTo("user_api_key_required");
    root.patch("/v1/llm-services/_system/default", Map.of("key_policy", Policies.FALLING_BACK))
        .isStatus(200);
    assertThat(alice.keyOf("_system/default")).isEqualTo("deployment");
  }
}
