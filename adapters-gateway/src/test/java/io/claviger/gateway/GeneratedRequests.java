package io.claviger.gateway;

import io.claviger.domain.definitions.Provider;
import io.claviger.domain.standards.WireFormat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Random requests for the operations of several providers. Each request tells the stub what it uses
 * within what the request allows.
 */
final class GeneratedRequests {
  private GeneratedRequests() {}

  /** An operation of a provider, and how random requests for it are made. */
  record Operation(Provider provider, WireFormat format, String path, Consumer<Draw> body) {
    Operation(Provider provider, String path, Consumer<Draw> body) {
      this(provider, provider.defaultFormat(), path, body);
    }

    /** Whether the operation can be called on a WebSocket, too. */
    boolean mayConverse() {
      return provider.equals(Provider.OPENAI) && path.equals("responses");
    }
  }

  static final List<Operation> OPERATIONS =
      List.of(
          new Operation(Provider.OPENAI, "chat/completions", GeneratedRequests::openAiChat),
          new Operation(Provider.MISTRAL, "chat/completions", GeneratedRequests::mistralChat),
          new Operation(Provider.GROQ, "chat/completions", GeneratedRequests::groqChat),
          new Operation(Provider.OPENROUTER, "chat/completions", GeneratedRequests::openAiChat),
          new Operation(Provider.OPENROUTER, "chat/completions", GeneratedRequests::routedChat),
          new Operation(Provider.OPENAI, "completions", GeneratedRequests::completion),
          new Operation(Provider.OPENAI, "responses", GeneratedRequests::response),
          new Operation(Provider.XAI, "responses", GeneratedRequests::responseOfXai),
          new Operation(Provider.OPENAI, "embeddings", GeneratedRequests::embedding),
          new Operation(Provider.OPENAI, "images/generations", GeneratedRequests::images),
          new Operation(Provider.OPENAI, "audio/speech", GeneratedRequests::speech),
          new Operation(Provider.MISTRAL, "ocr", GeneratedRequests::pages),
          new Operation(Provider.VLLM, "rerank", GeneratedRequests::ranking),
          new Operation(Provider.ANTHROPIC, "v1/messages", GeneratedRequests::message),
          new Operation(
              Provider.GOOGLE,
              "v1beta/models/%s:generateContent",
              draw -> generated(draw, "gemini-3-pro", "gemini-2.5-pro")),
          new Operation(
              Provider.GOOGLE,
              "v1beta/models/%s:streamGenerateContent?alt=sse",
              draw -> generated(draw, "gemini-3-pro", "gemini-2.5-pro")),
          new Operation(Provider.COHERE, "v2/chat", GeneratedRequests::cohereChat),
          new Operation(Provider.COHERE, "v2/rerank", GeneratedRequests::ranking),
          new Operation(
              Provider.OLLAMA, WireFormat.OLLAMA, "api/chat", GeneratedRequests::ollamaChat),
          new Operation(Provider.BEDROCK, "model/%s/converse", GeneratedRequests::converse),
          new Operation(Provider.BEDROCK, "model/%s/converse-stream", GeneratedRequests::converse),
          new Operation(
              Provider.VERTEX,
              "publishers/google/models/%s:generateContent",
              draw -> generated(draw, "gemini-3-pro", "gemini-2.5-flash")));

  /** Draws the members of a body, and what the provider uses within what they allow. */
  static final class Draw {
    private final Random random;
    private final List<String> members = new ArrayList<>();
    private final Map<String, Integer> uses = new LinkedHashMap<>();
    private String tier = "";
    private String model = "m";
    private String search = "";

    Draw(Random random) {
      this.random = random;
    }

    boolean oneIn(int many) {
      return random.nextInt(many) == 0;
    }

    int below(int bound) {
      return random.nextInt(bound);
    }

    int between(int least, int most) {
      return least + random.nextInt(most - least + 1);
    }

    String any(String... values) {
      return values[random.nextInt(values.length)];
    }

    void member(String json) {
      members.add(json);
    }

