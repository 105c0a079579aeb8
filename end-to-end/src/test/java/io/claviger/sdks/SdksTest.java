package io.claviger.sdks;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.policy.KeySource;
import io.claviger.gateway.errors.CallError;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * The SDKs only get a base URL and an access token. They raise their own errors, whose messages
 * contain Claviger's explanation.
 */
class SdksTest {
  /** The error's message names the operation, which differs between SDKs. */
  private static final CallError NOT_LENT =
      new CallError(
          403, "operation_not_allowed", "is not lent by this service.", CallError.Retry.NEVER);

  /** The error's message names the operation and the kind of objects. */
  private static final CallError STORAGE_NOT_LENT =
      new CallError(
          403, "storage_not_lent", "which is not lent to you here.", CallError.Retry.NEVER);

  /** The SDKs whose operation in this case would store something that a service can lend. */
  private static final Set<Sdk> STORING =
      Set.of(Sdk.OPENAI_JAVA, Sdk.OPENAI_NODE, Sdk.ANTHROPIC_NODE, Sdk.GEMINI_NODE);

  @AutoClose private static SdkRuns runs;

  @BeforeAll
  static void run() throws IOException {
    runs = SdkRuns.start();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "ANTHROPIC_NODE")
  void it_embeds(Sdk sdk) {
    assertThat(answered(sdk, SdkCase.EMBEDS).saw("dimensions")).isEqualTo("64");
  }

  @ParameterizedTest
  @EnumSource
  void it_chats(Sdk sdk) {
    assertThat(answered(sdk, SdkCase.CHATS).saw("text")).isEqualTo("You said: Hello");
  }

  @ParameterizedTest
  @EnumSource
  void it_streams(Sdk sdk) {
    assertThat(answered(sdk, SdkCase.STREAMS).saw("text")).isEqualTo("You said: Hello");
  }

  @ParameterizedTest
  @EnumSource
  void it_chats_over_tls(Sdk sdk) {
    assertThat(answered(sdk, SdkCase.CHATS_OVER_TLS).saw("text")).isEqualTo("You said: Hello");
  }

