package io.claviger.imports.litellm.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.claviger.domain.definitions.Provider;
import io.claviger.imports.litellm.rules.ModelTranslation.PlannedModel;
import io.claviger.imports.litellm.rules.ModelTranslation.PlannedService;
import io.claviger.imports.litellm.rules.ModelTranslation.Result;
import io.claviger.imports.shared.ReportBuilder;
import io.claviger.imports.shared.ReportEntry;
import io.claviger.imports.shared.ReportReason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelTranslationTest {
  private final ReportBuilder report = new ReportBuilder();

  private Result translate(Source source, Map<String, String> variables, boolean compatible) {
    return ModelTranslation.translate(source.content(), variables, compatible, false, report);
  }

  private List<ReportReason> reasons() {
    return report.build(false, "").remarks().stream().map(ReportEntry::reason).toList();
  }

  @Test
  void aModelWithABudgetOfAllCallsComesOnlyIfWiderModelsMay() {
    LiteLlmContent content =
        new Source()
            .openAi("free", "gpt-4o")
            .deployment(
                "m-1",
                "bounded",
                Map.of(
                    "model",
                    "openai/gpt-5",
                    "api_key",
                    "sk-openai-1",
                    "max_budget",
                    "100.0",
                    "budget_duration",
                    "1d"))
            .content();

    assertThat(ModelTranslation.translate(content, Map.of(), false, false, report).models())
        .extracting(model -> model.alias().value())
        .containsExactly("free");
    assertThat(reasons()).containsExactly(ReportReason.LIMIT_NOT_CARRIED);

    assertThat(ModelTranslation.translate(content, Map.of(), false, true, report).models())
        .extracting(model -> model.alias().value())
        .containsExactly("free", "bounded");
    assertThat(reasons()).contains(ReportReason.WIDER_HERE);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "openai/gpt-4o, -, openai, https://api.openai.com/v1, gpt-4o",
        "gpt-4o, -, openai, https://api.openai.com/v1, gpt-4o",
        "openai/qwen, http://gpu.example:8000/v1, openai-compat, http://gpu.example:8000/v1, qwen",
        "qwen, http://gpu.example:8000/v1/, openai-compat, http://gpu.example:8000/v1, qwen",
        "azure/eu-4o, https://eu.openai.azure.com/, azure, https://eu.openai.azure.com/openai/v1, eu-4o",
        "anthropic/claude-x, -, anthropic, https://api.anthropic.com, claude-x",
        "claude-x, -, anthropic, https://api.anthropic.com, claude-x",
        "gemini/gemini-2, -, google, https://generativelanguage.googleapis.com, gemini-2",
        "openrouter/meta/llama, -, openrouter, https://openrouter.ai/api/v1, meta/llama",
        "hosted_vllm/meta/llama, http://v:8000/v1, vllm, http://v:8000/v1, meta/llama",
      })
  void aModelIsCalledWhereLiteLlmCallsIt(
      String model, String base, String provider, String endpoint, String called) {
    Map<String, String> parameters =
        base == null ? Map.of("model", model) : Map.of("model", model, "api_base", base);

    assertThat(SourceProvider.of(parameters))
        .isInstanceOfSatisfying(
            SourceProvider.Found.At.class,
            at -> {
              assertThat(at.place().provider()).isEqualTo(Provider.of(provider));
              assertThat(at.place().endpoint().url()).isEqualTo(endpoint);
              assertThat(at.place().model()).isEqualTo(called);
            });
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "openai/*, -, api_version, WILDCARD_MODEL",
        "'', -, api_version, WILDCARD_MODEL",
        "bedrock/x, -, aws_access_key_id, CREDENTIAL_KIND",
        "vertex_ai/x, -, api_version, PROVIDER_UNKNOWN",
        "unheard-of, -, api_version, PROVIDER_UNKNOWN",
        "azure/x, -, api_version, ENDPOINT_MISSING",
        "hosted_vllm/x, -, api_version, ENDPOINT_MISSING",
        "openai/x, file:///etc/passwd, api_version, INVALID_ENDPOINT",
        "openai/x, https://a@b/, api_version, INVALID_ENDPOINT",
      })
  void whatCanNotBeCalledHereIsNamed(String model, String base, String further, String why) {
    Map<String, String> parameters =
        base == null
            ? Map.of("model", model, further, "x")
            : Map.of("model", model, further, "x", "api_base", base);

    assertThat(SourceProvider.of(parameters))
        .isEqualTo(new SourceProvider.Found.Nowhere(ReportReason.valueOf(why)));
  }

  @Test
  void oneServiceIsMadeForEachEndpointAndKeyAndTheTargetsKeepTheirOrder() {
    Source source =
        new Source()
            .openAi("gpt", "gpt-4o")
            .deployment("b", "gpt", Map.of("model", "gpt-4o", "api_key", "sk-openai-2"))
            .openAi("mini", "gpt-4o-mini")
            .deployment("c", "mini", Map.of("model", "groq/llama", "api_key", "gsk-12345"));

    Result result = translate(source, Map.of(), false);

    assertThat(result.services())
        .extracting(PlannedService::name)
        .containsExactly("m-gpt-0", "b", "c");
    assertThat(result.models())
        .extracting(PlannedModel::name, m -> m.targets().stream().map(t -> t.service()).toList())
        .containsExactly(
            tuple("openai/gpt", List.of("m-gpt-0", "b")),
            tuple("openai/mini", List.of("m-gpt-0", "c")));
    assertThat(result.services().toString()).doesNotContain("sk-openai");
  }

  @Test
  void aModelWhoseNameLeadsToAnotherOneIsLeftOut() {
    Source source =
        new Source().openAi("gpt", "gpt-4o").openAi("mini", "gpt-4o-mini").shadowing("gpt");

    assertThat(translate(source, Map.of(), false).models())
        .extracting(PlannedModel::name)
        .containsExactly("openai/mini");
    assertThat(reasons()).containsExactly(ReportReason.NO_COUNTERPART);
  }

  @Test
  void variablesAreReplacedOrNamedAndCredentialsAreFollowed() {
    Source source =
        new Source()
            .credential("shared", Map.of("api_key", "os.environ/KEY", "api_base", "https://x/v1"))
            .deployment("a", "a", Map.of("model", "openai/m", "litellm_credential_name", "shared"))
            .deployment("b", "b", Map.of("model", "openai/m", "api_key", "os.environ/ABSENT"))
            .deployment("c", "c", Map.of("model", "openai/m", "litellm_credential_name", "gone"))
            .closed("d", "d");

    Result result = translate(source, Map.of("KEY", "sk-from-file"), false);

    assertThat(result.services())
        .singleElement()
        .satisfies(s -> assertThat(s.key()).contains("sk-from-file"));
    assertThat(report.build(false, "").remarks())
        .extracting(ReportEntry::reason, ReportEntry::detail)
        .containsExactlyInAnyOrder(
            tuple(ReportReason.VARIABLE_MISSING, "ABSENT"),
            tuple(ReportReason.CREDENTIAL_MISSING, ""),
            tuple(ReportReason.KEY_DOES_NOT_OPEN, "api_key"));
  }

  @Test
  void compatibleEndpointsAreTakenBesideTheProvidersOwnIfTheyAreWished() {
    Source source =
        new Source()
            .deployment(
                "a", "claude", Map.of("model", "anthropic/claude-x", "api_key", "sk-ant-12"));

    assertThat(translate(source, Map.of(), false).models())
        .extracting(PlannedModel::name)
        .containsExactly("anthropic/claude");
    Result both = translate(source, Map.of(), true);
    assertThat(both.models())
        .extracting(PlannedModel::name)
        .containsExactly("anthropic/claude", "openai/claude");
    assertThat(both.services())
        .extracting(s -> s.place().endpoint().url(), s -> s.place().standard().value())
        .containsExactly(
            tuple("https://api.anthropic.com", "anthropic"),
            tuple("https://api.anthropic.com/v1", "openai"));
    assertThat(reasons()).isEmpty();
  }

  @Test
  void aKeyIsNeverSentToTheProvidersOwnAddressIfItBelongsElsewhere() {
    Source source =
        new Source()
            .deployment(
                "a",
                "claude",
                Map.of(
                    "model", "anthropic/claude-x",
                    "api_key", "sk-ant-12",
                    "api_base", "https://relay.example"));

    assertThat(translate(source, Map.of(), true).services())
        .extracting(s -> s.place().endpoint().url())
        .containsExactly("https://relay.example");
  }
}
