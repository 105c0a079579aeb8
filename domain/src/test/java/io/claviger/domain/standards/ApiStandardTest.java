package io.claviger.domain.standards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.claviger.domain.Description;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiStandardTest {
  private static final List<Operation> LENT =
      List.of(new Operation("POST embeddings"), new Operation("GET models/{id}"));
  private static final List<RequestHeader> HEADERS = List.of(new RequestHeader("accept"));
  private static final List<ResponseHeader> BACK = List.of(new ResponseHeader("content-type"));
  private static final List<String> PARAMETERS = List.of("api-version");
  private static final ApiStandard STANDARD =
      speaking(WireFormat.OPENAI, KeyPlacement.BEARER, LENT, HEADERS, PARAMETERS);

  private static ApiStandard speaking(
      WireFormat format,
      KeyPlacement placement,
      List<Operation> operations,
      List<RequestHeader> headers,
      List<String> parameters) {
    return speaking(format, placement, operations, headers, BACK, parameters);
  }

  private static ApiStandard speaking(
      WireFormat format,
      KeyPlacement placement,
      List<Operation> operations,
      List<RequestHeader> headers,
      List<ResponseHeader> back,
      List<String> parameters) {
    return new ApiStandard(
        new Handle("mine"),
        Description.NONE,
        format,
        placement,
        operations,
        headers,
        back,
        parameters,
        1,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  private static ApiStandard lending(int operations) {
    return speaking(
        WireFormat.OPENAI,
        KeyPlacement.BEARER,
        IntStream.range(0, operations).mapToObj(i -> new Operation("GET o" + i)).toList(),
        HEADERS,
        PARAMETERS);
  }

  private static ApiStandard passingHeaders(int headers) {
    return speaking(
        WireFormat.OPENAI,
        KeyPlacement.BEARER,
        LENT,
        IntStream.range(0, headers).mapToObj(i -> new RequestHeader("h" + i)).toList(),
        PARAMETERS);
  }

  private static ApiStandard passing(KeyPlacement placement, List<String> parameters) {
    return speaking(WireFormat.OPENAI, placement, LENT, HEADERS, parameters);
  }

  /** The sent path must be the path that is looked up in the ledger. */
  @ParameterizedTest
  @CsvSource({
    "GET, v1/files, files",
    "GET, v1/files/x, files/x",
    "GET, files/x, files/x",
    "POST, v1/chat/completions, v1/chat/completions",
    "POST, v1/responses, v1/responses",
    "POST, responses, ''",
    "GET, v1/others, v1/others",
    "GET, others, ''"
  })
  void an_operation_on_stored_objects_is_sent_as_such_whatever_a_standard_lists(
      String method, String path, String sent) {
    ApiStandard standard =
        speaking(
            WireFormat.OPENAI,
            KeyPlacement.BEARER,
            Stream.of(
                    "GET v1/files",
                    "GET v1/files/{id}",
                    "POST v1/chat/completions",
                    "POST v1/responses",
                    "GET v1/others")
                .map(Operation::new)
                .toList(),
            HEADERS,
            PARAMETERS);

    assertThat(standard.callable().sentPathOf(method, path).orElse("")).isEqualTo(sent);
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, embeddings, embeddings",
    "OPENAI, v1/embeddings, embeddings",
    "OPENAI, v1/v1/embeddings, ''",
    "OPENAI, v1/files, ''",
    "OPENAI, v1/, ''",
    "ANTHROPIC, v1/messages, v1/messages",
    "ANTHROPIC, v1/v1/messages, v1/messages",
    "ANTHROPIC, messages, ''",
    "GEMINI, v1/models/m:countTokens, v1/models/m:countTokens",
    "VERTEX, publishers/p/models/m:predict, publishers/p/models/m:predict",
    "VERTEX, v1beta1/publishers/p/models/m:predict, publishers/p/models/m:predict",
    "VERTEX, v1/projects/a/locations/b/publishers/p/models/m:predict, publishers/p/models/m:predict",
    "VERTEX, projects/a/locations/b/publishers/p/models/m:predict, publishers/p/models/m:predict",
    "VERTEX, projects/a/publishers/p/models/m:predict, ''",
    "VERTEX, projects/a/locations/b/projects/c/locations/d/publishers/p/models/m:predict, ''",
    "VERTEX, projects/a/locations/b/v1/projects/c/locations/d/publishers/p/models/m:predict, ''",
    "VERTEX, v1/v1/v1/v1/v1/publishers/p/models/m:predict, ''",
    "VERTEX, projects/a/locations/b/endpoints/e:predict, ''",
    "VERTEX, projects/a/locations/b/cachedContents, ''"
  })
  void a_leading_version_too_many_is_left_out(WireFormat format, String path, String sent) {
    ApiStandard standard =
        speaking(format, KeyPlacement.BEARER, format.operations(), HEADERS, PARAMETERS);

    assertThat(standard.callable().pathOf("POST", path).orElse("")).isEqualTo(sent);
  }

  @Test
  void one_to_two_hundred_operations_are_lent() {
    assertThatNoException().isThrownBy(() -> lending(1));
    assertThatNoException().isThrownBy(() -> lending(200));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 201})
  void no_operation_and_more_than_two_hundred_are_refused(int operations) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> lending(operations))
        .extracting(InvalidValue::field)
        .isEqualTo("operations");
  }

  @Test
  void none_to_a_hundred_headers_pass() {
    assertThatNoException().isThrownBy(() -> passingHeaders(0));
    assertThatNoException().isThrownBy(() -> passingHeaders(100));
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> passingHeaders(101))
        .extracting(InvalidValue::field)
        .isEqualTo("request_headers");
  }

  @Test
  void none_to_a_hundred_headers_come_back() {
    assertThatNoException().isThrownBy(() -> answering(0));
    assertThatNoException().isThrownBy(() -> answering(100));
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> answering(101))
        .extracting(InvalidValue::field)
        .isEqualTo("response_headers");
  }

  private static ApiStandard answering(int headers) {
    return speaking(
        WireFormat.OPENAI,
        KeyPlacement.BEARER,
        LENT,
        HEADERS,
        IntStream.range(0, headers).mapToObj(i -> new ResponseHeader("h" + i)).toList(),
        PARAMETERS);
  }

  @Test
  void none_to_a_hundred_query_parameters_pass() {
    List<String> many = IntStream.range(0, 101).mapToObj(i -> "p" + i).toList();
    assertThatNoException().isThrownBy(() -> passing(KeyPlacement.BEARER, List.of()));
    assertThatNoException().isThrownBy(() -> passing(KeyPlacement.BEARER, many.subList(0, 100)));
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> passing(KeyPlacement.BEARER, many))
        .extracting(InvalidValue::field)
        .isEqualTo("query_parameters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a=b", "a&b", "a%62", "a\n", "a\0", "é", "\ud83d", "a[b]"})
  void a_query_parameter_is_letters_digits_and_marks(String parameter) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> passing(KeyPlacement.BEARER, List.of("ok", parameter)));
  }

  @Test
  void the_query_parameter_that_carries_the_key_does_not_pass() {
    KeyPlacement key = new KeyPlacement(KeyMethod.QUERY_PARAM, "token");
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> passing(key, List.of("alt", "token")));
  }

  @Test
  void the_query_parameter_in_which_callers_present_their_token_does_not_pass() {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> passing(KeyPlacement.BEARER, List.of("alt", "key")));
  }

  @Test
  void a_query_parameter_named_like_the_form_field_of_the_key_passes() {
    KeyPlacement key = new KeyPlacement(KeyMethod.BODY_FORM, "token");
    assertThatNoException().isThrownBy(() -> passing(key, List.of("token")));
  }

  @Test
  void a_request_is_the_operation_that_it_matches() {
    assertThat(STANDARD.callable().operation("GET", "models/gpt-4o"))
        .hasValue(new Operation("GET models/{id}"));
  }

  @Test
  void a_request_that_matches_none_is_no_operation() {
    assertThat(STANDARD.callable().operation("POST", "files")).isEmpty();
    assertThat(STANDARD.callable().operation("GET", "embeddings")).isEmpty();
  }

  @Test
  void what_is_done_to_the_lists_afterwards_does_not_change_the_standard() {
    List<Operation> operations = new ArrayList<>(LENT);
    List<RequestHeader> headers = new ArrayList<>(HEADERS);
    List<String> parameters = new ArrayList<>(PARAMETERS);
    ApiStandard standard =
        speaking(WireFormat.OPENAI, KeyPlacement.BEARER, operations, headers, parameters);
    operations.clear();
    headers.clear();
    parameters.clear();
    assertThat(standard.speaksLike(STANDARD)).isTrue();
  }

  @Test
  void a_standard_speaks_like_one_that_differs_in_description_and_stamps() {
    ApiStandard other =
        new ApiStandard(
            STANDARD.handle(),
            new Description("new"),
            STANDARD.format(),
            STANDARD.placement(),
            LENT,
            HEADERS,
            BACK,
            PARAMETERS,
            7,
            Instant.EPOCH,
            Instant.MAX);
    assertThat(STANDARD.speaksLike(other)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "accept, accept, false",
    "accept, x-a, true",
    "x-*, x-a, false",
    "x-*, x-a-*, false",
    "x-a-*, x-*, true",
    "x-a, x-a*, true",
    "anthropic-*, anthropic-beta, false",
    "anthropic-*, anthropic-workspace-id, true"
  })
  void a_standard_forwards_more_if_another_does_not_forward_each_of_its_headers(
      String before, String after, boolean more) {
    assertThat(forwarding(after, "a").forwardsMoreThan(forwarding(before, "a"))).isEqualTo(more);
  }

  @Test
  void a_standard_forwards_more_with_another_query_parameter_and_not_with_fewer() {
    assertThat(forwarding("accept", "b").forwardsMoreThan(forwarding("accept", "a"))).isTrue();
    assertThat(
            speaking(WireFormat.COHERE, KeyPlacement.NONE, LENT, List.of(), List.of())
                .forwardsMoreThan(STANDARD))
        .isFalse();
  }

  private static ApiStandard forwarding(String header, String parameter) {
    return speaking(
        WireFormat.OPENAI,
        KeyPlacement.BEARER,
        LENT,
        List.of(new RequestHeader(header)),
        List.of(parameter));
  }

  static Stream<Arguments> others() {
    WireFormat format = WireFormat.OPENAI;
    KeyPlacement key = KeyPlacement.BEARER;
    return Stream.of(
        arguments(Named.of("format", speaking(WireFormat.COHERE, key, LENT, HEADERS, PARAMETERS))),
        arguments(
            Named.of("placement", speaking(format, KeyPlacement.NONE, LENT, HEADERS, PARAMETERS))),
        arguments(
            Named.of("operations", speaking(format, key, LENT.subList(0, 1), HEADERS, PARAMETERS))),
        arguments(Named.of("request headers", speaking(format, key, LENT, List.of(), PARAMETERS))),
        arguments(
            Named.of(
                "response headers", speaking(format, key, LENT, HEADERS, List.of(), PARAMETERS))),
        arguments(Named.of("query parameters", speaking(format, key, LENT, HEADERS, List.of()))));
  }

  @ParameterizedTest
  @MethodSource("others")
  void a_standard_speaks_otherwise_than_one_that_differs_in_anything_else(ApiStandard other) {
    assertThat(STANDARD.speaksLike(other)).isFalse();
  }
}
