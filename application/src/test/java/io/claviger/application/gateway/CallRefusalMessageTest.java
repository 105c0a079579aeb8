package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a refused caller is told to do next. */
class CallRefusalMessageTest {

  @ParameterizedTest
  @EnumSource(names = {"OPERATION_BEYOND_LIMITS", "MODEL_NOT_ALLOWED"})
  void limits_are_told_with_what_they_allow_and_whom_to_ask(CallRefusal refusal) {
    List<String> allowed = IntStream.range(0, 10).mapToObj(n -> "m" + n).toList();
    assertThat(refusal.naming(List.of("b", "a")))
        .contains("shared the service with you", "your token")
        .endsWith(" The limits allow a, b.");
    assertThat(refusal.naming(allowed))
        .endsWith(" The limits allow m0, m1, m2, m3, m4, m5, m6, m7 and 2 more.");
    assertThat(refusal.naming(List.of())).isEqualTo(refusal.message());
  }

  @Test
  void who_lacks_a_key_of_their_own_is_told_the_request_that_stores_one() {
    assertThat(CallRefusal.USER_API_KEY_REQUIRED.message())
        .contains("PUT /v1/llm-services/{owner}/{handle}/user-key");
  }

  @Test
  void a_member_is_told_what_the_owner_of_the_project_has_to_ask_for() {
    assertThat(CallRefusal.NOT_PASSED_ON.message()).contains("has to ask", "may_reshare");
  }
}
