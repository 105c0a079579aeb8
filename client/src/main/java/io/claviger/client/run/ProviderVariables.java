package io.claviger.client.run;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The environment variables from which programs take a provider and its key. A program started by
 * {@code claviger run} must not find any of these variables, because the program would then bypass
 * Claviger, or send one of the user's own keys to Claviger.
 */
final class ProviderVariables {
  private static final Pattern CREDENTIAL_OR_ROUTE =
      Pattern.compile(
          "(?:OPENAI|CHATGPT|AZURE_OPENAI|AZURE_AI|ANTHROPIC|CLAUDE|GEMINI|GOOGLE_GEMINI|"
              + "GOOGLE_GENAI|GOOGLE_VERTEX|VERTEX|VERTEXAI|CO|COHERE|MISTRAL|OLLAMA|OPENROUTER|"
              + "GROQ|DEEPSEEK|XAI|TOGETHER|TOGETHERAI|FIREWORKS|FIREWORKS_AI|PERPLEXITY|"
              + "PERPLEXITYAI|CEREBRAS|HUGGINGFACE|HUGGING_FACE|HUGGINGFACEHUB|HF|REPLICATE|NVIDIA|"
              + "VOYAGE|JINA|LITELLM|AI_GATEWAY|BEDROCK|CODEX|DASHSCOPE|QWEN|ZHIPU|ZHIPUAI|ZAI|"
              + "MOONSHOT|KIMI|MINIMAX|BAICHUAN|SILICONFLOW|VOLCENGINE|ARK|AI21|SAMBANOVA|NEBIUS|"
              + "NOVITA|HYPERBOLIC|DEEPINFRA|ANYSCALE|FRIENDLI|BASETEN|UPSTAGE|REKA|ALEPH_ALPHA|"
              + "WATSONX|GIGACHAT|PORTKEY|HELICONE|LLM|VLLM|LMSTUDIO|LM_STUDIO|LLAMA)"
              + "(?:_.*)?_(?:API_?)?(?:KEYS?|TOKEN|SECRET|URL|URI|BASE|HOST|ENDPOINT|ORG|ORG_ID|"
              + "ORGANIZATION|PROJECT|PROJECT_ID|HEADERS|LOCATION|PROXY|SOCKET)");

  /**
   * The form that the names of providers' variables usually have. The form serves to find the
   * variables of providers that are not listed here.
   */
  private static final Pattern LOOKS_LIKE_ONE =
      Pattern.compile("(?:.*_)?API_?KEYS?|.*_(?:API_?TOKEN|API_BASE|BASE_UR[LI])");

  private static final Pattern OF_CLAVIGER = Pattern.compile("CLAVIGER_.*");

  private static final Pattern OTHER_ROUTES =
      Pattern.compile(
          "CLAUDE_CODE_USE_.*|CLAUDE_CODE_SKIP_.*_AUTH|CLAUDE_CODE_OAUTH_.*|CLAUDE_CODE_API_KEY_.*|"
              + "ANTHROPIC_(?:BEDROCK|VERTEX|FOUNDRY|AWS)_.*|GOOGLE_GENAI_USE_.*");

  private static final Set<String> OTHERS =
      Set.of(
          "AWS_BEARER_TOKEN_BEDROCK",
          "AWS_ENDPOINT_URL_BEDROCK",
          "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
          "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
          "AZURE_API_BASE",
          "AZURE_API_KEY",
          "GOOGLE_API_KEY",
          "GOOGLE_CLOUD_ACCESS_TOKEN",
          "GOOGLE_CLOUD_LOCATION",
          "GOOGLE_CLOUD_PROJECT",
          "OPENAI_API_TYPE");

  /**
   * Settings of coding agents whose names look like those of keys or routes. The first two belong
   * to connections with the gateway and with an editor.
   */
  private static final Set<String> SETTINGS =
      Set.of(
          "CLAUDE_CODE_CLIENT_KEY",
          "GEMINI_CLI_IDE_AUTH_TOKEN",
          "CLAUDE_CODE_USE_NATIVE_FILE_SEARCH",
          "CLAUDE_CODE_USE_POWERSHELL_TOOL");

  /** The programs that take the address of their provider only from their own settings. */
  private static final Set<String> WITH_SETTINGS = Set.of("codex");

  private ProviderVariables() {}

  /**
   * Whether a program with the given file name takes the address of its provider from variables.
   */
  static boolean areReadBy(String program) {
    return !WITH_SETTINGS.contains(program.toLowerCase(Locale.ROOT).replaceFirst("\\.exe$", ""));
  }

  /** Whether a program could take a provider or a key from a variable with the given name. */
  static boolean contain(String name) {
    return areKnownToContain(name) || looksLikeOne(name);
  }

  /**
   * Whether a variable with the given name is known to contain a provider or its key. Names are
   * case-insensitive, because programs also read some variables in lower case.
   */
  private static boolean areKnownToContain(String given) {
    String name = given.toUpperCase(Locale.ROOT);
    return !SETTINGS.contains(name)
        && (OTHERS.contains(name)
            || CREDENTIAL_OR_ROUTE.matcher(name).matches()
            || OTHER_ROUTES.matcher(name).matches()
            || OF_CLAVIGER.matcher(name).matches());
  }

  private static boolean looksLikeOne(String name) {
    return LOOKS_LIKE_ONE.matcher(name.toUpperCase(Locale.ROOT)).matches();
  }

  /**
   * Removes such variables.
   *
   * @param kept the names of the variables that are not removed
   * @return the sorted names of the variables that were removed only because they look like a
   *     provider's variables
   */
  static SortedSet<String> removeFrom(Map<String, String> environment, Set<String> kept) {
    SortedSet<String> suspected = new TreeSet<>();
    environment
        .keySet()
        .removeIf(
            name -> {
              boolean removed = contain(name) && !kept.contains(name);
              if (removed && !areKnownToContain(name)) {
                suspected.add(name);
              }
              return removed;
            });
    return suspected;
  }
}
