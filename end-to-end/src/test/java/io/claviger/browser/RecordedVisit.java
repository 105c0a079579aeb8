package io.claviger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.journeys.Journey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The requests and answers of a visit. */
record RecordedVisit(List<Answer> answers) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Matches values that Claviger creates and shows once: access tokens, and secrets of webhooks.
   */
  private static final Pattern SHOWN_ONCE =
      Pattern.compile("clv_[0-9A-Za-z]{49}|whsec_[0-9A-Za-z+/=]{16,}");

  /**
   * An answer, and what was asked.
   *
   * @param sent the headers of the request
   */
  record Answer(String method, String address, String sent, String headers, String body) {
    @Override
    public String toString() {
      return method + " " + address;
    }
  }

  /** Reads a HAR file. */
  static RecordedVisit in(Path file) {
    List<Answer> answers = new ArrayList<>();
    for (JsonNode entry : JSON.readTree(file).at("/log/entries")) {
      JsonNode request = entry.get("request");
      JsonNode answer = entry.get("response");
      answers.add(
          new Answer(
              request.get("method").stringValue(),
              request.get("url").stringValue(),
              request.get("headers").toString(),
              answer.get("headers").toString(),
              body(answer.path("content"))));
    }
    assertThat(answers).isNotEmpty();
    return new RecordedVisit(answers);
  }

  /**
   * Asserts that no URL and no answer contained a key, and that each token was only in the answer
   * of the request that created it.
   */
  void assertNothingLeaked(Journey journey) {
    for (Answer answer : answers) {
      journey.assertNoKeyIn("the address of " + answer, answer.address() + answer.sent());
      journey.assertNoKeyIn("the answer to " + answer, answer.headers() + answer.body());
      assertThat(secretsIn(answer.address() + answer.sent() + answer.headers()))
          .as("beside the answer to %s", answer)
          .isEmpty();
    }
    Set<String> shown = new TreeSet<>();
    for (Answer answer : answers) {
      for (String secret : secretsIn(answer.body())) {
        assertThat(answer.method()).as(answer.address()).isEqualTo("POST");
        assertThat(answer.headers()).as(answer.address()).contains("no-store");
        assertThat(shown.add(secret)).as("%s shows a secret again", answer).isTrue();
      }
    }
  }

  private static Set<String> secretsIn(String text) {
    Set<String> found = new TreeSet<>();
    SHOWN_ONCE.matcher(text).results().map(MatchResult::group).forEach(found::add);
    return found;
  }

  private static String body(JsonNode content) {
    String text = content.path("text").asString("");
    return "base64".equals(content.path("encoding").asString(""))
        ? new String(Base64.getDecoder().decode(text), StandardCharsets.ISO_8859_1)
        : text;
  }
}
