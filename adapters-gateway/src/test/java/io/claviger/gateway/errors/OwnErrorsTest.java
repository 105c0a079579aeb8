package io.claviger.gateway.errors;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.capacity.CapacityTurns.TurnRefusal;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectReference;
import io.claviger.domain.objects.ObjectRefusal;
import io.claviger.domain.standards.WireFormat;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How SDKs treat the gateway's own errors: whether they retry, and which exception they raise. */
class OwnErrorsTest {
  private static final Set<Integer> TRIED_AGAIN = Set.of(408, 409, 429);

  @ParameterizedTest
  @EnumSource
  void a_refusal_has_a_status_that_sdks_understand(CallRefusal why) {
    int expected =
        switch (why) {
          case BAD_TOKEN, USER_SUSPENDED, SIGN_IN_REQUIRED, TOKEN_BOUND -> 401;
          case BUDGET_EXHAUSTED -> 402;
          case NOT_FOUND -> 404;
          case RATE_LIMITED, TOO_MANY_BAD_TOKENS -> 429;
          case SERVICE_UNAVAILABLE -> 503;
          default -> 403;
        };
    assertThat(CallError.of(why).status()).isEqualTo(expected);
  }

  /** All that a call can end with; how long a limit has yet to run is told with it. */
  static Stream<CallError> all() {
    return Stream.concat(
        Stream.concat(
            Stream.of(CapacityErrors.LEAVING, CapacityErrors.NO_ROOM),
            Stream.of(TurnRefusal.Reason.values()).map(OwnErrorsTest::refusedATurn)),
        Stream.concat(
            Stream.of(CallRefusal.values())
                .map(
                    why ->
                        CallError.of(
                            new AuthorizationOutcome.Refused(
                                why,
                                Optional.empty(),
                                CallError.of(why).status() == 429
                                    ? Optional.of(Duration.ofSeconds(9))
                                    : Optional.empty()))),
            Stream.of(
                CallError.BAD_TOKEN,
                CallError.NO_TOKEN,
                CallError.NOT_FOUND,
                CallError.NO_SUCH_PATH,
                CallError.TWO_TOKENS,
                CallError.queryParameterNotAllowed("api-version", false),
                CallError.heldBodyTooLarge(33_554_432),
                CallError.BODY_TOO_LARGE,
                CallError.BODY_NOT_A_FORM,
                CallError.BODY_ENCODED,
                ReferenceErrors.ENCODED,
                ReferenceErrors.NOT_READABLE,
                ReferenceErrors.TOO_MANY,
                ReferenceErrors.NOT_FOUND,
                ReferenceErrors.ITEM_NOT_FOUND,
                ReferenceErrors.tooLarge(33_554_432),
                refused(ObjectRefusal.Reason.UNCLEAR),
                refused(ObjectRefusal.Reason.PREVIOUS_RESPONSE),
                refused(ObjectRefusal.Reason.NOT_LENT),
                CallError.NO_WEB_SOCKETS,
                CallError.URI_TOO_LONG,
                CallError.HEADERS_TOO_LARGE,
                CallError.EXPECTATION_FAILED,
                CallError.REQUEST_INCOMPLETE,
                CallError.DESTINATION_NOT_ALLOWED,
                CallError.PROVIDER_REJECTED_KEY,
                CallError.PROVIDER_REDIRECTED,
                CallError.PROVIDER_UNREACHABLE,
                CallError.PROVIDER_BROKE_OFF,
                CallError.SERVICE_UNAVAILABLE,
                CallError.INTERNAL)));
  }

  private static CallError refusedATurn(TurnRefusal.Reason reason) {
    return CapacityErrors.of(
        new TurnRefusal(
            reason, Optional.of(PaceLimit.TOKENS_PER_MINUTE), Duration.ofMillis(11_001)));
  }

  @Test
  void a_capacity_that_is_exhausted_is_named_with_the_wait() {
    CallError error = refusedATurn(TurnRefusal.Reason.EXHAUSTED);

    assertThat(error.message()).contains("no more tokens", "in 12 s");
    assertThat(error.retryAfter()).isEqualTo(12);
    assertThat(refusedATurn(TurnRefusal.Reason.TOO_LARGE).message())
        .contains("the tokens in a minute that the provider allows");
  }

  /** Operators are woken only where the database does not answer. */
  @Test
  void a_crowded_node_is_not_taken_for_a_database_that_does_not_answer() {
    assertThat(refusedATurn(TurnRefusal.Reason.UNAVAILABLE))
        .isEqualTo(CallError.SERVICE_UNAVAILABLE);
    assertThat(refusedATurn(TurnRefusal.Reason.CROWDED)).isEqualTo(CallError.BUSY);
  }

