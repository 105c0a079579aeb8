package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.LogCapture;
import io.claviger.web.served.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A key goes in and never comes out. */
@Isolated("It reads the log of the whole JVM.")
class SecrecyTest {
  private static final String MINE = "/v1/llm-services/alice/x";
  private static final String KEY = "sk-CANARY-0123456789";

  @Test
  void a_key_stands_in_no_answer_and_no_line_of_the_log() {
    try (LogCapture logged = LogCapture.begin();
        Served served = Served.start()) {
      Client alice = served.user("alice");
      List<TestResponse> replies = new ArrayList<>();
      replies.add(
          alice.put(
              MINE,
              Map.of(
                  "definition",
                  "_system/openai-large",
                  "api_key",
                  KEY,
                  "custom_headers",
                  Map.of("X-Key", KEY))));
      replies.add(alice.get(MINE));
      replies.add(alice.patch(MINE, Map.of("endpoint", "https://x.example")));
      replies.add(alice.put(MINE, Map.of("api_key", KEY + " with a blank")));
      replies.add(alice.put(MINE, Map.of("display_name", KEY, "custom_headers", KEY)));
      replies.add(alice.put(MINE, Map.of("model", KEY.repeat(100), "endpoint", KEY)));
      replies.add(alice.put(MINE, "{\"api_key\": \"" + KEY + "\", broken"));
      replies.add(alice.put(MINE, "{\"api_key\": \"" + KEY));
      replies.add(alice.put(MINE, "{\"api_key\": " + KEY + "}"));
      replies.add(alice.get("/v1/llm-services/alice?q=" + KEY));
      replies.add(alice.get("/v1/llm-services/alice?enabled=" + KEY));
      replies.add(alice.with("If-Match", KEY).put(MINE, Map.of()));
      replies.add(alice.offContract().get("/v1/" + KEY.replace("sk", "?sk")));
      replies.add(served.holding(KEY).get("/v1/me"));
      Map<String, String> own = Map.of("api_key", KEY, "endpoint", "https://api.openai.com/v1");
      replies.add(alice.put(MINE + "/user-key", own));
      alice.patch(MINE, Map.of("key_policy", Map.of("user_keys", true))).isStatus(200);
      replies.add(alice.put(MINE + "/user-key", own).isStatus(201));
      replies.add(alice.get(MINE + "/user-key"));
      replies.add(alice.put(MINE + "/user-key", Map.of("api_key", KEY, "endpoint", KEY)));
      replies.add(alice.put(MINE + "/user-key", Map.of("api_key", KEY + "\u00e4")));
      replies.add(alice.put(MINE + "/user-key", "{\"api_key\":[\"" + KEY + "\"]}"));
      replies.add(
          alice.put(
              MINE + "/user-key", "{\"api_key\":\"" + KEY + "\",\"api_key\":\"" + KEY + "\"}"));
      replies.add(alice.get(MINE + "/key-resolution"));
      replies.add(alice.post(MINE + "/check"));
      assertThat(replies).noneMatch(r -> (r.body() + r.headers()).contains("CANARY"));
      logged.await("GET /v1/me 401");
      assertThat(logged.everything()).doesNotContain("CANARY").contains("PUT " + MINE);
    }
  }

  @Test
  void the_log_says_who_did_what_and_never_the_query() {
    try (LogCapture logged = LogCapture.begin();
        Served served = Served.start()) {
      Client alice = served.user("alice");
      alice.with("X-Request-Id", "the-id").get("/v1/llm-services/alice?q=needle");
      logged.await("request=the-id");
      assertThat(logged.everything())
          .containsPattern(
              "INFO .*GET /v1/llm-services/alice 200 \\d+ ms request=the-id user=alice")
          .doesNotContain("needle");
    }
  }

  @Test
  void a_path_can_not_forge_a_line_of_the_log() {
    try (LogCapture logged = LogCapture.begin();
        Served served = Served.start()) {
      served.root().offContract().get("/v1/%0aINFO%20forged");
      logged.await("GET /v1/%0aINFO%20forged 400");
      assertThat(logged.everything()).doesNotContain("\nINFO forged");
    }
  }
}
