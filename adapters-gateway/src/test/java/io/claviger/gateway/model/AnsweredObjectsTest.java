package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.standards.WireFormat;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnsweredObjectsTest {
  private static final ObjectOperation RESPOND =
      WireFormat.OPENAI.api().storage().find("POST", "responses").orElseThrow();

  private static AnsweredObjects answer(String json) {
    AnsweredObjects answered = new AnsweredObjects(new AnsweredObjects.Places(RESPOND));
    byte[] bytes = json.getBytes(UTF_8);
    answered.read(bytes, 0, bytes.length);
    answered.end();
    return answered;
  }

  @Tag("thorough")
  @Test
  void an_answer_states_five_hundred_objects_at_most() {
    AnsweredObjects most = answer(response(499));

    assertThat(most.isUsable()).isTrue();
    assertThat(most.self()).contains("resp_1");
    assertThat(most.further()).hasSize(499);
    assertThat(answer(response(500)).isUsable()).isFalse();
    assertThat(answer(response(1_000_000)).further()).hasSizeLessThan(500);
  }

  /** LiteLLM's ids contain other ids, in Base64. */
  @ParameterizedTest
  @CsvSource({"507, true", "508, false"})
  void an_id_may_be_long(int length, boolean isUsable) {
    String id = "resp_" + "a1-_".repeat(length).substring(0, length - 2) + "==";
    AnsweredObjects answered = answer("{\"id\":\"" + id + "\"}");

    assertThat(answered.isUsable()).isEqualTo(isUsable);
    assertThat(answered.self()).isEqualTo(Optional.of(id).filter(usable -> isUsable));
  }

  private static String response(int items) {
    return IntStream.range(0, items)
        .mapToObj(i -> "{\"id\":\"msg_" + i + "\"}")
        .collect(Collectors.joining(",", "{\"id\":\"resp_1\",\"output\":[", "]}"));
  }
}
