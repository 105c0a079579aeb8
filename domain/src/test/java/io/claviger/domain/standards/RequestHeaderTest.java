package io.claviger.domain.standards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeaderTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "accept",
        "content-type",
        "content-length",
        "x-stainless-*",
        "a*",
        "!#$%&'+.^_`|~"
      })
  void a_header_is_an_http_token_in_lower_case_perhaps_with_an_asterisk(String text) {
    assertThat(new RequestHeader(text).value()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "**",
        "a**",
        "a*b",
        "*a",
        "Accept",
        "x-\u212aey",
        "a b",
        " a",
        "a ",
        "a:",
        "a\n",
        "a\0",
        "a\r\nx",
        "é",
        "\ud83d",
        "a,b",
        "a;b",
        "a/b",
        "(a)",
        "\"a\""
      })
  void anything_else_is_refused(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new RequestHeader(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host",
        "connection",
        "transfer-encoding",
        "authorization",
        "authorization*",
        "cookie",
        "accept-encoding",
        "content-encoding",
        "content-*",
        "x-forwarded-for",
        "x-forwarded-*",
        "forwarded",
        "x-claviger-*",
        "x-request-id",
        "proxy-authorization",
        "expect"
      })
  void what_http_or_the_gateway_governs_cannot_be_listed(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new RequestHeader(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-api-key", "api-key", "x-goog-api-key", "x-api-key*"})
  void what_carries_the_access_token_cannot_be_listed(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new RequestHeader(text));
  }

  @Test
  void a_hundred_characters_are_the_most() {
    assertThat(new RequestHeader("a".repeat(100) + "*").value()).hasSize(101);
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> new RequestHeader("a".repeat(101)));
  }

  @ParameterizedTest
  @CsvSource({
    "accept, accept, true",
    "accept, Accept, true",
    "accept, ACCEPT, true",
    "accept, accep, false",
    "accept, accepts, false",
    "accept, x-accept, false",
    "content-type, Content-Type, true",
    "x-stainless-*, x-stainless-lang, true",
    "x-stainless-*, X-Stainless-Retry-Count, true",
    "x-stainless-*, x-stainless-, true",
    "x-stainless-*, x-stainless, false",
    "x-stainless-*, ax-stainless-lang, false",
    "a.b, axb, false"
  })
  void a_name_matches_whatever_its_case(String header, String name, boolean matches) {
    assertThat(new RequestHeader(header).matches(name)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "a*, Authorization",
    "authorizatio*, authorization",
    "a*, accept-encoding",
    "c*, cookie",
    "c*, connection",
    "c*, content-encoding",
    "h*, host",
    "x-*, x-forwarded-for",
    "x-*, X-Claviger-Service",
    "x-*, x-api-key",
    "x-goog-*, X-Goog-Api-Key",
    "api*, api-key",
    "t*, transfer-encoding",
    "anthropic-*, Anthropic-Workspace-Id",
    "anthropic-*, anthropic-organization-id",
    "anthropic-*, anthropic-user-profile-id",
    "openai-*, OpenAI-Organization",
    "openai-*, openai-project",
    "openai-o*, openai-organization",
    "x-*, x-goog-user-project",
    "x-goog-*, X-Goog-User-Project",
    "x-*, x-org_id",
    "x-*, x-databricks-org-id",
    "x-codex-*, x-codex-account-id",
    "chatgpt*, chatgpt-account-id",
    "x-ms-*, x-ms-subscription-id",
    "x-*, x-tenant",
    "x-*, X-HTTP-Method-Override",
    "x-http-*, x-http-method",
    "x-*, x-method-override",
    "x-*, x-http_method_override",
    "x-*, X-Original-URL",
    "x-r*, x-rewrite-url"
  })
  void no_asterisk_stands_for_what_cannot_be_listed(String header, String name) {
    assertThat(new RequestHeader(header).matches(name)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "openai-project, OpenAI-Project",
    "x-goog-user-project, x-goog-user-project",
    "x-http-method-override, X-HTTP-Method-Override"
  })
  void a_header_that_chooses_the_account_or_the_method_is_listed_by_its_full_name(
      String header, String name) {
    assertThat(new RequestHeader(header).matches(name)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "session_id, true, false",
    "X-Session-Id, true, false",
    "x.session-id, true, false",
    "Idempotency-Key, true, true",
    "x.idempotency-key, true, true",
    "x_idempotency.key, true, true",
    "prompt_cache-key, true, false",
    "x.prompt.cache.key, true, false",
    "x-obsession, false, false",
    "x.obsession, false, false"
  })
  void the_words_of_a_name_say_whether_callers_choose_the_value(
      String name, boolean chosen, boolean ofCall) {
    assertThat(RequestHeader.hasChosenName(name)).isEqualTo(chosen);
    assertThat(RequestHeader.namesCall(name)).isEqualTo(ofCall);
  }

  @ParameterizedTest
  @CsvSource({
    "c*, content-length",
    "x-goog-*, x-goog-api-client",
    "openai-*, openai-beta",
    "x-*, x-origin",
    "x-*, x-steam-accounting"
  })
  void an_asterisk_stands_for_all_the_others(String header, String name) {
    assertThat(new RequestHeader(header).matches(name)).isTrue();
  }
}
