package io.claviger.domain.standards;

import static io.claviger.domain.standards.KeyMethod.AUTH_BEARER;
import static io.claviger.domain.standards.KeyMethod.BODY_FORM;
import static io.claviger.domain.standards.KeyMethod.CUSTOM_HEADER;
import static io.claviger.domain.standards.KeyMethod.NONE;
import static io.claviger.domain.standards.KeyMethod.QUERY_PARAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPlacementTest {
  @ParameterizedTest
  @CsvSource({
    "AUTH_BEARER, Authorization, authorization",
    "AUTH_BEARER, authorization, authorization",
    "CUSTOM_HEADER, x-goog-api-key, x-goog-api-key",
    "CUSTOM_HEADER, X-Api-Key, x-api-key",
    "CUSTOM_HEADER, api-key, api-key",
    "CUSTOM_HEADER, !#$%&'*+.^_`|~-, !#$%&'*+.^_`|~-",
    "QUERY_PARAM, key, key",
    "QUERY_PARAM, apiKey, apiKey",
    "QUERY_PARAM, a.b_c~d-e, a.b_c~d-e",
    "BODY_FORM, api_key, api_key",
    "BODY_FORM, Key, Key",
    "NONE, '', ''"
  })
  void a_field_is_kept_header_names_in_lower_case(KeyMethod method, String given, String kept) {
    assertThat(new KeyPlacement(method, given).field()).isEqualTo(kept);
  }

  @ParameterizedTest
  @CsvSource({
    "AUTH_BEARER, ''",
    "AUTH_BEARER, x-api-key",
    "AUTH_BEARER, 'authorization '",
    "CUSTOM_HEADER, ''",
    "CUSTOM_HEADER, Authorization",
    "CUSTOM_HEADER, Host",
    "CUSTOM_HEADER, cookie",
    "CUSTOM_HEADER, Content-Type",
    "CUSTOM_HEADER, X-Forwarded-For",
    "CUSTOM_HEADER, connection",
    "CUSTOM_HEADER, 'x key'",
    "CUSTOM_HEADER, 'x:key'",
    "QUERY_PARAM, ''",
    "QUERY_PARAM, 'a b'",
    "QUERY_PARAM, a&b",
    "QUERY_PARAM, a=b",
    "QUERY_PARAM, a%62",
    "QUERY_PARAM, a+b",
    "QUERY_PARAM, a#b",
    "BODY_FORM, ''",
    "BODY_FORM, a[b]",
    "BODY_FORM, a&b",
    "NONE, x",
    "NONE, authorization"
  })
  void a_field_that_does_not_fit_its_method_is_refused(KeyMethod method, String field) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> new KeyPlacement(method, field))
        .extracting(InvalidValue::field)
        .isEqualTo("key_field");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0", "a\n", "a\r\nb", "é", "\ud83d", "\u0661", "a\u007f"})
  void control_characters_and_other_scripts_are_refused_everywhere(String field) {
    for (KeyMethod method : KeyMethod.values()) {
      assertThatExceptionOfType(InvalidValue.class)
          .as(method.wireName())
          .isThrownBy(() -> new KeyPlacement(method, field));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CUSTOM_HEADER", "QUERY_PARAM", "BODY_FORM"})
  void a_hundred_characters_are_the_most(KeyMethod method) {
    assertThat(new KeyPlacement(method, "a".repeat(100)).field()).hasSize(100);
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> new KeyPlacement(method, "a".repeat(101)));
  }

  @Test
  void header_names_that_differ_in_case_only_are_one_placement() {
    assertThat(new KeyPlacement(CUSTOM_HEADER, "X-Api-Key"))
        .isEqualTo(new KeyPlacement(CUSTOM_HEADER, "x-api-key"));
  }

  @Test
  void parameter_names_that_differ_in_case_are_two_placements() {
    assertThat(new KeyPlacement(QUERY_PARAM, "Key"))
        .isNotEqualTo(new KeyPlacement(QUERY_PARAM, "key"));
  }

  @Test
  void the_same_name_as_parameter_and_as_form_field_are_two_placements() {
    assertThat(new KeyPlacement(QUERY_PARAM, "key"))
        .isNotEqualTo(new KeyPlacement(BODY_FORM, "key"));
  }

  @Test
  void only_the_placement_none_needs_no_key() {
    assertThat(KeyPlacement.NONE.isNone()).isTrue();
    assertThat(KeyPlacement.BEARER.isNone()).isFalse();
    assertThat(new KeyPlacement(QUERY_PARAM, "key").isNone()).isFalse();
  }

  @Test
  void a_bearer_travels_in_authorization() {
    assertThat(KeyPlacement.BEARER).isEqualTo(new KeyPlacement(AUTH_BEARER, "Authorization"));
  }

  @Test
  void methods_are_named_as_in_json() {
    assertThat(Arrays.stream(KeyMethod.values()).map(KeyMethod::wireName))
        .containsExactly("auth_bearer", "custom_header", "query_param", "body_form", "none");
  }

  @ParameterizedTest
  @EnumSource
  void a_method_is_found_by_its_name(KeyMethod method) {
    assertThat(KeyMethod.of(method.wireName())).isEqualTo(method);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bearer", "AUTH_BEARER", "None", "auth-bearer", "none "})
  void no_method_has_another_name(String name) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> KeyMethod.of(name))
        .extracting(InvalidValue::field)
        .isEqualTo("key_method");
  }

  @Test
  void the_method_none_is_none() {
    assertThat(KeyPlacement.NONE.method()).isEqualTo(NONE);
  }
}
