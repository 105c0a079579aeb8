package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a refused caller is told to do next. */
class CallRefusalMessageTest {

  @ParameterizedTest
  @EnumSource(names = {"OPERATION_BEYOND_LIMITS", "MODEL_NOT_ALLOWED"})
  void limits_are_told_with_where_to_see_them_and_whom_to_ask(CallRefusal refusal) {
    assertThat(refusal.message()).contains("my_limits", "shares it with you", "your token");
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
