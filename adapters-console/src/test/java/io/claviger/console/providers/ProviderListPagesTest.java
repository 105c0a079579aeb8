package io.claviger.console.providers;

import static io.claviger.console.served.ServedConsole.HOSTILE;
import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.TestResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProviderListPagesTest {
  private static final String PROVIDERS = "/console/providers";

  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();

  @Test
  void everybody_sees_the_providers_and_what_is_said_of_each() {
    CONSOLE
        .root()
        .api()
        .put(
            "/v1/providers/a-cloud",
            Map.of(
                "format", "openai",
                "endpoint", "https://{region}.models.example.org/v1",
                "settings", List.of(Map.of("name", "region", "kind", "label", "longest", 20)),
                "price_list", "cloud_ai",
                "traits", List.of("deployments")))
        .isStatus(201);
    Person sam = CONSOLE.person("sam");

    assertThat(sound(sam.open(PROVIDERS).isStatus(200)).body())
        .contains(
            "href=\"/console/providers/a-cloud\"",
            "https://{region}.models.example.org/v1",
            "an administrator",
            "href=\"/console/providers/openai\"",
            "the program");
    assertThat(sound(sam.open(PROVIDERS + "/a-cloud").isStatus(200)).body())
        .contains(
            "Setting region",
            "1 to 20 characters of a-z 0-9 and dashes",
            "cloud_ai",
            "deployments",
            "Defined");
    assertThat(sound(sam.open(PROVIDERS + "/openai").isStatus(200)).body())
        .contains("https://api.openai.com/v1", "x-ratelimit-limit-tokens")
        .doesNotContain("Defined");
    for (String page : List.of(PROVIDERS, PROVIDERS + "/a-cloud")) {
      assertThat(sam.open(page).body()).doesNotContain("<textarea");
    }
    sam.open(PROVIDERS + "/nobody").isStatus(404);
    sam.open(PROVIDERS + "/%3Cscript%3E").isStatus(422);
    assertThat(sam.open("/console/models").body()).contains("href=\"" + PROVIDERS + "\"");
  }

  @Test
  void administrators_define_change_and_delete_providers() {
    Person root = CONSOLE.root();
    String house = PROVIDERS + "/house";
    Map<String, String> typed = new HashMap<>();
    typed.put("handle", "house");
    typed.put("format", "openai");
    typed.put("endpoint", "https://{region}.models.example.org/v1");
    assertThat(sound(root.send(PROVIDERS, typed).isStatus(422)).body())
        .contains("id=\"endpoint-more\"><span class=\"field-error\">");
    for (String setting : List.of("region", "region label", "region label x", "a b c d", HOSTILE)) {
      typed.put("settings", setting);
      assertThat(sound(root.send(PROVIDERS, typed).isStatus(422)).body())
          .contains("id=\"settings-more\"><span class=\"field-error\">");
    }
    typed.put("settings", "region  label 20\r\n\r\n");
    typed.put(
        "limits",
        "requests_per_minute minute duration x-ratelimit-limit-a x-ratelimit-remaining-a"
            + " set-cookie");
    assertThat(sound(root.send(PROVIDERS, typed).isStatus(422)).body())
        .contains("id=\"limits-more\"><span class=\"field-error\">");
    typed.put("limits", "");
    typed.put("traits", "streams_asked, nothing");
    assertThat(sound(root.send(PROVIDERS, typed).isStatus(422)).body())
        .contains("id=\"traits-more\"><span class=\"field-error\">");
    typed.put("traits", "streams_asked, deployments");
    typed.put("price_list", "house_ai");

    root.send(PROVIDERS, typed).isStatus(303);

    assertThat(root.api().get("/v1/providers/house").text("/settings/0/kind")).isEqualTo("label");
    assertThat(root.send(PROVIDERS, typed).isStatus(412).body())
        .contains("There is a provider of this name.");
    TestResponse page = sound(root.open(house));
    assertThat(page.body()).contains("region label 20", "deployments, streams_asked", "house_ai");
    typed.put("endpoint", "https://house.example.org/v1");
    typed.put("settings", "");
    root.send(house, typed).isStatus(303);
    assertThat(root.api().get("/v1/providers/house").text("/endpoint"))
        .isEqualTo("https://house.example.org/v1");
    typed.put("version", "1");
    assertThat(sound(root.send(house, typed).isStatus(412)).body()).contains("house.example.org");

    root.send(house, house + "/delete", Map.of()).isStatus(303);
    root.open(house).isStatus(404);
  }
}
