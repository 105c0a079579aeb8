package io.claviger.domain.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.User;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.names.NamingRules;
import io.claviger.domain.names.NamingRules.CacheSeparation;
import io.claviger.domain.names.PromptCache;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallerNamesTest {
  private static final User.Id BOB = new User.Id(new UUID(1, 2));
  private static final User.Id CAROL = new User.Id(new UUID(1, 3));
  private static final List<Optional<String>> VALUES =
      List.of(
          Optional.empty(),
          Optional.of(""),
          Optional.of("a"),
          Optional.of("aa"),
          Optional.of("\u0000"),
          Optional.of("a\u0000"),
          Optional.of("identifier.user"),
          Optional.of("\ud83d\ude00"));

  private static Secret key(int fill) {
    byte[] bytes = new byte[NamingKey.BYTES];
    Arrays.fill(bytes, (byte) fill);
    return Secret.takingOver(bytes);
  }

  private static CallerNames names(int key, User.Id caller) {
    return new CallerNames(
        key(key), caller, new NamingRules(PromptCache.PER_CALLER, Attribution.ON, Set.of()));
  }

  @Test
  void no_two_names_are_the_same_whatever_the_key_the_caller_the_field_and_the_value() {
    Map<String, String> seen = new HashMap<>();
    for (int key = 1; key <= 2; key++) {
      for (User.Id caller : List.of(BOB, CAROL)) {
        CallerNames names = names(key, caller);
        for (Optional<String> value : VALUES) {
          String what = key + " " + caller + " " + value;
          assertThat(seen.put(names.of(CallerField.PROMPT_CACHE_KEY, value), what)).isNull();
          assertThat(seen.put(names.of(CallerField.SAFETY_IDENTIFIER, value), what)).isNull();
          value.ifPresent(v -> assertThat(seen.put(names.idempotencyKey(v), what)).isNull());
          value.ifPresent(v -> assertThat(seen.put(names.session(v).orElseThrow(), what)).isNull());
        }
      }
    }
  }

  @Test
  void a_name_is_the_same_each_time() {
    for (CallerField field : CallerField.values()) {
      if (!field.isStore()) {
        for (Optional<String> value : VALUES) {
          assertThat(names(1, BOB).of(field, value)).isEqualTo(names(1, BOB).of(field, value));
        }
      }
    }
  }

  @Test
  void names_without_a_value_are_made_once_for_all_calls_of_a_grant() {
    CallerNames.Remembered remembered = new CallerNames.Remembered();
    NamingRules rules = names(1, BOB).rules();
    List<String> made;
    try (CallerNames first = new CallerNames(() -> key(1), remembered, BOB, rules)) {
      made = namesWithoutValue(first);
    }
    CallerNames second =
        new CallerNames(
            () -> {
              throw new AssertionError("the key was opened again");
            },
            remembered,
            BOB,
            rules);

    assertThat(namesWithoutValue(second))
        .isEqualTo(made)
        .isEqualTo(namesWithoutValue(names(1, BOB)));
    assertThatThrownBy(() -> second.of(CallerField.USER, Optional.of("x")))
        .hasMessageContaining("opened again");
  }

  @Test
  void no_key_is_opened_after_the_call() {
    CallerNames names =
        new CallerNames(() -> key(1), new CallerNames.Remembered(), BOB, names(1, BOB).rules());
    names.close();

    assertThatThrownBy(() -> names.idempotencyKey("x")).isInstanceOf(IllegalStateException.class);
  }

  private static List<String> namesWithoutValue(CallerNames names) {
    return Stream.of(CallerField.values())
        .filter(field -> !field.isStore())
        .map(field -> names.of(field, Optional.empty()))
        .toList();
  }

  @Test
  void names_of_caches_and_requests_have_43_characters() {
    for (Optional<String> value : VALUES) {
      assertThat(names(1, BOB).of(CallerField.PROMPT_CACHE_KEY, value))
          .matches("[A-Za-z0-9_-]{43}");
    }
    assertThat(names(1, BOB).idempotencyKey("x")).matches("[A-Za-z0-9_-]{43}");
  }

  @Test
  void a_name_is_the_hmac_of_purpose_user_and_value_each_behind_its_length() throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] bytes = new byte[NamingKey.BYTES];
    Arrays.fill(bytes, (byte) 1);
    mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
    mac.update(new byte[] {0, 0, 0, 16});
    mac.update("prompt_cache_key".getBytes(StandardCharsets.US_ASCII));
    mac.update(new byte[] {0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2});
    mac.update(new byte[] {0, 0, 0, 2, (byte) 0xc3, (byte) 0xa9});

    assertThat(names(1, BOB).of(CallerField.PROMPT_CACHE_KEY, Optional.of("é")))
        .isEqualTo(java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal()));
  }

  @ParameterizedTest
  @EnumSource(names = {"SAFETY_IDENTIFIER", "METADATA_USER_ID", "USER"})
  void identifiers_tell_the_user_and_the_value_in_separate_parts(CallerField field) {
    String without = names(1, BOB).of(field, Optional.empty());
    String one = names(1, BOB).of(field, Optional.of("one"));
    String another = names(1, BOB).of(field, Optional.of("another"));

    assertThat(without).matches("clv_[A-Za-z0-9_-]{40}");
    assertThat(List.of(one, another)).allMatch(each -> each.startsWith(without.substring(0, 28)));
    assertThat(Set.of(without, one, another)).hasSize(3);
    assertThat(names(1, CAROL).of(field, Optional.of("one")).substring(4, 28))
        .isNotEqualTo(one.substring(4, 28));
    assertThat(names(1, CAROL).of(field, Optional.of("one")).substring(28))
        .isNotEqualTo(one.substring(28));
  }

  @Test
  void an_identifier_is_found_to_be_its_users_whatever_the_value() {
    for (Optional<String> value : VALUES) {
      CallerIdentifier found = new CallerIdentifier(names(1, BOB).of(CallerField.USER, value));
      assertThat(found.isOf(key(1), BOB)).isTrue();
      assertThat(found.isOf(key(1), CAROL)).isFalse();
      assertThat(found.isOf(key(2), BOB)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "clv_",
        "clv_0123456789012345678901234567890123456789x",
        "CLV_0123456789012345678901234567890123456789",
        "clv_012345678901234567890123456789012345678 ",
        "clv_0123456789012345678901234567890123456789\n"
      })
  void other_texts_are_no_identifiers(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new CallerIdentifier(text));
  }

  @ParameterizedTest
  @CsvSource({
    "PER_CALLER, ON, PROMPT_CACHE_KEY, true",
    "PER_CALLER, OFF, PROMPT_CACHE_KEY, true",
    "SHARED, ON, PROMPT_CACHE_KEY, false",
    "SHARED, OFF, PROMPT_CACHE_KEY, false",
    "PER_CALLER, ON, SAFETY_IDENTIFIER, true",
    "PER_CALLER, OFF, SAFETY_IDENTIFIER, false",
    "SHARED, ON, USER, true",
    "SHARED, OFF, USER, false",
    "SHARED, ON, METADATA_USER_ID, true",
    "SHARED, OFF, METADATA_USER_ID, false",
    "SHARED, OFF, RESPONSE_STORE, true",
    "SHARED, OFF, CHAT_STORE, true",
    "SHARED, OFF, CONTENT_STORE, true",
    "PER_CALLER, ON, USER_ID, true",
    "PER_CALLER, OFF, USER_ID, true",
    "SHARED, OFF, USER_ID, false",
    "PER_CALLER, OFF, CACHE_SALT, true",
    "SHARED, ON, CACHE_SALT, false",
    "PER_CALLER, OFF, EXTRA_KEY, true",
    "SHARED, ON, EXTRA_KEY, false",
    "PER_CALLER, OFF, PROMPT_CACHE_ISOLATION_KEY, true",
    "SHARED, ON, PROMPT_CACHE_ISOLATION_KEY, false",
    "PER_CALLER, OFF, SESSION_ID, true",
    "SHARED, ON, SESSION_ID, false",
    "SHARED, OFF, CONTINUATION_ID, true",
    "PER_CALLER, ON, RESPONSE_STORE, true"
  })
  void the_service_says_what_is_replaced_and_its_provider_what_is_added(
      PromptCache cache, Attribution attribution, CallerField field, boolean replaced) {
    NamingRules knowing = new NamingRules(cache, attribution, Set.of(CallerField.values()));
    NamingRules unknowing = new NamingRules(cache, attribution, Set.of());

    assertThat(knowing.replaces(field)).isEqualTo(replaced);
    assertThat(unknowing.replaces(field)).isEqualTo(replaced);
    assertThat(knowing.adds(field)).isEqualTo(replaced);
    assertThat(unknowing.adds(field)).isFalse();
  }

  @Test
  void who_shares_a_cache_gets_no_user_id_but_can_not_write_that_of_another() {
    NamingRules rules =
        new NamingRules(PromptCache.SHARED, Attribution.ON, Set.of(CallerField.USER_ID));

    assertThat(rules.replaces(CallerField.USER_ID)).isTrue();
    assertThat(rules.adds(CallerField.USER_ID)).isFalse();
  }

  @Test
  void a_user_id_names_the_person_only_where_identifiers_are_sent() {
    CallerNames anonymous =
        new CallerNames(
            key(1), BOB, new NamingRules(PromptCache.PER_CALLER, Attribution.OFF, Set.of()));
    for (Optional<String> value : VALUES) {
      assertThat(names(1, BOB).of(CallerField.USER_ID, value))
          .isEqualTo(names(1, BOB).of(CallerField.USER, value));
      assertThat(anonymous.of(CallerField.USER_ID, value))
          .isEqualTo(names(1, BOB).of(CallerField.PROMPT_CACHE_KEY, value));
    }
  }

  @Test
  void a_session_has_the_same_name_in_a_body_and_in_a_header() {
    String named = names(1, BOB).of(CallerField.SESSION_ID, Optional.of("s"));

    assertThat(Optional.of(named)).isEqualTo(names(1, BOB).session("s"));
    assertThat(named).isNotEqualTo(names(1, BOB).of(CallerField.CACHE_SALT, Optional.of("s")));
  }

  @Test
  void caches_are_separate_only_where_every_request_has_a_name() {
    Set<CallerField> key = Set.of(CallerField.PROMPT_CACHE_KEY);
    for (Set<CallerField> adds :
        List.of(
            key,
            Set.of(CallerField.USER_ID),
            Set.of(CallerField.CACHE_SALT),
            Set.of(CallerField.PROMPT_CACHE_ISOLATION_KEY))) {
      assertThat(new NamingRules(PromptCache.PER_CALLER, Attribution.OFF, adds).cacheSeparation())
          .isEqualTo(CacheSeparation.HINT);
    }
    assertThat(new NamingRules(PromptCache.SHARED, Attribution.ON, key).cacheSeparation())
        .isEqualTo(CacheSeparation.NONE);
    assertThat(new NamingRules(PromptCache.PER_CALLER, Attribution.ON, Set.of()).cacheSeparation())
        .isEqualTo(CacheSeparation.NONE);
  }

  @Test
  void a_key_of_another_length_makes_no_names() {
    CallerNames names =
        new CallerNames(
            Secret.takingOver(new byte[31]),
            BOB,
            new NamingRules(PromptCache.PER_CALLER, Attribution.ON, Set.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> names.idempotencyKey("x"));
  }
}