  @ParameterizedTest
  @EnumSource
  void it_lists_models(Sdk sdk) {
    assertThat(answered(sdk, SdkCase.LISTS_MODELS).models())
        .hasSize(2)
        .allSatisfy(model -> assertThat(model).contains("parrot-"));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"ANTHROPIC_NODE", "GEMINI_NODE"})
  void tokens_of_embeddings_are_counted_as_it_saw_them(Sdk sdk) {
    assertThat(runs.counted(sdk, SdkCase.EMBEDS)).isEqualTo(seen(sdk, SdkCase.EMBEDS));
  }

  @ParameterizedTest
  @EnumSource
  void tokens_of_a_chat_are_counted_as_it_saw_them(Sdk sdk) {
    assertThat(runs.counted(sdk, SdkCase.CHATS)).isEqualTo(seen(sdk, SdkCase.CHATS));
  }

  @ParameterizedTest
  @EnumSource
  void tokens_of_a_stream_are_counted_as_it_saw_them(Sdk sdk) {
    assertThat(runs.counted(sdk, SdkCase.STREAMS)).isEqualTo(seen(sdk, SdkCase.STREAMS));
  }

  @ParameterizedTest
  @EnumSource
  void a_bad_token_raises_its_exception(Sdk sdk) {
    CaseResult refused = refused(sdk, SdkCase.BAD_TOKEN, CallRefusal.BAD_TOKEN);
    assertThat(refused.raised("service")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void a_service_that_one_has_no_role_on_raises_its_exception(Sdk sdk) {
    CallError notFound = CallError.NOT_FOUND;
    boolean anthropics = sdk == Sdk.ANTHROPIC_NODE;
    CaseResult refused =
        refused(sdk, SdkCase.NO_ROLE, anthropics ? notFound.withStatus(403) : notFound);
    assertThat(refused.raised("service")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void a_disabled_service_raises_its_exception(Sdk sdk) {
    showsService(sdk, refused(sdk, SdkCase.DISABLED, CallRefusal.DISABLED));
  }

  @ParameterizedTest
  @EnumSource
  void a_service_without_a_key_raises_its_exception(Sdk sdk) {
    showsService(sdk, refused(sdk, SdkCase.NO_KEY, CallRefusal.MISSING_API_KEY));
  }

  @ParameterizedTest
  @EnumSource
  void an_operation_that_is_not_lent_raises_its_exception(Sdk sdk) {
    CallError expected = STORING.contains(sdk) ? STORAGE_NOT_LENT : NOT_LENT;
    showsService(sdk, refused(sdk, SdkCase.NOT_LENT, expected));
  }

  @ParameterizedTest
  @EnumSource
  void a_key_that_the_provider_rejects_raises_its_exception(Sdk sdk) {
    CaseResult refused =
        refused(sdk, SdkCase.KEY_REJECTED, CallError.providerRejectedKey(KeySource.CENTRAL));
    showsService(sdk, refused);
    if (sdk.showsHeadersOfErrors()) {
      assertThat(refused.raised("keySource")).isEqualTo("central");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_provider_that_is_not_reached_raises_its_exception(Sdk sdk) {
    showsService(sdk, refused(sdk, SdkCase.PROVIDER_DOWN, CallError.PROVIDER_UNREACHABLE));
  }

  @ParameterizedTest
  @EnumSource
  void the_second_of_one_permitted_call_raises_its_exception(Sdk sdk) {
    CaseResult refused =
        raised(sdk, SdkCase.RATE_LIMITED, 429, "The limit of 1 requests per minute is used up");
    showsService(sdk, refused);
    assertThat(refused.answered()).isEqualTo(1);
    if (sdk.showsHeadersOfErrors()) {
      assertThat(refused.raised("error")).isEqualTo(CallRefusal.RATE_LIMITED.code());
      assertThat(refused.raised("requestId")).isNotEmpty();
      assertThat(Integer.parseInt(refused.raised("retryAfter"))).isBetween(1, 62);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_budget_that_is_used_up_raises_its_exception_and_is_not_tried_again(Sdk sdk) {
    CaseResult refused =
        raised(
            sdk,
            SdkCase.BUDGET_EXHAUSTED,
            402,
            "Your budget on this service, 1 request a day, is used up. It resets on ");
    showsService(sdk, refused);
    assertThat(refused.answered()).isEqualTo(1);
    assertThat(runs.refused(sdk, SdkCase.BUDGET_EXHAUSTED)).isEqualTo(1);
    if (sdk.showsHeadersOfErrors()) {
      assertThat(refused.raised("error")).isEqualTo(CallRefusal.BUDGET_EXHAUSTED.code());
      assertThat(refused.raised("retryAfter")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_provider_that_throttles_raises_its_exception_after_the_wait_it_asked_for(Sdk sdk) {
    CaseResult throttled =
        raised(sdk, SdkCase.PROVIDER_THROTTLES, 429, "The provider refused the call");

    int waits = sdk.tries() - 1;
    long early = 10; // Timers may be a little.
    assertThat(throttled.millis())
        .isGreaterThanOrEqualTo(waits * (SdkCase.RETRY_AFTER_SECONDS * 1000L - early));
    if (sdk.showsHeadersOfErrors()) {
      assertThat(throttled.raised("retryAfter")).isEqualTo("" + SdkCase.RETRY_AFTER_SECONDS);
      assertThat(throttled.raised("error")).as("it is not Claviger's").isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_stream_that_breaks_raises_after_what_came_before(Sdk sdk) {
    CaseResult broken = runs.outcome(sdk, SdkCase.STREAM_BREAKS);

    assertThat(broken.saw("text")).isEqualTo("and");
    assertThat(broken.raised("type")).isEqualTo(sdk.exceptionOfBrokenStream());
    if (sdk.tellsBrokenStreams()) {
      assertThat(broken.raised("own")).isEqualTo("true");
      assertThat(broken.raised("message")).contains(CallError.PROVIDER_BROKE_OFF.message());
    }
    assertThat(runs.counted(sdk, SdkCase.STREAM_BREAKS).errors()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void the_provider_gets_what_is_permitted_with_the_services_key(Sdk sdk) {
    Map<SdkCase, Integer> arrived = new EnumMap<>(SdkCase.class);
    Map<SdkCase, Integer> permitted = new EnumMap<>(SdkCase.class);
    for (SdkCase each : sdk.cases()) {
      arrived.put(each, runs.arrived(sdk, each).size());
      permitted.put(each, permitted(sdk, each));
    }
    assertThat(arrived).isEqualTo(permitted);
  }

  private static int permitted(Sdk sdk, SdkCase each) {
    return switch (each) {
      case EMBEDS,
          CHATS,
          CHATS_OVER_TLS,
          STREAMS,
          LISTS_MODELS,
          KEY_REJECTED,
          RATE_LIMITED,
          BUDGET_EXHAUSTED,
          STREAM_BREAKS ->
          1;
      case PROVIDER_THROTTLES -> sdk.tries();
      case BAD_TOKEN, NO_ROLE, DISABLED, NO_KEY, NOT_LENT, PROVIDER_DOWN -> 0;
    };
  }

  @Test
  void the_provider_never_sees_an_access_token() {
    assertThat(runs.arrivedWithToken()).isEmpty();
  }

  @Test
  void no_key_or_token_is_left_anywhere() {
    runs.assertNothingLeaked();
  }

  private static CaseResult answered(Sdk sdk, SdkCase each) {
    CaseResult outcome = runs.outcome(sdk, each);
    assertThat(outcome.raised()).as("%s", outcome).isFalse();
    assertThat(outcome.saw("service")).isEqualTo(SdkRuns.service(sdk, each));
    assertThat(outcome.saw("keySource")).isEqualTo("central");
    assertThat(outcome.saw("requestId")).isNotEmpty();
    return outcome;
  }

  /** Returns the usage that the SDK showed for one successful call. */
  private static CountedUsage seen(Sdk sdk, SdkCase each) {
    CaseResult outcome = answered(sdk, each);
    return new CountedUsage(
        1,
        0,
        Long.parseLong(outcome.saw("inputTokens")),
        Long.parseLong(outcome.saw("outputTokens")));
  }

  private static CaseResult refused(Sdk sdk, SdkCase each, CallRefusal why) {
    return refused(sdk, each, CallError.of(why));
  }

  private static CaseResult refused(Sdk sdk, SdkCase each, CallError why) {
    CaseResult outcome = raised(sdk, each, why.status(), why.message());
    if (sdk.showsHeadersOfErrors()) {
      assertThat(outcome.raised("error")).isEqualTo(why.code());
      assertThat(outcome.raised("requestId")).isNotEmpty();
    }
    return outcome;
  }

  private static CaseResult raised(Sdk sdk, SdkCase each, int status, String message) {
    CaseResult outcome = runs.outcome(sdk, each);
    assertThat(outcome.raised("type")).as("%s", outcome).isEqualTo(sdk.exception(status));
    assertThat(outcome.raised("own")).isEqualTo("true");
    assertThat(outcome.raised("status")).isEqualTo("" + status);
    assertThat(outcome.raised("message")).contains(message);
    return outcome;
  }

  private static void showsService(Sdk sdk, CaseResult outcome) {
    if (sdk.showsHeadersOfErrors()) {
      assertThat(outcome.raised("service")).isEqualTo(SdkRuns.service(sdk, outcome.of()));
    }
  }
}
