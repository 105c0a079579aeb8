package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Random requests on the URLs that name no service: each gets one answer, and none is a fault. */
@Isolated("It counts the open buffers of the whole JVM.")
class FuzzedModelUrlsTest {
  private static final int CALLS = 1_500;

  private static final List<String> PIECES =
      List.of(
          "/gateway/openai/v1",
          "/gateway/gemini",
          "/gateway/anthropic",
          "/gateway/cohere",
          "/openai/deployments/m",
          "/v1",
          "/v1/messages",
          "/v1beta",
          "/v1",
          "/v1beta",
          "/v2",
          "/models",
          "/models/m",
          "/models/a/b/c:generateContent",
          "/tunedModels/m:countTokens",
          ":",
          "/embeddings",
          "/chat/completions",
          "/chat",
          "/messages",
          "?limit=1",
          "?pageSize=x",
          "&key=1",
          "/%2F",
          "/..",
          "/",
          "%41",
          "?");

  private static final List<String> TEXTS =
      List.of(
          "{",
          "}",
          "\"model\"",
          ":",
          "\"m\"",
          ",",
          "\"requests\"",
          "[",
          "]",
          "null",
          "\\u0000",
          "1e9",
          "\"stream\":true",
          "--bound\r\n",
          "--bound--",
          "Content-Disposition: form-data; name=\"model\"\r\n\r\n",
          "m",
          "\r\n",
          "\u0000",
          "\u00ff",
          "{\"model\":\"m\",\"input\":\"a\"}",
          "{\"model\":\"m\"");

  private static final List<String> TYPES =
      List.of(
          "application/json",
          "multipart/form-data; boundary=bound",
          "multipart/form-data",
          "text/plain",
          "\u00ff");

  private static String some(SplittableRandom random, List<String> pieces, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most); i >= 0; i--) {
      text.append(pieces.get(random.nextInt(pieces.size())));
    }
    return text.toString();
  }

  private static String request(SplittableRandom random) {
    String body = some(random, TEXTS, 12);
    String path = PIECES.get(random.nextInt(8)) + some(random, PIECES, 4);
    String method = random.nextInt(5) == 0 ? "GET" : random.nextInt(9) == 0 ? "HEAD" : "POST";
    return method
        + " "
        + path
        + " HTTP/1.1\r\nConnection: close\r\nAuthorization: Bearer "
        + Rig.TOKEN
        + "\r\nContent-Type: "
        + TYPES.get(random.nextInt(TYPES.size()))
        + "\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  @Test
  void no_request_is_a_fault_of_the_gateway() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    long before = OpenBuffers.count();
    try (Rig rig = new Rig()) {
      rig.authorizer.grantAtOnce(Rig.TOKEN, rig.at(WireFormat.OPENAI));
      rig.routing.lead("m", "alice/my-openai", "parrot-small");
      rig.routing.leadToAll(
          "a/b/c",
          TestRouting.target("alice/a", "stub-status-503"),
          TestRouting.target("alice/b", "parrot-large"));
      rig.routing.list("m", "n");
      for (int call = 0; call < CALLS; call++) {
        String request = request(random);
        try (RawCaller caller = new RawCaller(rig)) {
          String answer = caller.send(request).untilClosed();
          String shown = "seed " + seed + ": " + request;

          assertThat(answer).as(shown).matches("(?s)HTTP/1.1 [24]\\d\\d .*");
          assertThat(answer).as(shown).doesNotContain(TestService.KEY, "internal_error");
        }
      }
    }
    OpenBuffers.awaitAtMost(before);
  }
}