  private static CallError refused(ObjectRefusal.Reason reason) {
    ObjectReference reference = new ObjectReference(ObjectKind.RESPONSES, "resp_1", "");
    return ReferenceErrors.of(new ObjectRefusal(reason, reference), "alice/my-openai");
  }

  @Test
  void a_rate_that_is_used_up_is_named_with_the_wait() {
    CallError error =
        CallError.of(
            new AuthorizationOutcome.Refused(
                CallRefusal.RATE_LIMITED,
                Optional.empty(),
                Optional.of(Duration.ofMillis(11_001)),
                OptionalInt.of(5),
                Optional.empty(),
                Optional.empty()));

    assertThat(error.message()).contains("5 requests per minute", "in 12 s");
    assertThat(error.retryAfter()).isEqualTo(12);
  }

  /** Other errors, such as {@code PROVIDER_TIMEOUT}, are 5xx and yet say not to try again. */
  @ParameterizedTest
  @MethodSource("all")
  void what_will_not_get_better_has_a_status_that_no_sdk_tries_again(CallError error) {
    boolean triedAgain = error.status() >= 500 || TRIED_AGAIN.contains(error.status());

    assertThat(error.retry() == CallError.Retry.NEVER).isNotEqualTo(triedAgain);
  }

  @Test
  void the_guide_explains_every_code() throws IOException {
    String guide = Files.readString(Path.of("../docs/gateway.md"));

    assertThat(Stream.concat(all(), constants()))
        .hasSizeGreaterThan(100)
        .allSatisfy(
            error ->
                assertThat(guide)
                    .contains("| %d | `%s` |".formatted(error.status(), error.code())));
  }

  private static Stream<CallError> constants() {
    return Stream.of(CallError.class, CapacityErrors.class, ReferenceErrors.class)
        .flatMap(declaring -> Stream.of(declaring.getDeclaredFields()))
        .filter(field -> field.getType().equals(CallError.class))
        .map(OwnErrorsTest::valueOf);
  }

  private static CallError valueOf(Field constant) {
    try {
      constant.setAccessible(true);
      return (CallError) constant.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_request_error, invalid_request_error, INVALID_ARGUMENT",
    "401, authentication_error, authentication_error, UNAUTHENTICATED",
    "403, permission_error, permission_error, PERMISSION_DENIED",
    "404, not_found_error, not_found_error, NOT_FOUND",
    "413, invalid_request_error, request_too_large, INVALID_ARGUMENT",
    "414, invalid_request_error, invalid_request_error, INVALID_ARGUMENT",
    "415, invalid_request_error, invalid_request_error, INVALID_ARGUMENT",
    "417, invalid_request_error, invalid_request_error, INVALID_ARGUMENT",
    "429, rate_limit_error, rate_limit_error, RESOURCE_EXHAUSTED",
    "431, invalid_request_error, invalid_request_error, INVALID_ARGUMENT",
    "500, api_error, api_error, INTERNAL",
    "502, api_error, api_error, UNAVAILABLE",
    "503, api_error, overloaded_error, UNAVAILABLE",
    "504, api_error, timeout_error, DEADLINE_EXCEEDED"
  })
  void each_format_has_its_own_words_for_a_status(
      int status, String openai, String anthropic, String gemini) {
    CallError error = new CallError(status, "a_code", "A \"message\".", CallError.Retry.UNSAID);

    String openaiMembers =
        "\"message\":\"A \\\"message\\\".\",\"type\":\"%s\",\"param\":null,\"code\":\"a_code\""
            .formatted(openai);
    assertThat(body(WireFormat.OPENAI, error))
        .isEqualTo(
            "{\"error\":{%s},\"object\":\"error\",%s}".formatted(openaiMembers, openaiMembers));
    assertThat(body(WireFormat.ANTHROPIC, error))
        .isEqualTo(
            "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"A \\\"message\\\".\"}}"
                .formatted(anthropic));
    assertThat(body(WireFormat.GEMINI, error))
        .isEqualTo(
            "{\"error\":{\"code\":%d,\"message\":\"A \\\"message\\\".\",\"status\":\"%s\"}}"
                .formatted(status, gemini));
    assertThat(body(WireFormat.OLLAMA, error)).isEqualTo("{\"error\":\"A \\\"message\\\".\"}");
    assertThat(body(WireFormat.COHERE, error)).isEqualTo("{\"message\":\"A \\\"message\\\".\"}");
  }

  private static String body(WireFormat format, CallError error) {
    return format.api().errorBody(error.status(), error.code(), error.message());
  }
}
