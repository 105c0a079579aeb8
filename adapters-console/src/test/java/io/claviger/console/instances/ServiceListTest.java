package io.claviger.console.instances;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.rejectedkeys.port.RejectedKeyStore.KeyRejection;
import io.claviger.application.rejectedkeys.port.StoredKey;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The list of services: what is searched and counted, and what administrators see of everybody. */
class ServiceListTest {
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();
  private static final String LIST = "/console/services";
  private static final String ALL = LIST + "?whose=everybody";
  private static final String KEY = "sk-canary-0123456789";

  @Test
  void the_viewers_services_are_counted_and_searched_page_by_page() {
    Person owner = SERVED.person("paula");
    for (int n = 0; n < 30; n++) {
      owner
          .api()
          .put("/v1/llm-services/paula/s%02d".formatted(n), settings("model-" + n))
          .isStatus(201);
    }
    assertThat(ServedConsole.sound(owner.open(LIST)).body())
        .contains("30 services", "paula/s00", "Key stored")
        .contains("<button class=\"secondary\" type=\"submit\">Show")
        .doesNotContain("paula/s29", "everybody");
    assertThat(owner.open(LIST + "?after=paula%2Fs24").body()).contains("30 services", "paula/s29");
    assertThat(owner.open(LIST + "?q=MODEL-29").body())
        .contains("1 service", "paula/s29")
        .doesNotContain("1 services", "paula/s01");
    assertThat(owner.open(LIST + "?q=model%25").body()).contains("No service matches.");
  }

  @Test
  void administrators_see_all_services_with_the_age_and_state_of_their_keys() {
    Person owner = SERVED.owner("petra", settings("gpt-4o"));
    owner
        .api()
        .patch(
            "/v1/llm-services/petra/chat",
            Map.of("api_key", KEY, "endpoint", "https://api.openai.com/v1"))
        .isStatus(200);
    owner.api().put("/v1/llm-services/petra/keyless", settings("gpt-4o")).isStatus(201);
    var stored = owner.api().get("/v1/llm-services/petra/chat");
    String setAt = stored.text("/api_key_set_at");
    Person root = SERVED.root();

    assertThat(ServedConsole.sound(root.open(ALL + "&q=keyless")).body())
        .contains("1 service", "petra/keyless", "none", "enabled");
    assertThat(root.open(ALL + "&enabled=false").body()).doesNotContain("petra/");
    String line = ServedConsole.sound(root.open(ALL + "&q=chat&after=petra%2Fc")).body();
    assertThat(line)
        .contains("petra/chat", "<time datetime=\"" + setAt + "\">")
        .doesNotContain("rejected", KEY);
    StoredKey key =
        new StoredKey(
            new Instance.Id(UUID.fromString(stored.text("/id"))),
            Optional.empty(),
            Instant.parse(setAt));
    SERVED.ports().rejectedKeys().reject(List.of(new KeyRejection(key, Instant.now(), 401)));
    assertThat(root.open(ALL + "&q=chat").body()).contains("rejected").doesNotContain(KEY);

    assertThat(owner.open(ALL).isStatus(200).body()).doesNotContain("root/", "everybody");
    assertThat(root.api().get("/v1/llm-services?q=keyless").isStatus(200).text("/items/0/ref"))
        .isEqualTo("petra/keyless");
    assertThat(owner.api().get("/v1/llm-services").status()).isEqualTo(403);
  }

  private static Map<String, String> settings(String model) {
    return Map.of("provider", "openai", "model", model);
  }
}
