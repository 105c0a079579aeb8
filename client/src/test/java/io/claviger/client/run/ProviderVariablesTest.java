package io.claviger.client.run;

import static org.assertj.core.api.Assertions.assertThat;

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
        "CLAUDE_CODE_OAUTH_TOKEN",
        "AWS_BEARER_TOKEN_BEDROCK",
        "GEMINI_API_KEY",
        "GOOGLE_API_KEY",
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
        "CODEX_HOME",
        "GEMINI_MODEL",
        "GITHUB_TOKEN",
        "AWS_REGION",
        "MY_OPENAI_NOTES",
        "COLUMNS",
        "HTTPS_PROXY"
      })
  void all_else_stays(String name) {
    assertThat(ProviderVariables.contain(name)).isFalse();
  }
}
