package io.claviger.imports.coder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.imports.coder.CoderContent.OldModel;
import io.claviger.imports.coder.CoderContent.OldPolicy;
import io.claviger.imports.coder.CoderContent.OldProvider;
import io.claviger.imports.coder.CoderContent.OldUserKey;
import io.claviger.imports.coder.CoderRules.Destined;
import io.claviger.imports.shared.SourceKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoderRulesTest {
  /** The name of 32 bytes of zero, and "coder" under them with a nonce of zero, made elsewhere. */
  private static final String DIGEST = "fdd7705";

  private static final Instant CHANGED = Instant.parse("2026-01-01T00:00:00Z");
  private static final String ENCRYPTED = "AAAAAAAAAAAAAAAArcgkWD+2IJZYxud6ylnyQCF+XIyp";

  @ParameterizedTest
  @CsvSource({
    "openai, '', openai https://api.openai.com/v1",
    "openai, ' https://proxy.example.org/v1/ ', openai https://proxy.example.org/v1",
    "anthropic, '', anthropic https://api.anthropic.com",
    "anthropic, https://api.anthropic.com/v1/, anthropic https://api.anthropic.com",
    "google, '', google https://generativelanguage.googleapis.com",
    "google, https://generativelanguage.googleapis.com/v1beta, google"
        + " https://generativelanguage.googleapis.com",
    "google, https://generativelanguage.googleapis.com/v1beta/openai/, openai-compat"
        + " https://generativelanguage.googleapis.com/v1beta/openai",
    "openrouter, '', openrouter https://openrouter.ai/api/v1",
    "vercel, '', vercel https://ai-gateway.vercel.sh/v1",
    "openai-compat, http://llm.example.org:8000/v1, openai-compat http://llm.example.org:8000/v1",
    "azure, https://r.openai.azure.com/, azure https://r.openai.azure.com",
    "azure, '', ENDPOINT_MISSING",
    "openai-compat, '', ENDPOINT_MISSING",
    "bedrock, '', ENDPOINT_MISSING",
    "openai, ftp://example.org, INVALID_ENDPOINT",
    "openai, https://user:secret@example.org, INVALID_ENDPOINT",
    "copilot, https://api.githubcopilot.com, PROVIDER_UNKNOWN",
    "ollama, '', PROVIDER_UNKNOWN",
    "'', '', PROVIDER_UNKNOWN"
  })
  void calls_go_where_they_went(String type, String baseUrl, String expected) {
    assertThat(told(provider(type, baseUrl, false))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bedrock", "anthropic"})
  void a_credential_of_another_kind_is_not_taken_for_a_key(String type) {
    assertThat(told(provider(type, "https://h.example.org", true))).isEqualTo("CREDENTIAL_KIND");
  }

  private static String told(OldProvider old) {
    return switch (CoderRules.destination(old)) {
      case Destined.To to -> to.provider() + " " + to.endpoint().url();
      case Destined.LeftOut out -> out.reason().name();
    };
  }

  private static OldProvider provider(String type, String baseUrl, boolean settings) {
    return new OldProvider(
        "1",
        type,
        type,
        "",
        baseUrl,
        true,
        settings,
        Optional.empty(),
        List.of(),
        Instant.EPOCH,
        CHANGED);
  }

  @ParameterizedTest
  @CsvSource({
    "openai, '', -1, true",
    "openai, https://api.openai.com/v2, -1, true",
    "openai, https://api.openai.com:8443/v1, -1, false",
    "openai, http://api.openai.com/v1, -1, false",
    "openai, https://api.openai.com.example.org/v1, -1, false",
    "openai, https://proxy.example.org/v1, 0, true",
    "openai, https://proxy.example.org/v1, 1, true",
    "openai, https://proxy.example.org/v1, -1, false",
    "openai, https://allowed.example.org/v1/, -1, true",
    "google, https://generativelanguage.googleapis.com/v1beta/openai, -1, true",
    "google, https://allowed.example.org/v1beta, -1, true",
    "anthropic, https://generativelanguage.googleapis.com, -1, false",
    "azure, https://r.openai.azure.com/, -1, false",
    "openai-compat, http://llm.example.org:8000/v1, 0, true",
    "openai-compat, http://llm.example.org:8000/v1, -1, false"
  })
  void keys_of_users_go_to_the_provider_or_where_they_went(
      String type, String baseUrl, int storedAfterTheChange, boolean goes) {
    OldProvider old = provider(type, baseUrl, false);
    OldUserKey key =
        new OldUserKey(
            "k",
            "u",
            "1",
            new DbCrypt.Stored("sk", Optional.empty()),
            CHANGED.plusSeconds(storedAfterTheChange));
    Set<Endpoint> allowed =
        Set.of(
            Endpoint.of("https://allowed.example.org/v1"),
            Endpoint.of("https://allowed.example.org/v1beta"));

    assertThat(CoderRules.mayGo(key, old, (Destined.To) CoderRules.destination(old), allowed))
        .isEqualTo(goes);
  }

  @Test
  void every_policy_that_makes_sense_is_kept_and_no_other_one_is_made() {
    for (boolean central : new boolean[] {true, false}) {
      for (boolean users : new boolean[] {true, false}) {
        for (boolean fallback : new boolean[] {true, false}) {
          for (boolean keys : new boolean[] {true, false}) {
            KeyPolicy same = new KeyPolicy(central, users, fallback);
            KeyPolicy policy =
                CoderRules.policy(Optional.of(new OldPolicy(central, users, fallback)), keys);
            assertThat(policy.faults()).isEmpty();
            assertThat(policy.equals(same))
                .isEqualTo(same.faults().isEmpty() || policy.equals(same));
          }
        }
      }
    }
    assertThat(CoderRules.policy(Optional.empty(), false)).isEqualTo(KeyPolicy.DEFAULT);
    assertThat(CoderRules.policy(Optional.empty(), true))
        .isEqualTo(new KeyPolicy(true, true, true));
  }

  @Test
  void the_default_comes_first_if_it_is_enabled_and_then_the_oldest_enabled_one() {
    assertThat(
            Stream.of(
                    model("off", false, true, 1),
                    model("older", true, false, 2),
                    model("default", true, true, 9),
                    model("younger", true, false, 3))
                .sorted(CoderRules.DEFAULT_FIRST)
                .map(OldModel::id))
        .containsExactly("default", "older", "younger", "off");
  }

  private static OldModel model(String id, boolean enabled, boolean isDefault, long age) {
    return new OldModel(
        id,
        Optional.empty(),
        "m",
        "",
        enabled,
        isDefault,
        Optional.empty(),
        Optional.empty(),
        Instant.ofEpochSecond(age));
  }

  @Test
  void a_name_that_can_not_be_shown_is_replaced() {
    assertThat(CoderRules.displayName(" Our OpenAI ", "openai").value()).isEqualTo("Our OpenAI");
    assertThat(CoderRules.displayName(" ", "openai").value()).isEqualTo("openai");
    assertThat(CoderRules.displayName("a\u001bb", "openai").value()).isEqualTo("openai");
  }

  @Test
  void a_value_opens_only_with_the_key_that_its_name_says() {
    String key = Base64.getEncoder().encodeToString(new byte[32]);
    String other = "AQ" + key.substring(2);
    DbCrypt both = DbCrypt.under((other + "," + key).getBytes(StandardCharsets.US_ASCII));
    DbCrypt.Stored proof = new DbCrypt.Stored(ENCRYPTED, Optional.of(DIGEST));

    assertThat(both.proves(proof)).isTrue();
    assertThat(DbCrypt.under(other.getBytes(StandardCharsets.US_ASCII)).proves(proof)).isFalse();
    assertThat(both.proves(new DbCrypt.Stored(ENCRYPTED, Optional.empty()))).isFalse();
    assertThat(both.open(proof)).isInstanceOf(SourceKey.Unusable.class);
    assertThat(DbCrypt.withoutKey().open(proof)).isInstanceOf(SourceKey.Closed.class);
    assertThat(both.open(new DbCrypt.Stored("no base64!", Optional.of(DIGEST))))
        .isInstanceOf(SourceKey.Closed.class);
    assertThat(both.open(new DbCrypt.Stored("", Optional.empty())))
        .isInstanceOf(SourceKey.Absent.class);
    assertThat(DbCrypt.withoutKey().open(new DbCrypt.Stored("sk-plain-1", Optional.empty())))
        .isInstanceOf(SourceKey.Usable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ",", "hunter2", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,"})
  void a_key_file_with_anything_else_is_refused_without_repeating_it(String line) {
    assertThatThrownBy(() -> DbCrypt.under(line.getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(InvalidValue.class)
        .hasMessageNotContaining("hunter2");
  }
}
