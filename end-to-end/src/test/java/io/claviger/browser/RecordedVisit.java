package io.claviger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What went over the network during a visit.
 *
 * @param answers by the request that they answer, with a number before it: the request's address,
 *     headers and body of the answer
 */
record RecordedVisit(Map<String, String> answers) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Reads a HAR file. */
  static RecordedVisit in(Path file) {
    Map<String, String> answers = new LinkedHashMap<>();
    for (JsonNode entry : JSON.readTree(file).at("/log/entries")) {
      JsonNode answer = entry.get("response");
      JsonNode content = answer.path("content");
      String address = entry.at("/request/url").stringValue();
      answers.put(
          answers.size() + " " + address,
          address + "\n" + answer.get("headers") + "\n" + body(content));
    }
    assertThat(answers).isNotEmpty();
    return new RecordedVisit(answers);
  }

  private static String body(JsonNode content) {
    String text = content.path("text").asString("");
    return "base64".equals(content.path("encoding").asString(""))
        ? new String(Base64.getDecoder().decode(text), StandardCharsets.ISO_8859_1)
        : text;
  }
}
