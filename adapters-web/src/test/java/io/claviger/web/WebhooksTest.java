package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks of users over HTTP. */
final class WebhooksTest {
  private static final Map<String, Object> TO_HOOKS = Map.of("url", "https://Hooks.example/a?b=c");
  @AutoClose private static final Served SERVED = Served.start();
  private final String handle = SERVED.newHandle();
  private final Client user = SERVED.user(handle);
  private final String path = "/v1/users/" + handle + "/webhook";

  @Test
  void the_secret_is_shown_once() {
    TestResponse created = user.put(path, TO_HOOKS).isStatus(201);

    assertThat(created.text("/secret")).matches("whsec_[A-Za-z0-9+/]{43}=");
    assertThat(created.text("/url")).isEqualTo("https://hooks.example/a?b=c");
    assertThat(user.get(path).isStatus(200).body()).doesNotContain("secret");
    assertThat(user.put(path, TO_HOOKS).isStatus(200).body()).contains("\"secret\":null");
  }

  @Test
  void another_url_gets_another_secret() {
    String first = user.put(path, TO_HOOKS).isStatus(201).text("/secret");
    TestResponse moved = user.put(path, Map.of("url", "https://hooks.example/")).isStatus(200);

    assertThat(moved.text("/secret")).startsWith("whsec_").isNotEqualTo(first);
    assertThat(moved.at("/version").intValue()).isEqualTo(2);
  }

  @Test
  void the_answer_of_GET_can_be_sent_back_and_changes_nothing() {
    user.put(path, Map.of("url", "https://hooks.example/", "thresholds", List.of(90, 10)))
        .isStatus(201);
    TestResponse shown = user.get(path);

    user.json("PUT", path, shown.body()).isStatus(200);
    assertThat(user.get(path).body()).isEqualTo(shown.body());
    assertThat(shown.body()).contains("\"thresholds\":[10,90]");
  }

  @Test
  void an_address_to_which_nothing_is_delivered_is_refused() {
    user.put(path, Map.of("url", "https://10.0.0.1/hook"))
        .isStatus(422)
        .hasFaults("/url not_allowed");
    user.get(path).isStatus(404);
  }

  @Test
  void events_and_format_are_chosen_and_strange_ones_are_refused() {
    Map<String, Object> chosen =
        Map.of(
            "url",
            "https://hooks.example/",
            "events",
            List.of("key.old", "key.rejected"),
            "format",
            "teams");
    assertThat(user.put(path, chosen).isStatus(201).body())
        .contains("\"events\":[\"key.rejected\",\"key.old\"],\"format\":\"teams\"");
    user.put(path, Map.of("url", "https://hooks.example/", "events", List.of("webhook.test")))
        .isStatus(422);
    user.put(path, Map.of("url", "https://hooks.example/", "format", "html")).isStatus(422);
  }

  @Test
  void a_webhook_is_tried_out_by_one_message_at_a_time() {
    user.post(path + "/test", Map.of()).isStatus(404);
    user.put(path, TO_HOOKS).isStatus(201);
    user.post(path + "/test", Map.of()).isStatus(204);
    user.post(path + "/test", Map.of()).isStatus(204);
    assertThat(user.get(path).at("/deliveries/waiting").intValue()).isEqualTo(1);
  }

  @Test
  void a_write_on_an_old_version_is_refused() {
    user.put(path, TO_HOOKS).isStatus(201);
    user.put(path, Map.of("url", "https://hooks.example/", "version", 1)).isStatus(200);
    user.put(path, Map.of("url", "https://hooks.example/b", "version", 1)).isStatus(412);
  }

  @Test
  void what_was_deleted_is_gone() {
    user.put(path, TO_HOOKS).isStatus(201);
    user.delete(path).isStatus(204);
    user.delete(path).isStatus(404);
    user.get(path).isStatus(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"url\": null}",
        "{\"url\": 1}",
        "{\"url\": \"http://hooks.example/\"}",
        "{\"url\": \"https://a:b@hooks.example/\"}",
        "{\"url\": \"https://hooks.example/\", \"thresholds\": []}",
        "{\"url\": \"https://hooks.example/\", \"thresholds\": [0]}",
        "{\"url\": \"https://hooks.example/\", \"thresholds\": [50, 50]}",
        "{\"url\": \"https://hooks.example/\", \"thresholds\": [1e999999999]}",
        "{\"url\": \"https://hooks.example/\", \"thresholds\": [99999999999999999999]}",
        "{\"url\": \"https://hooks.example/\", \"thresholds\": [50.5]}",
        "{\"url\": \"https://hooks.example/\", \"secret\": \"whsec_mine\"}"
      })
  void what_is_no_webhook_is_refused(String body) {
    user.json("PUT", path, body).isStatus(422);
    user.get(path).isStatus(404);
  }
}
