package io.claviger.imports.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.budgets.BudgetZone;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
  private static final String SECRET = "sk-never-shown";

  @Test
  void readsModelsCredentialsAndTheMasterKeyAndNamesTheRest() {
    ConfigFile file =
        ConfigFile.of(
            """
            model_list:
              - model_name: fast
                litellm_params: {model: openai/gpt-4o, api_key: os.environ/KEY, tpm: 100, nested: {a: b}, none: []}
                model_info: {access_groups: [everyday]}
              - model_name: fast
                litellm_params: {model: azure/eu, api_version: 2024-10-21, litellm_credential_name: eu}
            credential_list:
              - credential_name: eu
                credential_values: {api_key: sk-never-shown}
            general_settings: {master_key: sk-1234, pass_through_endpoints: []}
            litellm_settings: {cache: true, fallbacks: []}
            guardrails: []
            """);

    assertThat(file.deployments())
        .extracting("id")
        .containsExactly("config/fast/1", "config/fast/2");
    assertThat(file.deployments().get(0).parameters())
        .isEqualTo(
            Map.of(
                "model", "openai/gpt-4o", "api_key", "os.environ/KEY", "tpm", "100", "nested", ""));
    assertThat(file.deployments().get(0).inAccessGroups()).containsExactly("everyday");
    assertThat(file.deployments().get(1).parameters()).containsEntry("api_version", "2024-10-21");
    assertThat(file.credentials().get("eu").values()).containsEntry("api_key", SECRET);
    assertThat(file.masterKey()).isEqualTo(Optional.of("sk-1234"));
    assertThat(file.hidden())
        .isEqualTo(
            Set.of("caches", "fallbacks between models", "guardrails", "pass-through endpoints"));
    assertThat(file.toString() + file.deployments() + file.credentials()).doesNotContain("sk-");
  }

  @Test
  void namesThatLeadToOtherModelsAreKnown() {
    ConfigFile file =
        ConfigFile.of(
            """
            router_settings:
              model_group_alias: {gpt: mini, same: same, big: {model: small, hidden: true}}
            """);

    assertThat(file.shadowed()).containsExactlyInAnyOrder("gpt", "big");
    assertThat(
            file.with(Map.of("router_settings", "{\"model_group_alias\": {\"new\": \"mini\"}}"))
                .shadowed())
        .containsExactlyInAnyOrder("gpt", "big", "new");
    assertThat(ConfigFile.of("router_settings: {model_group_alias: [gpt]}").shadowed()).isEmpty();
    ConfigFile ofSettings =
        ConfigFile.of("litellm_settings: {model_alias_map: {gpt: azure/gpt, same: same}}");
    assertThat(ofSettings.shadowed()).containsExactly("gpt");
    assertThat(ofSettings.hidden()).containsExactly("further names of models");
  }

  @Test
  void namesTheLimitsOfAllCalls() {
    assertThat(
            ConfigFile.of(
                    """
                    litellm_settings:
                      {max_budget: 100, tag_budget_config: {a: {max_budget: 1}}, max_end_user_budget: 0.5}
                    router_settings: {provider_budget_config: {openai: {budget_limit: 1}}}
                    general_settings:
                      global_max_parallel_requests: os.environ/MOST
                      allowed_ips: [10.0.0.7]
                      allowed_routes: [chat/completions]
                    """)
                .bounds())
        .containsExactlyInAnyOrder(
            "a budget of the whole proxy",
            "a budget of each end user",
            "addresses from which calls are allowed",
            "allowed routes of all keys",
            "budgets of tags",
            "budgets of providers",
            "parallel calls of the whole proxy");
    assertThat(
            ConfigFile.of(
                    """
                    litellm_settings: {max_budget: 0.0, tag_budget_config: {}}
                    router_settings: {provider_budget_config: null}
                    general_settings:
                      global_max_parallel_requests: 0
                      allowed_routes: [llm_api_routes]
                    """)
                .bounds())
        .as("LiteLLM limits nothing with these that Claviger does not limit")
        .isEmpty();
  }

  @Test
  void aSharedBudgetThatEachEndUserGetsIsALimitOfAllCalls() {
    assertThat(ConfigFile.of("litellm_settings: {max_end_user_budget_id: each}").bounds())
        .containsExactly("a budget of each end user");
    assertThat(ConfigFile.of("litellm_settings: {max_end_user_budget_id: null}").bounds())
        .isEmpty();
  }

  @Test
  void settingsInTheDatabaseAreReadAsThoseOfTheFile() {
    ConfigFile file = ConfigFile.of("litellm_settings: {cache: true, max_budget: 100}");

    ConfigFile whole =
        file.with(
            Map.of(
                "litellm_settings",
                "{\"max_budget\": 0, \"tag_budget_config\": {\"a\": {\"max_budget\": 1}}}",
                "router_settings",
                "{\"provider_budget_config\": {\"openai\": {\"budget_limit\": 1}}, \"fallbacks\": []}"));

    assertThat(whole.bounds())
        .containsExactlyInAnyOrder(
            "a budget of the whole proxy", "budgets of tags", "budgets of providers");
    assertThat(whole.hidden()).containsExactlyInAnyOrder("caches", "fallbacks between models");
    assertThat(ConfigFile.NONE.with(Map.of())).isEqualTo(ConfigFile.NONE);
    assertThatExceptionOfType(ConfigFile.Unreadable.class)
        .isThrownBy(() -> file.with(Map.of("general_settings", "[\"sk-never-shown\"")))
        .withMessageNotContaining(SECRET);
  }

  @Test
  void variablesOfTheFileAreReadWithoutReferencesToOtherVariables() {
    ConfigFile file =
        ConfigFile.of(
            """
            environment_variables: {KEY: sk-never-shown, PORT: 4000, OTHER: os.environ/X, LIST: [a]}
            """);

    assertThat(file.variables()).isEqualTo(Map.of("KEY", SECRET, "PORT", "4000"));
    assertThat(file.toString()).doesNotContain("sk-");
  }

  @Test
  void whetherModelsOfTheDatabaseAreCalledIsReadFromTheFileAndTheDatabase() {
    ConfigFile on = ConfigFile.of("general_settings: {store_model_in_db: true}");
    ConfigFile off = ConfigFile.of("general_settings: {store_model_in_db: false}");
    Map<String, String> stored = Map.of("general_settings", "{\"store_model_in_db\": true}");

    assertThat(ConfigFile.of("model_list: []").storesModels()).isEmpty();
    assertThat(on.storesModels()).contains(true);
    assertThat(off.storesModels()).contains(false);
    assertThat(off.with(Map.of()).storesModels()).contains(false);
    assertThat(off.with(stored).storesModels()).contains(true);
  }

  @Test
  void readsInWhichTimeZoneBudgetsBeginAgain() {
    ConfigFile file = ConfigFile.of("litellm_settings: {timezone: Europe/Berlin}");

    assertThat(file.zone()).contains(new BudgetZone("Europe/Berlin"));
    assertThat(file.hidden()).isEmpty();
    assertThat(file.with(Map.of("litellm_settings", "{\"timezone\": \"Asia/Tokyo\"}")).zone())
        .contains(new BudgetZone("Asia/Tokyo"));
    assertThat(file.with(Map.of("litellm_settings", "{\"cache\": true}")).zone())
        .contains(new BudgetZone("Europe/Berlin"));
    assertThat(file.with(Map.of("litellm_settings", "{\"timezone\": \"CET\"}")))
        .satisfies(with -> assertThat(with.zone()).isEmpty())
        .satisfies(with -> assertThat(with.hidden()).containsExactly("the time zone of budgets"));
    assertThat(ConfigFile.of("litellm_settings: {budget_reset_time: '00:00'}").hidden()).isEmpty();
    ConfigFile unknown =
        ConfigFile.of("litellm_settings: {timezone: CET, budget_reset_time: '12:00'}");
    assertThat(unknown.zone()).isEmpty();
    assertThat(unknown.hidden())
        .containsExactlyInAnyOrder(
            "the time zone of budgets", "the time of day at which budgets are reset");
    ConfigFile known = unknown.with(Map.of("litellm_settings", "{\"timezone\": \"Asia/Tokyo\"}"));
    assertThat(known.zone()).contains(new BudgetZone("Asia/Tokyo"));
    assertThat(known.hidden()).containsExactly("the time of day at which budgets are reset");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "- sk-never-shown",
        "sk-never-shown",
        "model_list: sk-never-shown",
        "model_list: [{litellm_params: {api_key: sk-never-shown}}]",
        "model_list: [sk-never-shown",
        "a: 1\na: sk-never-shown",
        "&a [*a, sk-never-shown]: 1",
        "credential_list: {a: sk-never-shown}",
        "model_list: !!java.io.File [sk-never-shown]"
      })
  void aFileThatIsNoConfigurationIsRefusedWithoutItsContent(String text) {
    assertThatExceptionOfType(ConfigFile.Unreadable.class)
        .isThrownBy(() -> ConfigFile.of(text))
        .withMessageNotContaining(SECRET);
  }

  @Test
  void listsThatNameThemselvesManyTimesAreRefused() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x]\n");
    for (int n = 1; n <= 40; n++) {
      text.append("a%1$d: &a%1$d [%2$s]\n".formatted(n, "*a%d, ".formatted(n - 1).repeat(9)));
    }
    assertThatExceptionOfType(ConfigFile.Unreadable.class)
        .isThrownBy(() -> ConfigFile.of(text.toString()));
    assertThatExceptionOfType(ConfigFile.Unreadable.class)
        .isThrownBy(() -> ConfigFile.of("[".repeat(100_000)));
  }
}
