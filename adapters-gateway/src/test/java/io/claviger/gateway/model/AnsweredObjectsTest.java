package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.standards.WireFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnsweredObjectsTest {
  private static final ObjectOperation RESPOND =
      WireFormat.OPENAI.api().storage().find("POST", "responses").orElseThrow();

  private static final ObjectOperation CHAT =
      WireFormat.OPENAI.api().storage().find("POST", "chat/completions").orElseThrow();

  private static AnsweredObjects answer(String json) {
    return answer(RESPOND, json);
  }

  private static AnsweredObjects answer(ObjectOperation operation, String json) {
    AnsweredObjects answered = new AnsweredObjects(new AnsweredObjects.Places(operation));
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
  @CsvSource({"1019, true", "1020, false"})
  void an_id_may_be_long(int length, boolean isUsable) {
    String id = "resp_" + "a1-_".repeat(length).substring(0, length - 2) + "==";
    AnsweredObjects answered = answer("{\"id\":\"" + id + "\"}");

    assertThat(answered.isUsable()).isEqualTo(isUsable);
    assertThat(answered.self()).isEqualTo(Optional.of(id).filter(usable -> isUsable));
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "'a/b'", "{}"})
  void the_id_of_a_chat_that_is_not_stored_is_not_needed(String id) {
    ObjectOperation unstored = CHAT.leaving(Set.of(ObjectKind.RESPONSES)).orElseThrow();
    String spoken =
        "{'id':%s,'choices':[{'message':{'audio':{'id':'audio_1'}}}]}"
            .formatted(id)
            .replace('\'', '"');

    assertThat(answer(unstored, spoken).isUsable()).isTrue();
    assertThat(answer(unstored, spoken).further()).hasSize(1);
    assertThat(answer(CHAT, spoken).isUsable()).isFalse();
  }

  private static String response(int items) {
    return IntStream.range(0, items)
        .mapToObj(i -> "{\"id\":\"msg_" + i + "\"}")
        .collect(Collectors.joining(",", "{\"id\":\"resp_1\",\"output\":[", "]}"));
  }
}