    /** Adds some of these members. */
    void some(String... optional) {
      for (String each : optional) {
        if (oneIn(5)) {
          member(each);
        }
      }
    }

    void model(String... names) {
      model = any(names);
    }

    void named() {
      member("\"model\":\"" + model + "\"");
    }

    void uses(String what, int most) {
      if (most > 0 && oneIn(2)) {
        Integer unused = uses.merge(what, between(1, most), Integer::sum);
      }
    }

    /** Tokens that are stated beside the plain ones. */
    void tokens(String... parts) {
      for (String part : parts) {
        uses(part, 150);
      }
    }

    /** What the last text of the request says, with the instructions for the stub. */
    String prompt() {
      String said = "word ".repeat(between(1, 60)).strip();
      String used =
          uses.entrySet().stream()
              .map(each -> " " + each.getKey() + "=" + each.getValue())
              .collect(Collectors.joining());
      return said
          + (used.isEmpty() ? "" : " stub:usage" + used)
          + (tier.isEmpty() ? "" : " stub:tier " + tier);
    }

    String modelName() {
      return model;
    }

    /** The quality of the drawn tool for searches; empty if the quality makes no difference. */
    String search() {
      return search;
    }

    String body() {
      Collections.shuffle(members, random);
      return "{" + String.join(",", members) + "}";
    }
  }

  private static String text(Draw draw) {
    return "{\"type\":\"text\",\"text\":\"" + draw.prompt() + "\"}";
  }

  private static String messages(Draw draw) {
    String content = draw.oneIn(2) ? "\"" + draw.prompt() + "\"" : "[" + text(draw) + "]";
    return "\"messages\":[{\"role\":\"user\",\"content\":" + content + "}]";
  }

  private static final String[] OF_ANY = {
    "\"temperature\":0.5",
    "\"top_p\":0.9",
    "\"seed\":7",
    "\"metadata\":{\"n\":\"9\"}",
    "\"user\":\"u\"",
    "\"stop\":[\"x\"]",
    "\"frequency_penalty\":0",
    "\"presence_penalty\":null",
    "\"logit_bias\":{\"5\":1}",
    "\"logprobs\":false",
    "\"top_logprobs\":0",
    "\"store\":false",
    "\"parallel_tool_calls\":true",
    "\"verbosity\":\"low\"",
    "\"safety_identifier\":\"s\"",
    "\"prompt_cache_key\":\"k\"",
    "\"prompt_cache_retention\":\"24h\"",
    "\"unheard_of\":5"
  };

  private static void tierOfOpenAi(Draw draw) {
    String tier = draw.any("", "auto", "default", "flex", "priority", "fast", "null");
    if (!tier.isEmpty()) {
      draw.member("\"service_tier\":" + (tier.equals("null") ? tier : "\"" + tier + "\""));
    }
    if (draw.oneIn(4)) {
      draw.member("\"speed\":" + draw.any("\"fast\"", "\"standard\"", "1.5"));
    }
    boolean isChosen = tier.isEmpty() || tier.equals("auto") || tier.equals("null");
    draw.tier = isChosen && draw.oneIn(2) ? draw.any("flex", "priority", "default") : "";
  }

  private static void maximum(Draw draw, String... names) {
    if (!draw.oneIn(6)) {
      draw.member("\"%s\":%d".formatted(draw.any(names), draw.between(800, 4_000)));
    }
  }

