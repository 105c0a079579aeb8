package io.claviger.domain.prices;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.usage.UsageModel;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceNamesTest {
  @ParameterizedTest
  @CsvSource({
    "gpt-4o, gpt-4o",
    "gpt-4o-2024-08-06, gpt-4o-2024-08-06 gpt-4o",
    "claude-sonnet-4-5-20250929, claude-sonnet-4-5-20250929 claude-sonnet-4-5",
    "claude-opus-4@20250514, claude-opus-4@20250514 claude-opus-4",
    "command-r-08-2024, command-r-08-2024 command-r",
    "mistral-large-latest, mistral-large-latest mistral-large",
    "llama3.2:latest, llama3.2:latest llama3.2",
    "models/gemini-2.5-pro, models/gemini-2.5-pro gemini-2.5-pro",
    "ft:gpt-4o-2024-08-06:acme::7p4lURel,"
        + " ft:gpt-4o-2024-08-06:acme::7p4lURel ft:gpt-4o-2024-08-06 ft:gpt-4o",
    "openai/gpt-5.2:free, openai/gpt-5.2:free",
    "us.anthropic.claude-opus-4-20250514-v1:0, us.anthropic.claude-opus-4-20250514-v1:0",
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0,"
        + " arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0"
        + " us.amazon.nova-pro-v1:0",
    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/ab12,"
        + " arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/ab12",
    "gpt-4-0613, gpt-4-0613",
    "llama3.2:3b, llama3.2:3b",
    "-2024-08-06, -2024-08-06",
    "-latest, -latest",
    "models/, models/",
  })
  void a_model_is_looked_for_by_its_name_and_without_what_changes_no_price(
      String called, String names) {
    assertThat(names(Provider.OPENAI, called)).containsExactly(names.split(" "));
  }

  @Test
  void the_name_of_an_azure_deployment_comes_before_the_services_own_model() {
    assertThat(names(Provider.AZURE, "team-chat"))
        .containsExactly("team-chat", "gpt-4o-2024-08-06", "gpt-4o");
    assertThat(names(Provider.OPENAI, "team-chat")).containsExactly("team-chat");
  }

  @Test
  void an_unknown_model_has_no_names() {
    assertThat(
            PriceNames.of(Provider.AZURE, UsageModel.UNKNOWN, Optional.of(new ModelName("gpt-4o"))))
        .isEmpty();
  }

  private static List<String> names(Provider provider, String called) {
    return PriceNames.of(
        provider, UsageModel.called(called), Optional.of(new ModelName("gpt-4o-2024-08-06")));
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-4o, gpt-4o",
    "models/gemini-2.5-pro, gemini-2.5-pro",
    "claude-sonnet-4-latest, claude-sonnet-4",
    "gpt-4o-2024-08-06, ''",
    "claude-opus-4@20250514, ''"
  })
  void a_name_that_is_no_version_may_stand_for_versions(String called, String alias) {
    assertThat(PriceNames.alias(new UsageModel(called)).orElse("")).isEqualTo(alias);
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-4o-2024-08-06, gpt-4o, true",
    "gpt-4-0613, gpt-4, true",
    "claude-opus-4@20250514, claude-opus-4, true",
    "gemini-2.5-pro-v2.1, gemini-2.5-pro, true",
    "gpt-5-pro, gpt-5, false",
    "gpt-4o-mini-2024-07-18, gpt-4o, false",
    "gpt-4o, gpt-4o, false",
    "gpt-4o, gpt-4, false",
    "gpt-41, gpt-4, false"
  })
  void a_version_has_a_date_or_a_number_behind_the_name(String name, String alias, boolean is) {
    assertThat(PriceNames.isVersion(name, alias)).isEqualTo(is);
  }
}
