package io.claviger.domain.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fairness.PaceCounting;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.formats.ObeyedCaps.Fact;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # provider    | standard     | endpoint
          openai        | openai       | https://api.openai.com/v1
          azure         | azure-openai |
          anthropic     | anthropic    | https://api.anthropic.com
          google        | gemini       | https://generativelanguage.googleapis.com
          cohere        | cohere       | https://api.cohere.com
          mistral       | openai       | https://api.mistral.ai/v1
          ollama        | none         | http://localhost:11434/v1
          bedrock       | bedrock      |
          openrouter    | openai       | https://openrouter.ai/api/v1
          vercel        | openai       | https://ai-gateway.vercel.sh/v1
          groq          | openai       | https://api.groq.com/openai/v1
          together      | openai       | https://api.together.ai/v1
          deepseek      | openai       | https://api.deepseek.com
          xai           | openai       | https://api.x.ai/v1
          vllm          | none         | http://localhost:8000/v1
          openai-compat | openai       |
          """)
  void a_provider_has_its_default_standard_and_endpoint(
      String name, String standard, @Nullable String endpoint) {
    Provider provider = Provider.of(name);
    assertThat(provider.wireName()).isEqualTo(name);
    assertThat(provider.defaultStandard()).isEqualTo(new Handle(standard));
    assertThat(provider.defaultEndpoint())
        .isEqualTo(Optional.ofNullable(endpoint).map(Endpoint::of));
  }

  @Test
  void the_tools_of_providers_that_are_known_are_known() {
    assertThat(Provider.known())
        .allMatch(each -> each.knowsTools() == !each.equals(Provider.OPENAI_COMPAT));
    assertThat(Provider.of("house").knowsTools()).isFalse();
  }

  @Test
  void code_prints_files_at_xai_and_at_its_hosts() {
    Endpoint other = Endpoint.of("https://llm.example/v1");
    assertThat(Provider.known().stream().filter(each -> each.printsFiles(other)))
        .containsExactly(Provider.XAI);
    for (String host : List.of("api.x.ai", "us-east-1.api.x.ai")) {
      assertThat(Provider.of("house").printsFiles(Endpoint.of("https://" + host + "/v1"))).isTrue();
    }
    assertThat(Provider.OPENAI_COMPAT.printsFiles(Endpoint.of("https://notapi.x.ai/v1"))).isFalse();
  }

  @Test
  void mistral_stores_images_and_states_no_use_of_its_tools() {
    assertThat(Provider.known().stream().filter(Provider::storesImages))
        .containsExactly(Provider.MISTRAL);
    assertThat(Provider.known().stream().filter(each -> each.caps().have(Fact.STATES_NO_TOOL_USES)))
        .containsExactly(Provider.MISTRAL);
    assertThat(Provider.of("house").storesImages()).isFalse();
    assertThat(Provider.of("house").caps().have(Fact.STATES_NO_TOOL_USES)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "dashscope.aliyuncs.com, false",
    "dashscope-intl.aliyuncs.com, false",
    "coding-intl.dashscope.aliyuncs.com, false",
    "ws-1.eu-central-1.maas.aliyuncs.com, false",
    "1.cn-hangzhou.pai-eas.aliyuncs.com, true",
    "aliyuncs.com, true",
    "dashscope.aliyuncs.com.example.com, true",
    "dashscopealiyuncs.com, true",
    "api.openai.com, true"
  })
  void at_alibabas_hosts_a_maximum_may_not_limit_reasoning(String host, boolean limits) {
    Endpoint endpoint = Endpoint.of("https://" + host + "/compatible-mode/v1");

    for (Provider provider : List.of(Provider.OPENAI_COMPAT, Provider.of("house"))) {
      ObeyedCaps caps = provider.caps(endpoint);
      assertThat(caps.have(Fact.REASONS_BEYOND)).isEqualTo(!limits);
      assertThat(caps.withReasoningBeyond()).isEqualTo(provider.caps().withReasoningBeyond());
    }
  }

  @Test
  void providers_differ_in_what_counts_against_what_they_allow_in_a_minute() {
    assertThat(Provider.known().stream().filter(each -> !each.paceCounting().cacheReads()))
        .containsExactly(Provider.ANTHROPIC, Provider.BEDROCK, Provider.VERTEX);
    assertThat(Provider.known().stream().filter(each -> each.paceCounting().statedOutput()))
        .containsExactly(Provider.OPENAI, Provider.AZURE);
    assertThat(Provider.of("another").paceCounting()).isEqualTo(PaceCounting.USUAL);
  }

  @Test
  void references_are_recognized_by_their_form_where_the_providers_ids_have_one() {
    assertThat(
            Provider.known().stream()
                .filter(each -> each.recognition() == ReferenceRecognition.FORMS))
        .containsExactly(
            Provider.OPENAI,
            Provider.AZURE,
            Provider.ANTHROPIC,
            Provider.GOOGLE,
            Provider.BEDROCK,
            Provider.VERTEX);
  }

  @ParameterizedTest
  @CsvSource({"claude, anthropic", "gemini, google"})
  void two_names_are_read_as_others(String name, Provider provider) {
    assertThat(Provider.of(name)).isEqualTo(provider);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "OpenAI",
        "OPENAI",
        "openai_compat",
        "Claude",
        " openai",
        "-openai",
        "openai-",
        "open--ai",
        "open.ai",
        "open\0ai"
      })
  void no_provider_has_such_a_name(String name) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> Provider.of(name))
        .extracting(InvalidValue::field)
        .isEqualTo("provider");
  }

  @Test
  void of_other_names_only_the_usual_is_known() {
    Provider other = Provider.of("house");
    assertThat(other.isKnown()).isFalse();
    assertThat(other.defaultEndpoint()).isEmpty();
    assertThat(other.recognition()).isEqualTo(ReferenceRecognition.PLACES);
    assertThat(Provider.of("groq").isKnown()).isTrue();
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> Provider.of("a".repeat(65)));
  }

  @Test
  void what_is_said_of_a_provider_takes_the_place_of_what_is_known() {
    Provider house = Provider.of("house", ProviderContent.of(WireFormat.ANTHROPIC));
    assertThat(house.defaultStandard()).isEqualTo(new Handle("anthropic"));
    assertThat(house.defaultFormat()).isEqualTo(WireFormat.ANTHROPIC);
    assertThat(house.adds()).isEmpty();
    assertThat(house.streamUsage(true)).isFalse();

    Provider openai = Provider.of("openai", ProviderContent.of(WireFormat.OPENAI));
    assertThat(openai).isEqualTo(Provider.OPENAI);
    assertThat(openai.defaultEndpoint()).isEmpty();
    assertThat(openai.recognition()).isEqualTo(ReferenceRecognition.FORMS);
    assertThat(openai.outputField()).isEqualTo("max_tokens");
    assertThat(openai.caps().takeNewerOutput()).isFalse();
    assertThat(house.caps()).isEqualTo(ObeyedCaps.LEAST);
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> Provider.of("claude", ProviderContent.of(WireFormat.ANTHROPIC)));
  }

  @ParameterizedTest
  @MethodSource("io.claviger.domain.definitions.Provider#known")
  void what_is_known_can_be_written_and_read(Provider provider) {
    assertThat(ProviderContent.ofStored(provider.content().stored())).isEqualTo(provider.content());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "format soap",
        "format",
        "endpoint https://llm.example/v1",
        "format openai;endpoint file:///etc/passwd",
        "format openai;trait ids_have_form",
        "format openai;adds user",
        "format openai;price_list a b",
        "format openai;limit requests_per_minute minute seconds content-type date age",
        "format openai;limit requests_per_minute minute seconds x-ratelimit-a x-ratelimit-b",
        "format openai;limit requests_per_minute minute seconds x-quota x-quota x-quota-reset",
        "format openai;key sk-1"
      })
  void nothing_is_read_that_is_not_understood(String stored) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> ProviderContent.ofStored(List.of(stored.split(";"))));
  }

  @ParameterizedTest
  @MethodSource("io.claviger.domain.definitions.Provider#known")
  void the_provider_meant_is_the_one_whose_default_endpoint_is_given(Provider provider) {
    Optional<Endpoint> endpoint = provider.defaultEndpoint();
    for (WireFormat format : WireFormat.values()) {
      if (endpoint.isPresent()) {
        assertThat(Provider.meantBy(format, endpoint)).isEqualTo(provider);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"OPENAI, openai-compat", "COHERE, cohere", "GEMINI, google", "ANTHROPIC, anthropic"})
  void elsewhere_it_is_the_formats_own(WireFormat format, Provider provider) {
    assertThat(Provider.meantBy(format, Optional.of(Endpoint.of("https://llm.example/v1"))))
        .isEqualTo(provider);
    assertThat(Provider.meantBy(format, Optional.empty())).isEqualTo(provider);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.openai.com",
        "http://api.openai.com/v1",
        "https://api.openai.com/v1/x",
        "https://api.openai.com:8443/v1",
        "https://api.openai.com.evil.example/v1"
      })
  void an_endpoint_that_only_looks_like_a_default_one_is_not_it(String url) {
    assertThat(Provider.meantBy(WireFormat.OPENAI, Optional.of(Endpoint.of(url))))
        .isEqualTo(Provider.OPENAI_COMPAT);
  }

  @Test
  void no_two_providers_share_a_default_endpoint() {
    assertThat(Provider.known().stream().flatMap(p -> p.defaultEndpoint().stream()))
        .doesNotHaveDuplicates();
  }
}
