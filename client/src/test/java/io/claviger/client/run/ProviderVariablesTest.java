package io.claviger.client.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderVariablesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "OPENAI_API_BASE",
        "OPENAI_ORG_ID",
        "OPENAI_ORGANIZATION",
        "OPENAI_PROJECT_ID",
        "OPENAI_API_TYPE",
        "AZURE_OPENAI_API_KEY",
        "AZURE_OPENAI_ENDPOINT",
        "AZURE_API_BASE",
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_AUTH_TOKEN",
        "ANTHROPIC_BASE_URL",
        "ANTHROPIC_CUSTOM_HEADERS",
        "ANTHROPIC_BEDROCK_BASE_URL",
        "ANTHROPIC_VERTEX_PROJECT_ID",
        "CLAUDE_CODE_USE_BEDROCK",
        "CLAUDE_CODE_USE_VERTEX",
        "CLAUDE_CODE_SKIP_BEDROCK_AUTH",
        "CLAUDE_CODE_USE_ANTHROPIC_AWS",
        "CLAUDE_CODE_OAUTH_TOKEN",
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_ENDPOINT_URL_BEDROCK",
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "GEMINI_API_KEY",
        "GOOGLE_API_KEY",
        "GOOGLE_CLOUD_LOCATION",
        "GOOGLE_CLOUD_PROJECT",
        "GOOGLE_GEMINI_BASE_URL",
        "GOOGLE_VERTEX_BASE_URL",
        "GOOGLE_GENAI_USE_VERTEXAI",
        "CO_API_KEY",
        "CO_API_URL",
        "COHERE_API_KEY",
        "MISTRAL_API_KEY",
        "OLLAMA_HOST",
        "OLLAMA_API_KEY",
        "OPENROUTER_API_KEY",
        "AI_GATEWAY_API_KEY",
        "CODEX_API_KEY",
        "LITELLM_API_KEY",
        "HUGGING_FACE_HUB_TOKEN",
        "HF_TOKEN",
        "DASHSCOPE_API_KEY",
        "ZHIPUAI_API_KEY",
        "MOONSHOT_API_KEY",
        "MOONSHOT_BASE_URL",
        "AI21_API_KEY",
        "SAMBANOVA_API_KEY",
        "SAMBANOVA_URL",
        "LLM_API_KEY",
        "LLM_KEY",
        "OPENAI_PROXY",
        "ANTHROPIC_UNIX_SOCKET",
        "openai_api_key",
        "Anthropic_Base_Url",
        "openai_proxy",
        "claviger_admin_token",
        "NOBODY_KNOWS_API_KEY",
        "NOBODY_KNOWS_APIKEY",
        "NOBODY_KNOWS_API_TOKEN",
        "NOBODY_KNOWS_BASE_URL",
        "NOBODY_KNOWS_API_BASE",
        "API_KEY",
        "CLAVIGER_ADMIN_TOKEN",
        "CLAVIGER_DEPLOYMENT_KEY_OPENAI"
      })
  void a_key_or_a_route_is_taken_out(String name) {
    assertThat(ProviderVariables.contain(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PATH",
        "HOME",
        "EDITOR",
        "OPENAI_LOG",
        "OPENAI_MODEL",
        "ANTHROPIC_MODEL",
        "ANTHROPIC_SMALL_FAST_MODEL",
        "CLAUDE_CONFIG_DIR",
        "CLAUDE_CODE_CLIENT_CERT",
        "CLAUDE_CODE_CLIENT_KEY",
        "CLAUDE_CODE_SKIP_PROMPT_HISTORY",
        "CLAUDE_CODE_USE_POWERSHELL_TOOL",
        "GEMINI_CLI_IDE_AUTH_TOKEN",
        "CODEX_HOME",
        "GEMINI_MODEL",
        "GITHUB_TOKEN",
        "AWS_REGION",
        "MY_OPENAI_NOTES",
        "COLUMNS",
        "HTTPS_PROXY",
        "https_proxy",
        "NO_PROXY",
        "SSH_AUTH_SOCK",
        "DATABASE_URL",
        "BASE_URL",
        "AWS_PROFILE",
        "KEY"
      })
  void all_else_stays(String name) {
    assertThat(ProviderVariables.contain(name)).isFalse();
  }

  /** Codex would call OpenAI with the person's own sign-in. */
  @Test
  void codex_is_known_to_read_its_settings_alone() {
    assertThat(ProviderVariables.areReadBy("codex")).isFalse();
    assertThat(ProviderVariables.areReadBy("codex.exe")).isFalse();
    assertThat(ProviderVariables.areReadBy("claude")).isTrue();
    assertThat(ProviderVariables.areReadBy("python3")).isTrue();
  }

  @Test
  void what_only_looks_like_a_providers_is_named_and_can_be_kept() {
    Map<String, String> environment = new HashMap<>();
    environment.put("OPENAI_API_KEY", "1");
    environment.put("STRIPE_API_KEY", "2");
    environment.put("DATADOG_API_KEY", "3");
    environment.put("PATH", "4");

    assertThat(ProviderVariables.removeFrom(environment, Set.of("DATADOG_API_KEY")))
        .containsExactly("STRIPE_API_KEY");
    assertThat(environment).containsOnlyKeys("DATADOG_API_KEY", "PATH");
  }

  @Test
  void the_sdks_of_aws_send_the_token_only_to_the_gateway() {
    assertThat(SdkFormat.BEDROCK.variables("https://gateway", "token", Optional.empty()))
        .containsEntry("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "https://gateway")
        .containsEntry("AWS_ENDPOINT_URL_BEDROCK", "https://gateway")
        .containsEntry("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false");
  }

  @Test
  void sdks_for_vertex_are_never_led_to_the_other_api_of_google() {
    assertThat(SdkFormat.VERTEX.variables("https://gateway", "token", Optional.empty()))
        .containsEntry("GOOGLE_GENAI_USE_VERTEXAI", "true");
  }
}
