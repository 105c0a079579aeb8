package io.claviger.application.prices;

import io.claviger.domain.definitions.Provider;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.PicoDollars;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The fees that providers have published for the use of their tools, in dollars. Price lists seldom
 * contain such fees. If a model that writes text has a price without a fee for a tool, the
 * published fee applies. A fee of 0 means that the tool costs only tokens.
 */
public final class ToolFees {
  private static final List<Fee> NO_TOOLS =
      FeeKind.OF_TOOLS.stream().map(what -> new Fee(new FeePiece(what, ""), 0, 1)).toList();

  /**
   * The fees of OpenAI. The fees for images are the fees of the model that makes images in
   * conversations. OpenAI publishes no fees for qualities above {@code high}, which cost at least
   * as much. The fee for a container assumes 1 GB of memory if the call does not request more
   * memory.
   */
  private static final List<Fee> OPENAI =
      fees(
          "file_search 0.0025",
          "code_interpreter 0.03",
          "code_interpreter 0.12 4g",
          "code_interpreter 0.48 16g",
          "code_interpreter 1.92 64g",
          "image 0.063",
          "image 0.016 low",
          "image 0.25 high",
          "image 0.25 xhigh",
          "image 0.25 max",
          "computer_use 0");

  private static final Map<Provider, List<Fee>> OTHERS =
      Map.of(
          Provider.ANTHROPIC, fees("web_search 0.01", "code_interpreter 0.05"),
          Provider.BEDROCK, fees("grounding 0.03"),
          Provider.XAI,
              fees(
                  "web_search 0.005",
                  "web_search 0.005 post",
                  "web_search 0.01 profile",
                  "file_search 0.0025",
                  "file_search 0.01 attachments",
                  "code_interpreter 0.005"),
          Provider.GROQ, fees("web_search 0.008"),
          Provider.MISTRAL, fees("web_search 0.03", "code_interpreter 0.03", "image 0.1"),
          Provider.TOGETHER, NO_TOOLS,
          Provider.DEEPSEEK, fees("web_search 0.00075", "web_search 0.00075 fetch"),
          Provider.OLLAMA, NO_TOOLS,
          Provider.VLLM, NO_TOOLS);

  /** The fees of OpenRouter, except for searches. */
  private static final List<Fee> OPENROUTER = fees("web_search 0.0025 fetch", "page 0.002");

  private ToolFees() {}

  /**
   * Adds the provider's fees to the prices, for the tools for which the prices state no fee.
   *
   * @param model the name of the called model
   */
  public static CallPrices addTo(CallPrices prices, Provider provider, String model) {
    List<Fee> fees = of(provider, model);
    if (fees.isEmpty()) {
      return prices;
    }
    return provider.equals(Provider.OPENROUTER) // OpenRouter charges for tools of free models, too
        ? prices.withFeesAlthoughFree(fees)
        : prices.withFeesUnlessStated(fees);
  }

  private static List<Fee> of(Provider provider, String model) {
    boolean isOpenAi = provider.equals(Provider.OPENAI);
    if ((isOpenAi || provider.equals(Provider.AZURE)) && model.contains("image")) {
      return List.of(); // the model makes images itself; its price includes them
    }
    if (isOpenAi) {
      return ofOpenAi(model);
    }
    if (provider.equals(Provider.AZURE)) {
      return and(OPENAI, "web_search 0.014");
    }
    if (provider.equals(Provider.OPENROUTER)) {
      return and(OPENROUTER, "web_search " + (searchesItself(model) ? "0.025" : "0.02"));
    }
    if (provider.equals(Provider.GOOGLE) || provider.equals(Provider.VERTEX)) {
      boolean isOlder = model.contains("gemini-1") || model.contains("gemini-2");
      return fees(
          isOlder ? "grounding 0.035" : "grounding 0.014",
          isOlder ? "grounding 0.025 maps" : "grounding 0.014 maps",
          "web_search 0.01", // of Claude on Vertex AI
          "computer_use 0");
    }
    return OTHERS.getOrDefault(provider, List.of());
  }

  /**
   * With the present tool, a web search costs the same for all models. With the earlier tool, a
   * search costs more for models that do not reason, because OpenAI charges no tokens for what such
   * a search finds. Models that are made for searching use the earlier tool.
   */
  private static List<Fee> ofOpenAi(String model) {
    if (!model.contains("gpt-4")) {
      return and(OPENAI, "web_search 0.01");
    }
    return searchesItself(model)
        ? and(OPENAI, "web_search 0.025")
        : and(OPENAI, "web_search 0.01", "web_search 0.025 preview");
  }

  /** Whether a model of OpenAI searches before each answer, with OpenAI's earlier tool. */
  private static boolean searchesItself(String model) {
    return model.contains("search-preview");
  }

  private static List<Fee> and(List<Fee> fees, String... more) {
    return Stream.concat(fees.stream(), fees(more).stream()).toList();
  }

  /**
   * @param texts one text for each fee, with its kind, its amount and, if the fee depends on a
   *     quality, the quality
   */
  private static List<Fee> fees(String... texts) {
    return Stream.of(texts)
        .map(text -> text.split(" ", -1))
        .map(
            words ->
                new Fee(
                    new FeePiece(FeeKind.named(words[0]), words.length > 2 ? words[2] : ""),
                    PicoDollars.roundUp(new BigDecimal(words[1])),
                    1))
        .toList();
  }
}