  private static void openAiChat(Draw draw) {
    draw.model("m", "gpt-4o-search-preview", "o3");
    draw.named();
    draw.some(OF_ANY);
    draw.some(
        "\"reasoning_effort\":\"low\"",
        "\"modalities\":[\"text\",\"audio\"]",
        "\"audio\":{\"format\":\"mp3\",\"voice\":\"v\"}",
        "\"response_format\":{\"type\":\"json_object\"}",
        "\"prediction\":{\"type\":\"content\",\"content\":\"guess\"}",
        "\"web_search_options\":{\"search_context_size\":\"high\"}",
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]",
        "\"tool_choice\":\"auto\"",
        "\"functions\":[]",
        "\"moderation\":{\"model\":\"omni-moderation-latest\"}");
    tierOfOpenAi(draw);
    maximum(draw, "max_tokens", "max_completion_tokens");
    if (draw.oneIn(2)) {
      draw.member("\"n\":" + draw.between(1, 5));
    }
    streamed(draw);
    draw.tokens("cached", "written_5m", "reasoning", "audio_in", "audio_out");
    draw.member(messages(draw));
  }

  private static void streamed(Draw draw) {
    if (draw.oneIn(2)) {
      draw.member("\"stream\":" + draw.any("true", "true", "false", "null"));
      draw.some(
          "\"stream_options\":{\"include_usage\":true}",
          "\"stream_options\":{\"include_usage\":false,\"include_obfuscation\":false}");
    }
  }

  private static void mistralChat(Draw draw) {
    draw.named();
    draw.some(OF_ANY);
    draw.some("\"safe_prompt\":true", "\"prompt_mode\":\"reasoning\"", "\"random_seed\":1");
    maximum(draw, "max_tokens");
    if (draw.oneIn(2)) {
      draw.member("\"tools\":[{\"type\":\"image_generation\"}]");
      draw.uses("image", 3);
    } else {
      streamed(draw);
    }
    draw.member(messages(draw));
  }

  private static void groqChat(Draw draw) {
    draw.named();
    draw.some(OF_ANY);
    draw.some("\"reasoning_format\":\"parsed\"", "\"include_reasoning\":true");
    maximum(draw, "max_tokens", "max_completion_tokens");
    if (draw.oneIn(2)) {
      draw.member("\"tools\":[{\"type\":\"browser_search\"}]");
      draw.uses("web_search", 5);
    }
    draw.tokens("cached", "reasoning");
    draw.member(messages(draw));
  }

  private static void routedChat(Draw draw) {
    draw.named();
    draw.some(OF_ANY);
    maximum(draw, "max_tokens", "max_completion_tokens");
    if (draw.oneIn(2)) {
      draw.member("\"n\":" + draw.between(1, 3));
    }
    if (!draw.oneIn(3)) {
      List<String> offered = new ArrayList<>();
      if (draw.oneIn(2)) {
        offered.add(
            "{\"type\":\"openrouter:web_search\"%s}"
                .formatted(draw.any("", ",\"parameters\":{\"max_results\":25}")));
        draw.uses("routed_search", 20);
      }
      offered.add("{\"type\":\"openrouter:web_fetch\"}");
      draw.uses("routed_fetch", 20);
      draw.member("\"tools\":[" + String.join(",", offered) + "]");
    }
    streamed(draw);
    draw.tokens("cached", "written_5m", "reasoning");
    draw.member(messages(draw));
  }

  private static void completion(Draw draw) {
    draw.named();
    draw.some(OF_ANY);
    draw.some("\"suffix\":\"end\"", "\"echo\":true", "\"best_of\":3");
    maximum(draw, "max_tokens");
    streamed(draw);
    if (draw.oneIn(2)) {
      draw.member("\"n\":" + draw.between(1, 3));
    }
    draw.member("\"prompt\":\"" + draw.prompt() + "\"");
  }

  private static void response(Draw draw) {
    draw.model("m", "o3", "gpt-4.1");
    draw.named();
    draw.some(
        "\"temperature\":0.5",
        "\"top_p\":0.9",
        "\"metadata\":{\"n\":\"9\"}",
        "\"user\":\"u\"",
        "\"store\":false",
        "\"include\":[]",
        "\"instructions\":\"be brief\"",
        "\"parallel_tool_calls\":true",
        "\"reasoning\":{\"effort\":\"low\"}",
        "\"text\":{\"verbosity\":\"low\"}",
        "\"truncation\":\"auto\"",
        "\"top_logprobs\":0",
        "\"tool_choice\":\"auto\"",
        "\"background\":false",
        "\"prompt_cache_key\":\"k\"",
        "\"safety_identifier\":\"s\"",
        "\"multi_agent\":{\"max_agents\":2}",
        "\"context_management\":[{\"type\":\"compaction\",\"compact_threshold\":9000}]");
    tierOfOpenAi(draw);
    maximum(draw, "max_output_tokens");
    int most = draw.between(0, 6);
    boolean isCapped = draw.oneIn(2);
    if (isCapped) {
      draw.member("\"max_tool_calls\":" + most);
    }
    tools(draw, isCapped ? most : 6);
    if (draw.oneIn(2)) {
      draw.member("\"stream\":true");
    }
    draw.tokens("cached", "written_5m", "reasoning");
    String said = "\"" + draw.prompt() + "\"";
    draw.member(
        "\"input\":"
            + (draw.oneIn(2)
                ? said
                : "[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":"
                    + said
                    + "}]}]"));
  }

  private static void responseOfXai(Draw draw) {
    draw.model("grok-4");
    draw.named();
    draw.some("\"temperature\":0.5", "\"store\":false", "\"max_tool_calls\":1");
    maximum(draw, "max_output_tokens");
    List<String> offered = new ArrayList<>();
    if (draw.oneIn(2)) {
      offered.add("{\"type\":\"x_search\"}");
      draw.uses("post", 200);
      draw.uses("profile", 50);
    }
    if (draw.oneIn(2)) {
      offered.add("{\"type\":\"web_search\"}");
      draw.uses("web_search", 20);
    }
    if (draw.oneIn(3)) {
      offered.add("{\"type\":\"code_execution\"}");
      draw.uses("code_interpreter", 20);
    }
    offers(draw, offered);
    if (draw.oneIn(2)) {
      draw.member("\"stream\":true");
    }
    draw.tokens("cached", "reasoning");
    draw.member("\"input\":\"" + draw.prompt() + "\"");
  }

  private static void offers(Draw draw, List<String> tools) {
    if (!tools.isEmpty()) {
      draw.member("\"tools\":[" + String.join(",", tools) + "]");
    }
  }

  /** Offers tools of the provider, which use up the calls one after the other. */
  private static void tools(Draw draw, int calls) {
    List<String> offered = new ArrayList<>();
    int left = calls;
    if (draw.oneIn(2)) {
      String type = draw.any("web_search", "web_search_preview", "web_search_2025_08_26");
      String size =
          draw.any(
              "",
              "null",
              "\"low\"",
              "\"medium\"",
              "\"high\"",
              "\"vast\"",
              "\"usual\"",
              "\"fetch\"",
              "7",
              "[\"low\"]");
      offered.add(
          "{\"type\":\"%s\"%s}"
              .formatted(type, size.isEmpty() ? "" : ",\"search_context_size\":" + size));
      draw.search = search(type.contains("preview"), size);
      left -= used(draw, "web_search", left);
    }
    if (draw.oneIn(3)) {
      offered.add("{\"type\":\"file_search\",\"vector_store_ids\":[]}");
      left -= used(draw, "file_search", left);
    }
    if (draw.oneIn(4)) {
      offered.add("{\"type\":\"image_generation\",\"quality\":\"high\",\"size\":\"1024x1536\"}");
      left -= used(draw, "image", left);
    }
    if (draw.oneIn(4)) {
      offered.add("{\"type\":\"computer\"}");
      int unused = used(draw, "computer_use", 5);
    }
    if (left > 0 && draw.oneIn(3)) {
      offered.add(
          "{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"%s}}"
              .formatted(draw.any("", "", ",\"memory_limit\":\"4g\"")));
    }
    offers(draw, offered);
  }

  /** Returns the quality of a search; {@code dearest} if the size is not one of those known. */
  private static String search(boolean isPreview, String size) {
    String tool = isPreview ? "preview" : "";
    return switch (size) {
      case "", "null" -> tool;
      case "\"low\"", "\"medium\"", "\"high\"" ->
          tool + (isPreview ? "/" : "") + size.replace("\"", "");
      default -> "dearest";
    };
  }

  private static int used(Draw draw, String what, int most) {
    draw.uses(what, most);
    return draw.uses.getOrDefault(what, 0);
  }

  private static void embedding(Draw draw) {
    draw.named();
    draw.some("\"dimensions\":8", "\"encoding_format\":\"float\"", "\"user\":\"u\"");
    String inputs =
        IntStream.range(0, draw.between(1, 5))
            .mapToObj(i -> "\"" + draw.prompt() + "\"")
            .collect(Collectors.joining(","));
    draw.member("\"input\":[" + inputs + "]");
  }

  private static void images(Draw draw) {
    draw.named();
    draw.some(
        "\"background\":\"auto\"",
        "\"moderation\":\"low\"",
        "\"output_format\":\"png\"",
        "\"response_format\":\"b64_json\"",
        "\"style\":\"vivid\"",
        "\"user\":\"u\"",
        "\"output_compression\":50");
    draw.some("\"quality\":\"high\"", "\"size\":\"1024x1536\"");
    if (draw.oneIn(4)) {
      draw.member("\"stream\":true");
      draw.some("\"partial_images\":2");
    } else if (draw.oneIn(2)) {
      draw.member("\"n\":" + draw.between(1, 6));
    }
    draw.tokens("images");
    draw.member("\"prompt\":\"" + draw.prompt() + "\"");
  }

  private static void speech(Draw draw) {
    draw.named();
    draw.some(
        "\"speed\":0.5",
        "\"instructions\":\"slow\"",
        "\"response_format\":\"mp3\"",
        "\"stream_format\":\"audio\"");
    draw.member("\"voice\":\"v\"");
    draw.member("\"input\":\"" + draw.prompt() + "\"");
  }

  private static void pages(Draw draw) {
    draw.named();
    draw.some("\"include_image_base64\":false", "\"image_limit\":1", "\"table_format\":\"html\"");
    if (draw.oneIn(2)) {
      draw.member("\"pages\":[0,1,2]");
    }
    draw.member("\"document\":{\"type\":\"document_url\",\"document_url\":\"https://x/a.pdf\"}");
  }

  private static void ranking(Draw draw) {
    draw.named();
    draw.some("\"top_n\":2", "\"return_documents\":true", "\"max_tokens_per_doc\":100");
    String documents =
        IntStream.range(0, draw.between(1, 250))
            .mapToObj(i -> "\"d" + i + "\"")
            .collect(Collectors.joining(","));
    draw.member("\"query\":\"" + draw.prompt() + "\"");
    draw.member("\"documents\":[" + documents + "]");
  }

  private static void message(Draw draw) {
    draw.named();
    draw.some(
        "\"temperature\":0.5",
        "\"top_p\":0.9",
        "\"top_k\":5",
        "\"metadata\":{\"user_id\":\"u\"}",
        "\"stop_sequences\":[\"x\"]",
        "\"system\":\"be brief\"",
        "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}",
        "\"output_config\":{\"effort\":\"low\"}",
        "\"tool_choice\":{\"type\":\"auto\"}",
        "\"cache_control\":{\"type\":\"ephemeral\"}",
        "\"speed\":\"standard\"",
        "\"inference_geo\":\"global\"",
        "\"context_management\":{\"edits\":[{\"type\":\"clear_tool_uses_20250919\"}]}",
        "\"mcp_servers\":[]",
        "\"container\":null",
        "\"user_profile_id\":\"u\"");
    String tier = draw.any("", "auto", "standard_only");
    if (!tier.isEmpty()) {
      draw.member("\"service_tier\":\"" + tier + "\"");
    }
    draw.tier = !tier.equals("standard_only") && draw.oneIn(2) ? "priority" : "";
    draw.member("\"max_tokens\":" + draw.between(800, 4_000));
    List<String> offered = new ArrayList<>();
    if (draw.oneIn(2)) {
      int most = draw.between(1, 5);
      boolean isCapped = draw.oneIn(2);
      offered.add(
          "{\"type\":\"web_search_20250305\",\"name\":\"web_search\"%s}"
              .formatted(isCapped ? ",\"max_uses\":" + most : ""));
      draw.uses("web_search", most);
    }
    if (draw.oneIn(3)) {
      offered.add("{\"type\":\"code_execution_20250825\",\"name\":\"code_execution\"}");
      draw.uses("code_interpreter", 1);
    }
    if (draw.oneIn(3)) {
      offered.add("{\"type\":\"web_fetch_20250910\",\"name\":\"web_fetch\",\"max_uses\":3}");
      draw.uses("web_fetch", 3);
    }
    offers(draw, offered);
    if (draw.oneIn(2)) {
      draw.member("\"stream\":true");
    }
    draw.tokens("cached", "written_5m", "written_1h", "reasoning");
    draw.member(messages(draw));
  }

  private static void generated(Draw draw, String... models) {
    draw.model(models);
    draw.some(
        "\"safetySettings\":[]",
        "\"labels\":{\"a\":\"b\"}",
        "\"systemInstruction\":{\"parts\":[{\"text\":\"be brief\"}]}",
        "\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"AUTO\"}}");
    String tier = draw.any("", "flex", "priority", "standard");
    if (!tier.isEmpty()) {
      draw.member("\"serviceTier\":\"" + tier + "\"");
    }
    List<String> settings = new ArrayList<>();
    Stream.of(
            "\"temperature\":0.5",
            "\"topK\":5",
            "\"topP\":0.9",
            "\"seed\":1",
            "\"responseMimeType\":\"text/plain\"",
            "\"thinkingConfig\":{\"thinkingBudget\":64}",
            "\"responseModalities\":[\"TEXT\"]",
            "\"stopSequences\":[\"x\"]")
        .filter(each -> draw.oneIn(4))
        .forEach(settings::add);
    if (!draw.oneIn(5)) {
      settings.add("\"maxOutputTokens\":" + draw.between(800, 4_000));
    }
    draw.member("\"generationConfig\":{" + String.join(",", settings) + "}");
    if (draw.oneIn(2)) {
      draw.member(
          "\"tools\":[" + draw.any("{\"googleSearch\":{}}", "{\"google_search\":{}}") + "]");
      draw.uses("grounding", 6);
    }
    draw.tokens("cached", "reasoning", "audio_in", "audio_out", "images");
    draw.member(
        "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"" + draw.prompt() + "\"}]}]");
  }

  private static void cohereChat(Draw draw) {
    draw.named();
    draw.some(
        "\"temperature\":0.5",
        "\"p\":0.9",
        "\"k\":5",
        "\"seed\":1",
        "\"logprobs\":false",
        "\"safety_mode\":\"OFF\"",
        "\"strict_tools\":true",
        "\"stop_sequences\":[\"x\"]",
        "\"citation_options\":{\"mode\":\"OFF\"}",
        "\"priority\":5",
        "\"thinking\":{\"type\":\"disabled\"}");
    maximum(draw, "max_tokens");
    if (draw.oneIn(2)) {
      draw.member("\"stream\":true");
    }
    draw.tokens("cached", "reasoning");
    draw.member(messages(draw));
  }

  private static void ollamaChat(Draw draw) {
    draw.named();
    draw.some("\"keep_alive\":\"5m\"", "\"think\":false", "\"format\":\"json\"");
    draw.member("\"options\":{\"num_predict\":" + draw.between(800, 4_000) + "}");
    if (draw.oneIn(2)) {
      draw.member("\"stream\":false");
    }
    draw.member("\"messages\":[{\"role\":\"user\",\"content\":\"" + draw.prompt() + "\"}]");
  }

  private static void converse(Draw draw) {
    draw.some(
        "\"system\":[{\"text\":\"be brief\"}]",
        "\"requestMetadata\":{\"a\":\"b\"}",
        "\"additionalModelResponseFieldPaths\":[]");
    String tier = draw.any("", "default", "flex", "priority");
    if (!tier.isEmpty()) {
      draw.member("\"serviceTier\":{\"type\":\"" + tier + "\"}");
    }
    draw.member("\"inferenceConfig\":{\"maxTokens\":" + draw.between(800, 4_000) + "}");
    draw.tokens("cached", "written_5m", "written_1h", "reasoning");
    draw.member(
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"" + draw.prompt() + "\"}]}]");
  }
}
