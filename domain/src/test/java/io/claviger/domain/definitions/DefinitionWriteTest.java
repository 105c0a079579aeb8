package io.claviger.domain.definitions;

import static io.claviger.domain.definitions.Writes.NOTHING;
import static io.claviger.domain.definitions.Writes.STORED;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.Description;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionWriteTest {
  private static final Optional<DefinitionFields> NO_BASE = Optional.empty();
  private static final Optional<WireFormat> NO_FORMAT = Optional.empty();
  private static final DefinitionWrite MODEL_ONLY = Writes.model(NOTHING, "m");

  private static DefinitionFields complete(DefinitionWrite.Result result) {
    assertThat(result).isInstanceOf(DefinitionWrite.Result.Complete.class);
    return ((DefinitionWrite.Result.Complete) result).fields();
  }

  private static List<String> missing(DefinitionWrite.Result result) {
    assertThat(result).isInstanceOf(DefinitionWrite.Result.Incomplete.class);
    List<Fault> faults = ((DefinitionWrite.Result.Incomplete) result).faults();
    assertThat(faults).extracting(Fault::code).containsOnly("required");
    return faults.stream().map(Fault::pointer).toList();
  }

  private static DefinitionFields overStored(DefinitionWrite write) {
    return complete(write.over(Optional.of(STORED), NO_FORMAT));
  }

  @Test
  void absent_fields_take_the_bases() {
    assertThat(overStored(NOTHING)).isEqualTo(STORED);
  }

  private static List<ScalarField<?>> changedBy(DefinitionWrite write) {
    return overStored(write).values().differingFrom(STORED.values(), DefinitionFields.COPIED);
  }

  @Test
  void a_field_given_replaces_the_bases_and_no_other() {
    assertThat(changedBy(Writes.description(NOTHING, Field.of(new Description("x")))))
        .containsExactly(DefinitionFields.DESCRIPTION);
    assertThat(changedBy(Writes.provider(NOTHING, Provider.COHERE)))
        .containsExactly(DefinitionFields.PROVIDER);
    assertThat(changedBy(Writes.apiStandard(NOTHING, "x")))
        .containsExactly(DefinitionFields.API_STANDARD);
    assertThat(changedBy(Writes.endpoint(NOTHING, "https://x")))
        .containsExactly(DefinitionFields.ENDPOINT);
    assertThat(changedBy(Writes.model(NOTHING, "x"))).containsExactly(DefinitionFields.MODEL);
    assertThat(changedBy(Writes.dimensions(NOTHING, Field.of(new Dimensions(1)))))
        .containsExactly(DefinitionFields.DIMENSIONS);
    assertThat(changedBy(Writes.contextLimit(NOTHING, Field.of(new ContextLimit(1)))))
        .containsExactly(DefinitionFields.CONTEXT_LIMIT);
  }

  @Test
  void the_value_taken_is_the_one_given() {
    assertThat(
            overStored(Writes.description(NOTHING, Field.of(new Description("x")))).description())
        .isEqualTo(new Description("x"));
    assertThat(overStored(Writes.provider(NOTHING, Provider.COHERE)).provider())
        .isEqualTo(Provider.COHERE);
    assertThat(overStored(Writes.apiStandard(NOTHING, "x")).apiStandard())
        .isEqualTo(new Handle("x"));
    assertThat(overStored(Writes.endpoint(NOTHING, "https://x")).endpoint())
        .isEqualTo(Endpoint.of("https://x"));
    assertThat(overStored(Writes.model(NOTHING, "x")).model()).isEqualTo(new ModelName("x"));
    assertThat(overStored(Writes.dimensions(NOTHING, Field.of(new Dimensions(1)))).dimensions())
        .hasValue(new Dimensions(1));
    assertThat(
            overStored(Writes.contextLimit(NOTHING, Field.of(new ContextLimit(1)))).contextLimit())
        .hasValue(new ContextLimit(1));
  }

  @Test
  void null_takes_dimensions_and_context_limit_away() {
    assertThat(overStored(Writes.dimensions(NOTHING, Field.ofNull())).dimensions()).isEmpty();
    assertThat(overStored(Writes.contextLimit(NOTHING, Field.ofNull())).contextLimit()).isEmpty();
  }

  @Test
  void without_a_base_the_rest_is_empty() {
    DefinitionFields fields =
        complete(Writes.provider(MODEL_ONLY, Provider.COHERE).over(NO_BASE, NO_FORMAT));
    assertThat(fields.description()).isEqualTo(Description.NONE);
    assertThat(fields.dimensions()).isEmpty();
    assertThat(fields.contextLimit()).isEmpty();
  }

  static List<Provider> withEndpoint() {
    return Provider.known().stream()
        .filter(provider -> provider.defaultEndpoint().isPresent())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("withEndpoint")
  void a_provider_alone_brings_its_default_standard_and_endpoint(Provider provider) {
    DefinitionFields fields =
        complete(Writes.provider(MODEL_ONLY, provider).over(NO_BASE, NO_FORMAT));
    assertThat(fields.provider()).isEqualTo(provider);
    assertThat(fields.apiStandard()).isEqualTo(provider.defaultStandard());
    assertThat(Optional.of(fields.endpoint())).isEqualTo(provider.defaultEndpoint());
  }

  @ParameterizedTest
  @ValueSource(strings = {"azure", "bedrock", "openai-compat"})
  void a_provider_without_a_default_endpoint_needs_one(Provider provider) {
    assertThat(missing(Writes.provider(MODEL_ONLY, provider).over(NO_BASE, NO_FORMAT)))
        .containsExactly("/endpoint");
  }

  @ParameterizedTest
  @ValueSource(strings = {"azure", "bedrock", "openai-compat"})
  void a_provider_without_a_default_endpoint_takes_the_one_given(Provider provider) {
    DefinitionWrite write = Writes.endpoint(Writes.provider(MODEL_ONLY, provider), "https://x");
    DefinitionFields fields = complete(write.over(NO_BASE, NO_FORMAT));
    assertThat(fields.endpoint()).isEqualTo(Endpoint.of("https://x"));
    assertThat(fields.apiStandard()).isEqualTo(provider.defaultStandard());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # standard    | format    | endpoint given                | provider      | endpoint taken
          cohere        | COHERE    |                               | cohere        | https://api.cohere.com
          gemini        | GEMINI    |                               | google        | https://generativelanguage.googleapis.com
          anthropic     | ANTHROPIC |                               | anthropic     | https://api.anthropic.com
          cohere        | COHERE    | https://x                     | cohere        | https://x
          gemini        | GEMINI    | https://x                     | google        | https://x
          anthropic     | ANTHROPIC | https://x                     | anthropic     | https://x
          openai        | OPENAI    | https://x                     | openai-compat | https://x
          openai        | OPENAI    | https://api.openai.com/v1/    | openai        | https://api.openai.com/v1
          openai        | OPENAI    | https://api.mistral.ai/v1     | mistral       | https://api.mistral.ai/v1
          none          | OPENAI    | http://localhost:11434/v1     | ollama        | http://localhost:11434/v1
          azure-openai  | OPENAI    | https://x.openai.azure.com/v1 | openai-compat | https://x.openai.azure.com/v1
          """)
  void a_standard_alone_means_a_provider(
      String standard,
      WireFormat format,
      @Nullable String endpoint,
      Provider provider,
      String taken) {
    DefinitionWrite write = Writes.apiStandard(MODEL_ONLY, standard);
    if (endpoint != null) {
      write = Writes.endpoint(write, endpoint);
    }
    DefinitionFields fields = complete(write.over(NO_BASE, Optional.of(format)));
    assertThat(fields.provider()).isEqualTo(provider);
    assertThat(fields.apiStandard()).isEqualTo(new Handle(standard));
    assertThat(fields.endpoint()).isEqualTo(Endpoint.of(taken));
  }

  @Test
  void the_openai_standard_alone_needs_an_endpoint() {
    DefinitionWrite write = Writes.apiStandard(MODEL_ONLY, "openai");
    assertThat(missing(write.over(NO_BASE, Optional.of(WireFormat.OPENAI))))
        .containsExactly("/endpoint");
  }

  @Test
  void a_provider_given_counts_whatever_the_standard_means() {
    DefinitionWrite write =
        Writes.provider(Writes.apiStandard(MODEL_ONLY, "cohere"), Provider.OPENAI);
    DefinitionFields fields = complete(write.over(NO_BASE, Optional.of(WireFormat.COHERE)));
    assertThat(fields.provider()).isEqualTo(Provider.OPENAI);
    assertThat(fields.apiStandard()).isEqualTo(new Handle("cohere"));
  }

  @Test
  void naming_the_standard_that_is_there_keeps_the_provider() {
    DefinitionWrite write = Writes.apiStandard(NOTHING, "stored-standard");
    assertThat(complete(write.over(Optional.of(STORED), Optional.of(WireFormat.OPENAI))))
        .isEqualTo(STORED);
  }

  @Test
  void another_standard_over_a_base_means_another_provider() {
    DefinitionWrite write = Writes.apiStandard(NOTHING, "anthropic");
    assertThat(
            complete(write.over(Optional.of(STORED), Optional.of(WireFormat.ANTHROPIC))).provider())
        .isEqualTo(Provider.ANTHROPIC);
  }

  @Test
  void another_standard_at_a_providers_default_endpoint_means_that_provider() {
    DefinitionFields atCohere =
        complete(
            Writes.endpoint(NOTHING, "https://api.cohere.com")
                .over(Optional.of(STORED), NO_FORMAT));
    DefinitionWrite write = Writes.apiStandard(NOTHING, "mine");
    assertThat(
            complete(write.over(Optional.of(atCohere), Optional.of(WireFormat.OPENAI))).provider())
        .isEqualTo(Provider.COHERE);
  }

  @Test
  void everything_missing_is_told_at_once() {
    assertThat(missing(NOTHING.over(NO_BASE, NO_FORMAT))).containsExactly("/provider", "/model");
    assertThat(missing(Writes.provider(NOTHING, Provider.AZURE).over(NO_BASE, NO_FORMAT)))
        .containsExactly("/endpoint", "/model");
  }

  @Test
  void an_endpoint_alone_does_not_say_who_serves() {
    DefinitionWrite write = Writes.endpoint(MODEL_ONLY, "https://api.openai.com/v1");
    assertThat(missing(write.over(NO_BASE, NO_FORMAT))).containsExactly("/provider");
  }

  @Test
  void a_model_has_no_default() {
    assertThat(missing(Writes.provider(NOTHING, Provider.OPENAI).over(NO_BASE, NO_FORMAT)))
        .containsExactly("/model");
  }
}
