package io.claviger.client.run;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The variables by which programs find a provider and its key. A program that is run must find none
 * of these: it would pass Claviger by, or send a key of the user's to it.
 */
final class ProviderVariables {
  private static final Pattern CREDENTIAL_OR_ROUTE =
      Pattern.compile(
          "(?:OPENAI|AZURE_OPENAI|AZURE_AI|ANTHROPIC|GEMINI|GOOGLE_GEMINI|GOOGLE_GENAI|"
              + "GOOGLE_VERTEX|VERTEX|VERTEXAI|CO|COHERE|MISTRAL|OLLAMA|OPENROUTER|GROQ|DEEPSEEK|XAI|"
              + "TOGETHER|TOGETHERAI|FIREWORKS|FIREWORKS_AI|PERPLEXITY|PERPLEXITYAI|CEREBRAS|"
              + "HUGGINGFACE|HF|REPLICATE|NVIDIA|VOYAGE|JINA|LITELLM|AI_GATEWAY|BEDROCK|CODEX)"
              + "(?:_.*)?_(?:API_?)?(?:KEYS?|TOKEN|SECRET|URL|URI|BASE|HOST|ENDPOINT|ORG|ORG_ID|"
              + "ORGANIZATION|PROJECT|PROJECT_ID|HEADERS|LOCATION)");

  private static final Pattern OF_CLAVIGER = Pattern.compile("CLAVIGER_.*");

  private static final Pattern OTHER_ROUTES =
      Pattern.compile(
          "CLAUDE_CODE_(?:USE|SKIP)_.*|CLAUDE_CODE_OAUTH_.*|CLAUDE_CODE_API_KEY_.*|"
              + "ANTHROPIC_(?:BEDROCK|VERTEX|FOUNDRY|AWS)_.*|GOOGLE_GENAI_USE_.*");

  private static final Set<String> OTHERS =
      Set.of(
          "AWS_BEARER_TOKEN_BEDROCK",
          "AZURE_API_BASE",
          "AZURE_API_KEY",
          "GOOGLE_API_KEY",
          "GOOGLE_CLOUD_ACCESS_TOKEN",
          "OPENAI_API_TYPE");

  private ProviderVariables() {}

  /** Whether a program could find a provider, or a key, by a variable of this name. */
  static boolean contain(String name) {
    return OTHERS.contains(name)
        || CREDENTIAL_OR_ROUTE.matcher(name).matches()
        || OTHER_ROUTES.matcher(name).matches()
        || OF_CLAVIGER.matcher(name).matches();
  }

  /** Removes them. */
  static void removeFrom(Map<String, String> environment) {
    environment.keySet().removeIf(ProviderVariables::contain);
  }
}
