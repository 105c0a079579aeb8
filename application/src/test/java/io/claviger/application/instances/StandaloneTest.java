package io.claviger.application.instances;

import static io.claviger.application.Outcomes.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AStandard;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.standards.WireFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandaloneTest {
  private final Wiring w = new Wiring();
  private final InstanceWrites write = new InstanceWrites(w);
  private final User alice = w.user("alice");

  @Test
  void a_provider_brings_its_standard_and_endpoint() {
    DefinitionFields fields =
        created(InstanceWriteBuilder.of().provider(Provider.GOOGLE).model("m"));

    assertThat(fields.apiStandard()).isEqualTo(new Handle("gemini"));
    assertThat(fields.endpoint().url()).isEqualTo("https://generativelanguage.googleapis.com");
  }

  @Test
  void a_provider_without_a_default_endpoint_needs_one() {
    assertThat(codes(put(InstanceWriteBuilder.of().provider(Provider.BEDROCK).model("m"))))
        .containsExactly("/endpoint required");
  }

  @Test
  void a_model_has_to_be_given() {
    assertThat(codes(put(InstanceWriteBuilder.of().provider(Provider.OPENAI))))
        .containsExactly("/model required");
  }

  @Test
  void a_provider_may_speak_by_another_standard() {
    DefinitionFields fields =
        created(
            InstanceWriteBuilder.of().provider(Provider.GOOGLE).apiStandard("openai").model("m"));

    assertThat(fields.provider()).isEqualTo(Provider.GOOGLE);
    assertThat(fields.apiStandard()).isEqualTo(new Handle("openai"));
  }

  @Test
  void of_a_standard_alone_the_provider_is_the_one_whose_default_endpoint_is_given() {
    DefinitionFields fields =
        created(
            InstanceWriteBuilder.of()
                .apiStandard("openai")
                .endpoint("https://api.mistral.ai/v1/")
                .model("m"));

    assertThat(fields.provider()).isEqualTo(Provider.MISTRAL);
  }

  @Test
  void of_the_openai_format_alone_the_provider_is_a_compatible_one() {
    DefinitionFields fields =
        created(
            InstanceWriteBuilder.of()
                .apiStandard("openai")
                .endpoint("https://llm.example.org/v1")
                .model("m"));

    assertThat(fields.provider()).isEqualTo(Provider.OPENAI_COMPAT);
  }

  @Test
  void of_the_openai_format_alone_an_endpoint_is_needed() {
    assertThat(codes(put(InstanceWriteBuilder.of().apiStandard("openai").model("m"))))
        .containsExactly("/endpoint required");
  }

  @ParameterizedTest
  @CsvSource({"cohere, cohere", "gemini, google", "anthropic, anthropic"})
  void of_another_standard_alone_the_provider_is_the_formats_own(
      String standard, Provider provider) {
    DefinitionFields fields = created(InstanceWriteBuilder.of().apiStandard(standard).model("m"));

    assertThat(fields.provider()).isEqualTo(provider);
    assertThat(fields.endpoint()).isEqualTo(provider.defaultEndpoint().orElseThrow());
  }

  @Test
  void a_standard_of_ones_own_means_the_provider_of_its_format() {
    w.claviger
        .apiStandards()
        .insert(AStandard.called("odd-cohere").format(WireFormat.COHERE).build());

    assertThat(created(InstanceWriteBuilder.of().apiStandard("odd-cohere").model("m")).provider())
        .isEqualTo(Provider.COHERE);
  }

  @Test
  void an_endpoint_is_kept_in_its_normal_form() {
    DefinitionFields fields =
        created(
            InstanceWriteBuilder.of()
                .provider(Provider.OPENAI_COMPAT)
                .endpoint("HTTPS://LLM.Example.org.:443/v1/")
                .model("m"));

    assertThat(fields.endpoint().url()).isEqualTo("https://llm.example.org/v1");
  }

  private Outcome<WrittenInstance> put(InstanceWriteBuilder what) {
    return write.put(w.as(alice), "alice/s", what);
  }

  private DefinitionFields created(InstanceWriteBuilder what) {
    return InstanceWrites.written(put(what)).settings().fields();
  }
}
