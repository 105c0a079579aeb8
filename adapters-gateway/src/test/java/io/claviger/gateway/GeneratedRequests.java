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

    /** Whether no provider charges for the operation. */
    boolean isFree() {
      return path.endsWith("tokenize")
          || path.endsWith("input_tokens")
          || path.endsWith("count_tokens")
          || path.endsWith("countTokens");
    }

    /**
     * Whether answers state usage. Otherwise, only a strict budget is charged at least the bill.
     */
    boolean isStated() {
      return !path.equals("api/embeddings") && !path.equals("v1/classify");
    }

    /** The operation that the requests of a batch call; empty if the operation makes no batch. */
    String batched() {
      if (path.startsWith("batches?of=")) {
        return path.substring(path.indexOf('=') + 1);
      }
      return path.endsWith("/batches")
          ? "v1/messages"
          : path.contains(":batchGenerate") ? "v1beta/models/{model}:generateContent" : "";
    }

    /** Whether the operation can be called on a WebSocket, too. */
    boolean mayConverse() {
      return provider.equals(Provider.OPENAI) && path.equals("responses");
    }
  }

  /** Operations whose requests have many members that change the bill. */
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
          new Operation(Provider.XAI, "images/generations", GeneratedRequests::imagesOfXai),
          new Operation(Provider.OPENAI, "audio/speech", GeneratedRequests::speech),
          new Operation(Provider.MISTRAL, "ocr", GeneratedRequests::pages),
          new Operation(Provider.VLLM, "rerank", GeneratedRequests::ranking),
          new Operation(Provider.ANTHROPIC, "v1/messages", GeneratedRequests::message),
          new Operation(
              Provider.DEEPSEEK,
              WireFormat.ANTHROPIC,
              "v1/messages",
              draw -> message(draw, "billed_fetch")),
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

  /** Operations whose requests have few members. A few requests for each are enough. */
  static final List<Operation> SIMPLER =
      List.of(
          new Operation(Provider.MISTRAL, "fim/completions", GeneratedRequests::filling),
          new Operation(Provider.MISTRAL, "moderations", GeneratedRequests::moderation),
          new Operation(Provider.OPENAI, "completions", GeneratedRequests::bestOfTexts),
          new Operation(Provider.OPENAI, "responses/compact", GeneratedRequests::compaction),
          new Operation(Provider.OPENAI, "responses/input_tokens", GeneratedRequests::compaction),
          new Operation(Provider.OPENAI, "realtime?model=%s", GeneratedRequests::session),
          new Operation(
              Provider.GOOGLE,
              "ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent",
              GeneratedRequests::liveSession),
          new Operation(Provider.OPENAI, "images/edits", GeneratedRequests::edits),
          new Operation(Provider.OPENAI, "images/edits", GeneratedRequests::editsInForm),
          new Operation(Provider.OPENAI, "images/variations", GeneratedRequests::variations),
          new Operation(Provider.OPENAI, "audio/transcriptions", GeneratedRequests::recording),
          new Operation(Provider.OPENAI, "audio/translations", GeneratedRequests::recording),
          new Operation(Provider.GROQ, "audio/transcriptions", GeneratedRequests::shortRecording),
          new Operation(Provider.COHERE, "v2/audio/transcriptions", GeneratedRequests::recording),
          new Operation(Provider.ANTHROPIC, "v1/messages/count_tokens", GeneratedRequests::counted),
          new Operation(
              Provider.GOOGLE,
              "v1beta/models/%s:countTokens",
              draw -> generated(draw, "gemini-3-pro")),
          new Operation(
              Provider.GOOGLE,
              "v1beta/models/%s:embedContent",
              draw -> draw.member(vector(draw, "gemini-embedding-001"))),
          new Operation(
              Provider.GOOGLE, "v1beta/models/%s:batchEmbedContents", GeneratedRequests::vectors),
          new Operation(
              Provider.GOOGLE, "v1beta/models/%s:predict", GeneratedRequests::imagesOfImagen),
          new Operation(Provider.COHERE, "v1/chat", GeneratedRequests::firstCohereChat),
          new Operation(Provider.COHERE, "v1/embed", GeneratedRequests::texts),
          new Operation(Provider.COHERE, "v2/embed", GeneratedRequests::texts),
          new Operation(Provider.COHERE, "v1/rerank", GeneratedRequests::ranking),
          new Operation(Provider.COHERE, "v1/classify", GeneratedRequests::classified),
          new Operation(Provider.COHERE, "v1/tokenize", GeneratedRequests::tokenized),
          new Operation(
              Provider.OLLAMA, WireFormat.OLLAMA, "api/generate", GeneratedRequests::ollamaText),
          new Operation(
              Provider.OLLAMA, WireFormat.OLLAMA, "api/embed", GeneratedRequests::embedding),
          new Operation(
              Provider.OLLAMA,
              WireFormat.OLLAMA,
              "api/embeddings",
              GeneratedRequests::ollamaVector),
          new Operation(Provider.BEDROCK, "model/%s/invoke", GeneratedRequests::invokedMessage),
          new Operation(
              Provider.BEDROCK,
              "model/%s/invoke-with-response-stream",
              GeneratedRequests::invokedMessage),
          new Operation(Provider.BEDROCK, "model/%s/invoke", GeneratedRequests::invokedText),
          new Operation(Provider.BEDROCK, "model/%s/invoke", GeneratedRequests::invokedVector),
          new Operation(Provider.BEDROCK, "model/%s/invoke", GeneratedRequests::invokedRanking),
          new Operation(Provider.BEDROCK, "model/%s/invoke", GeneratedRequests::invokedImages),
          new Operation(
              Provider.VERTEX,
              "publishers/anthropic/models/%s:rawPredict",
              draw -> ofVersion(draw, "claude-sonnet-5", "vertex-2023-10-16")),
          new Operation(
              Provider.VERTEX,
              "publishers/anthropic/models/%s:streamRawPredict",
              draw -> ofVersion(draw, "claude-sonnet-5", "vertex-2023-10-16")),
          new Operation(
              Provider.VERTEX,
              "publishers/mistralai/models/%s:rawPredict",
              GeneratedRequests::rawChat),
          new Operation(
              Provider.VERTEX,
              "publishers/mistralai/models/%s:rawPredict",
              GeneratedRequests::rawPages),
          new Operation(
              Provider.VERTEX, "publishers/google/models/%s:predict", GeneratedRequests::instances),
          new Operation(
              Provider.VERTEX,
              "publishers/google/models/%s:predict",
              GeneratedRequests::imagesOfImagen),
          new Operation(
              Provider.VERTEX,
              "publishers/google/models/%s:embedContent",
              draw -> draw.member(vector(draw, "gemini-embedding-2"))));

  /** Operations that can be called on a WebSocket. */
  static final List<Operation> ON_SOCKETS =
      Stream.concat(OPERATIONS.stream(), SIMPLER.stream())
          .filter(
              each ->
                  each.mayConverse()
                      || each.path().startsWith("realtime")
                      || each.path().startsWith("ws/"))
          .toList();

  /** The model of all requests in batches. */
  static final String BATCHED = "gemini-3-pro";

  /** Operations that make batches. A query only says what their requests call, and is not sent. */
  static final List<Operation> BATCHES =
      List.of(
          new Operation(
              Provider.OPENAI,
              "batches?of=chat/completions",
              draw -> inFile(draw, "chat/completions", GeneratedRequests::batchedChat)),
          new Operation(
              Provider.OPENAI,
              "batches?of=responses",
              draw -> inFile(draw, "responses", GeneratedRequests::batchedResponse)),
          new Operation(
              Provider.ANTHROPIC,
              "v1/messages/batches",
              draw ->
                  draw.member(
                      list(
                          draw,
                          GeneratedRequests::batchedMessage,
                          "{\"custom_id\":\"r%d\",\"params\":%s}"))),
          new Operation(
              Provider.GOOGLE,
              "v1beta/models/%s:batchGenerateContent",
              draw -> {
                draw.model(BATCHED);
                String requests =
                    list(
                        draw,
                        GeneratedRequests::contents,
                        "{\"metadata\":{\"key\":\"r%d\"},\"request\":%s}");
                draw.member("\"batch\":{\"input_config\":{\"requests\":{" + requests + "}}}");
              }));

  private static void inFile(Draw draw, String operation, Consumer<Draw> body) {
    draw.part("purpose", "batch");
    String line =
        "{\"custom_id\":\"r%%d\",\"method\":\"POST\",\"url\":\"/v1/%s\",\"body\":%%s}\n"
            .formatted(operation);
    draw.file("file", requests(draw, body, line));
  }

  private static String list(Draw draw, Consumer<Draw> body, String form) {
    return "\"requests\":[" + requests(draw, body, form + ",").replaceFirst(",$", "]");
  }

  private static String requests(Draw draw, Consumer<Draw> body, String form) {
    return IntStream.range(0, draw.between(1, 30))
        .mapToObj(
            i -> {
              Draw each = new Draw(draw.random);
              each.isCapped = draw.isCapped;
              body.accept(each);
              return form.formatted(i, each.body());
            })
        .collect(Collectors.joining());
  }

  /** Draws the members of a body, and what the provider uses within what they allow. */
  static final class Draw {
    private final Random random;
    private final List<String> members = new ArrayList<>();
    private final List<String> parts = new ArrayList<>();
    private final List<String> before = new ArrayList<>();
    private final Map<String, Integer> uses = new LinkedHashMap<>();
    private String tier = "";
    private String model = "m";
    private String search = "";
    private String asking = "";
    private boolean isCapped;

    Draw(Random random) {
      this.random = random;
    }

    /** From now on, draws no tools of which the request does not limit the uses. */
    Draw capped() {
      isCapped = true;
      return this;
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

    void number(String name, int least, int most) {
      member("\"%s\":%d".formatted(name, between(least, most)));
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

    /** Whether the provider makes images for the request. */
    boolean makesImages() {
      return uses.containsKey("image");
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

    void part(String name, String value) {
      parts.add(
          "--x\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
              .formatted(name, value));
    }

    void file(String name, int bytes) {
      file(name, "a".repeat(bytes));
    }

    void file(String name, String content) {
      parts.add(
          ("--x\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"f\"\r\n"
                  + "Content-Type: application/octet-stream\r\n\r\n%s\r\n")
              .formatted(name, content));
    }

    /** Adds a message of a session that comes before the request for a response. */
    void before(String message) {
      before.add(message);
    }

    boolean isSession() {
      return !before.isEmpty();
    }

    /** Sets the last message of a session, if its form is not that of OpenAI's messages. */
    void asks(String message) {
      asking = message;
    }

    /** The messages that ask for a response on a WebSocket, the last one with this body. */
    List<String> messages(String body) {
      String asked =
          !asking.isEmpty()
              ? asking
              : isSession()
                  ? "{\"type\":\"response.create\",\"response\":" + body + "}"
                  : "{\"type\":\"response.create\"," + body.substring(1);
      return Stream.concat(before.stream(), Stream.of(asked)).toList();
    }

    String type() {
      return parts.isEmpty() ? "application/json" : "multipart/form-data; boundary=x";
    }

    String body() {
      Collections.shuffle(members, random);
      Collections.shuffle(parts, random);
      return parts.isEmpty()
          ? "{" + String.join(",", members) + "}"
          : String.join("", parts) + "--x--\r\n";
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
    String tier = draw.any("", "auto", "default", "flex", "priority", "fast", "ultrafast", "null");
    if (!tier.isEmpty()) {
      draw.member("\"service_tier\":" + (tier.equals("null") ? tier : "\"" + tier + "\""));
    }
    if (draw.oneIn(4)) {
      draw.member("\"speed\":" + draw.any("\"fast\"", "\"standard\"", "1.5"));
    }
    boolean isChosen = tier.isEmpty() || tier.equals("auto") || tier.equals("null");
    draw.tier =
        isChosen && draw.oneIn(2) ? draw.any("flex", "priority", "default", "ultrafast") : "";
  }

  private static void maximum(Draw draw, String... names) {
    if (!draw.oneIn(6)) {
      draw.number(draw.any(names), 800, 4_000);
    }
  }

  private static void mayHaveAnswers(Draw draw, int most) {
    if (draw.oneIn(2)) {
      draw.number("n", 1, most);
    }
  }

  private static void mayStream(Draw draw) {
    if (draw.oneIn(2)) {
      draw.member("\"stream\":true");
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
    mayHaveAnswers(draw, 5);
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
    mayHaveAnswers(draw, 3);
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
    mayHaveAnswers(draw, 3);
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
        "\"reasoning\":{\"effort\":\"low\",\"mode\":\"%s\"}".formatted(draw.any("standard", "pro")),
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
    mayStream(draw);
    draw.tokens("cached", "written_5m", "reasoning");
    boolean hasImage = draw.oneIn(3);
    if (hasImage && draw.makesImages()) {
      draw.uses("image_read", 100_000);
    }
    String said = "\"" + draw.prompt() + "\"";
    String image =
        hasImage ? "{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,AA==\"}," : "";
    draw.member(
        "\"input\":"
            + (!hasImage && draw.oneIn(2)
                ? said
                : "[{\"role\":\"user\",\"content\":[%s{\"type\":\"input_text\",\"text\":%s}]}]"
                    .formatted(image, said)));
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
    mayStream(draw);
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
    draw.member("\"input\":[" + prompts(draw) + "]");
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
      draw.number("n", 1, 6);
    }
    draw.tokens("images");
    draw.member("\"prompt\":\"" + draw.prompt() + "\"");
  }

  private static void imagesOfXai(Draw draw) {
    draw.model("grok-imagine-image");
    draw.named();
    draw.some("\"aspect_ratio\":\"1:1\"", "\"response_format\":\"b64_json\"");
    draw.some("\"quality\":\"high\"", "\"resolution\":\"2k\"");
    if (draw.oneIn(2)) {
      draw.number("n", 1, 6);
    }
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
    ranked(draw);
  }

  private static void ranked(Draw draw) {
    String documents =
        IntStream.range(0, draw.between(1, 250))
            .mapToObj(i -> "\"d" + i + "\"")
            .collect(Collectors.joining(","));
    draw.member("\"query\":\"" + draw.prompt() + "\"");
    draw.member("\"documents\":[" + documents + "]");
  }

  private static void message(Draw draw) {
    message(draw, "web_fetch");
  }

  /**
   * @param fetch what the stub calls a page that the tool for pages fetches
   */
  private static void message(Draw draw, String fetch) {
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
        "\"speed\":" + draw.any("\"standard\"", "\"fast\""),
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
    draw.number("max_tokens", 800, 4_000);
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
      draw.uses(fetch, 3);
    }
    offers(draw, offered);
    mayStream(draw);
    draw.tokens("cached", "written_5m", "written_1h", "reasoning");
    draw.member(messages(draw));
  }

  private static void batchedChat(Draw draw) {
    draw.model(BATCHED);
    draw.named();
    draw.some("\"seed\":7", "\"stop\":[\"x\"]", "\"logit_bias\":{\"5\":1}", "\"unheard_of\":5");
    maximum(draw, "max_tokens", "max_completion_tokens");
    mayHaveAnswers(draw, 3);
    draw.tokens("cached", "written_5m", "reasoning", "audio_in", "audio_out");
    draw.member(messages(draw));
  }

  private static void batchedResponse(Draw draw) {
    draw.model(BATCHED);
    draw.named();
    draw.some("\"instructions\":\"be brief\"", "\"reasoning\":{\"effort\":\"low\"}");
    draw.member("\"store\":false");
    maximum(draw, "max_output_tokens");
    if (draw.oneIn(2)) {
      draw.member("\"max_tool_calls\":5");
      draw.member("\"tools\":[{\"type\":\"web_search\"},{\"type\":\"image_generation\"}]");
      draw.uses(draw.any("web_search", "image"), 5);
    }
    draw.tokens("cached", "written_5m", "reasoning");
    draw.member("\"input\":\"" + draw.prompt() + "\"");
  }

  private static void batchedMessage(Draw draw) {
    draw.model(BATCHED);
    draw.named();
    draw.some(
        "\"stop_sequences\":[\"x\"]",
        "\"system\":\"be brief\"",
        "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}");
    draw.number("max_tokens", 800, 4_000);
    if (draw.oneIn(2)) {
      draw.member(
          "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\",\"max_uses\":5}]");
      draw.uses("web_search", 5);
    }
    draw.tokens("cached", "written_5m", "written_1h", "reasoning");
    draw.member(messages(draw));
  }

  private static void generated(Draw draw, String... models) {
    draw.model(models);
    String tier = draw.any("", "flex", "priority", "standard");
    if (!tier.isEmpty()) {
      draw.member("\"serviceTier\":\"" + tier + "\"");
    }
    contents(draw);
  }

  private static void contents(Draw draw) {
    draw.some(
        "\"safetySettings\":[]",
        "\"labels\":{\"a\":\"b\"}",
        "\"systemInstruction\":{\"parts\":[{\"text\":\"be brief\"}]}",
        "\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"AUTO\"}}");
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
    if (draw.oneIn(4)) {
      String token = "\"%s\":\"hop-%d\"";
      token =
          token.formatted(
              draw.any("continuationToken", "continuation_token"), draw.between(1, 100_000));
      if (draw.oneIn(2)) {
        draw.member(token);
      } else {
        settings.add(token);
      }
    }
    draw.member("\"generationConfig\":{" + String.join(",", settings) + "}");
    if (!draw.isCapped && draw.oneIn(2)) {
      draw.member(
          "\"tools\":[" + draw.any("{\"googleSearch\":{}}", "{\"google_search\":{}}") + "]");
      draw.uses("grounding", 6);
    }
    draw.tokens("cached", "reasoning", "audio_in", "audio_out", "images");
    boolean isOfVideo = draw.oneIn(5);
    draw.uses("images", isOfVideo ? 50_000 : 0);
    String video =
        isOfVideo
            ? "{\"fileData\":{\"fileUri\":\"https://www.youtube.com/watch?v=dQw4w9WgXcQ\"}},"
            : "";
    draw.member(
        "\"contents\":[{\"role\":\"user\",\"parts\":[%s{\"text\":\"%s\"}]}]"
            .formatted(video, draw.prompt()));
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
    mayStream(draw);
    draw.tokens("cached", "reasoning");
    draw.member(messages(draw));
  }

  private static void ofOllama(Draw draw) {
    draw.member("\"options\":{\"num_predict\":" + draw.between(800, 4_000) + "}");
    if (draw.oneIn(2)) {
      draw.member("\"stream\":false");
    }
  }

  private static void ollamaChat(Draw draw) {
    draw.named();
    draw.some("\"keep_alive\":\"5m\"", "\"think\":false", "\"format\":\"json\"");
    ofOllama(draw);
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

  private static void filling(Draw draw) {
    draw.named();
    draw.some("\"temperature\":0.5", "\"top_p\":0.9", "\"random_seed\":1", "\"min_tokens\":1");
    draw.some("\"suffix\":\"end\"", "\"stop\":\"x\"");
    maximum(draw, "max_tokens");
    streamed(draw);
    draw.member("\"prompt\":\"" + draw.prompt() + "\"");
  }

  private static void moderation(Draw draw) {
    draw.model("mistral-moderation-latest");
    draw.named();
    draw.member("\"input\":[" + prompts(draw) + "]");
  }

  private static String prompts(Draw draw) {
    return IntStream.range(0, draw.between(1, 5))
        .mapToObj(i -> "\"" + draw.prompt() + "\"")
        .collect(Collectors.joining(","));
  }

  private static void bestOfTexts(Draw draw) {
    draw.named();
    draw.some("\"echo\":true", "\"suffix\":\"end\"", "\"logprobs\":3", "\"user\":\"u\"");
    maximum(draw, "max_tokens");
    int answers = draw.between(1, 3);
    draw.member("\"n\":" + answers);
    draw.member("\"best_of\":" + draw.between(answers, 5));
    draw.member("\"prompt\":[" + prompts(draw) + "]");
  }

  private static void compaction(Draw draw) {
    draw.named();
    draw.some("\"instructions\":\"be brief\"", "\"prompt_cache_key\":\"k\"");
    draw.tokens("cached", "reasoning");
    draw.member(
        "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\""
            + draw.prompt()
            + "\"}]}]");
  }

  /** A session with at most one response. */
  private static void session(Draw draw) {
    draw.model("gpt-realtime");
    draw.before(
        "{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"audio\":"
            + "{\"input\":{\"turn_detection\":null}}}}");
    for (int i = draw.below(3); i > 0; i--) {
      draw.before(
          ("{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\","
                  + "\"content\":[{\"type\":\"input_text\",\"text\":\"%s\"}]}}")
              .formatted(draw.prompt()));
    }
    if (draw.oneIn(2)) {
      draw.before(
          "{\"type\":\"input_audio_buffer.append\",\"audio\":\"%s\"}"
              .formatted("AAAA".repeat(draw.between(1, 400))));
      draw.before("{\"type\":\"input_audio_buffer.commit\"}");
    }
    draw.some(
        "\"instructions\":\"be brief\"",
        "\"conversation\":\"auto\"",
        "\"output_modalities\":[\"audio\"]",
        "\"tool_choice\":\"auto\"",
        "\"metadata\":{\"a\":\"b\"}");
    if (draw.oneIn(2)) {
      draw.number("max_output_tokens", 800, 4_000);
    }
  }

  /** A session of the Live API with one turn. */
  private static void liveSession(Draw draw) {
    draw.model("live-m");
    draw.before(
        "{\"setup\":{\"model\":\"models/%s\",\"generationConfig\":{\"responseModalities\":[\"AUDIO\"]%s}}}"
            .formatted(
                draw.modelName(),
                draw.oneIn(2) ? ",\"maxOutputTokens\":" + draw.between(800, 4_000) : ""));
    for (int i = draw.below(3); i > 0; i--) {
      draw.before(
          "{\"realtimeInput\":{\"audio\":{\"data\":\"%s\",\"mimeType\":\"audio/pcm;rate=16000\"}}}"
              .formatted("AAAA".repeat(draw.between(1, 400))));
    }
    draw.asks(
        draw.any(
            "{\"realtimeInput\":{\"text\":\"hello\"}}",
            "{\"realtimeInput\":{\"audio\":{\"data\":\"AAA=\",\"mimeType\":\"audio/pcm;rate=16000\"}}}",
            "{\"clientContent\":{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}],\"turnComplete\":true}}"));
  }

  private static void edits(Draw draw) {
    draw.named();
    draw.some("\"quality\":\"high\"", "\"size\":\"1024x1536\"", "\"user\":\"u\"");
    draw.number("n", 1, 6);
    draw.member("\"images\":[{\"image_url\":\"data:image/png;base64,AAAA\"}]");
    draw.tokens("images");
    draw.member("\"prompt\":\"" + draw.prompt() + "\"");
  }

  private static void editsInForm(Draw draw) {
    variations(draw);
    draw.part("prompt", draw.prompt());
    if (draw.oneIn(3)) {
      draw.part("quality", "high");
    }
  }

  private static void variations(Draw draw) {
    draw.part("model", draw.modelName());
    draw.file("image", draw.between(10, 2_000));
    if (draw.oneIn(2)) {
      draw.part("n", "" + draw.between(1, 6));
    }
    if (draw.oneIn(3)) {
      draw.part("size", "1024x1536");
    }
  }

  private static void shortRecording(Draw draw) {
    draw.model("whisper-large-v3", "whisper-large-v3-turbo");
    draw.part("model", draw.modelName());
    draw.file("file", draw.between(10, 12_000));
  }

  private static void recording(Draw draw) {
    draw.model("whisper-1", "gpt-4o-transcribe");
    draw.part("model", draw.modelName());
    draw.file("file", draw.between(10, 20_000));
    if (draw.oneIn(2)) {
      draw.part("language", "en");
    }
    if (draw.oneIn(3)) {
      draw.part("prompt", draw.prompt());
    }
    if (draw.oneIn(3)) {
      draw.part("stream", "true");
    }
  }

  private static void counted(Draw draw) {
    draw.named();
    draw.some("\"system\":\"be brief\"", "\"thinking\":{\"type\":\"disabled\"}");
    draw.member(messages(draw));
  }

  private static String vector(Draw draw, String model) {
    draw.model(model);
    return content(draw) + (draw.oneIn(2) ? ",\"outputDimensionality\":8" : "");
  }

  private static String content(Draw draw) {
    return "\"content\":{\"parts\":[{\"text\":\"" + draw.prompt() + "\"}]}";
  }

  private static void vectors(Draw draw) {
    draw.model("gemini-embedding-001");
    draw.member(
        IntStream.range(0, draw.between(1, 5))
            .mapToObj(i -> "{\"model\":\"models/gemini-embedding-001\"," + content(draw) + "}")
            .collect(Collectors.joining(",", "\"requests\":[", "]")));
  }

  private static void imagesOfImagen(Draw draw) {
    draw.model("imagen-4.0-generate-001");
    if (draw.oneIn(2)) {
      draw.member("\"parameters\":{\"sampleCount\":%d}".formatted(draw.between(1, 4)));
    }
    draw.member("\"instances\":[{\"prompt\":\"" + draw.prompt() + "\"}]");
  }

  private static void instances(Draw draw) {
    draw.model("text-embedding-005");
    draw.some("\"parameters\":{\"outputDimensionality\":8}");
    draw.member(
        IntStream.range(0, draw.between(1, 5))
            .mapToObj(i -> "{\"content\":\"" + draw.prompt() + "\"}")
            .collect(Collectors.joining(",", "\"instances\":[", "]")));
  }

  private static void firstCohereChat(Draw draw) {
    draw.named();
    draw.some("\"temperature\":0.5", "\"preamble\":\"be brief\"", "\"chat_history\":[]");
    maximum(draw, "max_tokens");
    mayStream(draw);
    draw.tokens("cached", "reasoning");
    draw.member("\"message\":\"" + draw.prompt() + "\"");
  }

  private static void texts(Draw draw) {
    draw.named();
    draw.some("\"truncate\":\"END\"", "\"embedding_types\":[\"float\"]");
    draw.member("\"input_type\":\"search_document\"");
    draw.member("\"texts\":[" + prompts(draw) + "]");
  }

  private static void classified(Draw draw) {
    draw.named();
    draw.some("\"truncate\":\"END\"");
    draw.member("\"inputs\":[" + prompts(draw) + "]");
    draw.member("\"examples\":[{\"text\":\"x\",\"label\":\"a\"}]");
  }

  private static void tokenized(Draw draw) {
    draw.named();
    draw.member("\"text\":\"" + draw.prompt() + "\"");
  }

  private static void ollamaText(Draw draw) {
    draw.named();
    draw.some("\"keep_alive\":\"5m\"", "\"system\":\"be brief\"", "\"raw\":true");
    ofOllama(draw);
    draw.member("\"prompt\":\"" + draw.prompt() + "\"");
  }

  private static void ollamaVector(Draw draw) {
    draw.named();
    draw.member("\"prompt\":\"" + draw.prompt() + "\"");
  }

  private static void invokedMessage(Draw draw) {
    ofVersion(draw, "anthropic.claude-sonnet-5", "bedrock-2023-05-31");
  }

  /** A request in the form of Anthropic's messages whose path names the model. */
  private static void ofVersion(Draw draw, String model, String version) {
    draw.model(model);
    draw.member("\"anthropic_version\":\"" + version + "\"");
    draw.some(
        "\"temperature\":0.5",
        "\"top_k\":5",
        "\"stop_sequences\":[\"x\"]",
        "\"system\":\"be brief\"",
        "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}");
    draw.number("max_tokens", 800, 4_000);
    if (draw.oneIn(2) && model.startsWith("claude")) {
      draw.member("\"stream\":true");
    }
    draw.tokens("cached", "written_5m", "written_1h", "reasoning");
    draw.member(messages(draw));
  }

  private static void invokedText(Draw draw) {
    draw.model("meta.llama4-scout-17b-instruct-v1:0", "mistral.mistral-large-2407-v1:0");
    draw.some("\"temperature\":0.5", "\"top_p\":0.9");
    boolean isOfMeta = draw.modelName().startsWith("meta.");
    maximum(draw, isOfMeta ? "max_gen_len" : "max_tokens");
    draw.member("\"prompt\":\"" + draw.prompt() + "\"");
  }

  private static void invokedVector(Draw draw) {
    draw.model("amazon.titan-embed-text-v2:0");
    draw.some("\"dimensions\":256", "\"normalize\":true");
    draw.member("\"inputText\":\"" + draw.prompt() + "\"");
  }

  private static void invokedRanking(Draw draw) {
    draw.model("cohere.rerank-v3-5:0", "amazon.rerank-v1:0");
    draw.some("\"top_n\":2", "\"api_version\":2");
    ranked(draw);
  }

  private static void invokedImages(Draw draw) {
    draw.model("amazon.nova-canvas-v1:0");
    draw.member("\"taskType\":\"TEXT_IMAGE\"");
    draw.member("\"textToImageParams\":{\"text\":\"" + draw.prompt() + "\"}");
    draw.member(
        "\"imageGenerationConfig\":{\"numberOfImages\":%d,\"quality\":\"standard\"}"
            .formatted(draw.between(1, 5)));
  }

  private static void rawChat(Draw draw) {
    draw.model("mistral-medium-3");
    draw.named();
    draw.some("\"temperature\":0.5", "\"safe_prompt\":true");
    maximum(draw, "max_tokens");
    draw.tokens("cached");
    draw.member(messages(draw));
  }

  private static void rawPages(Draw draw) {
    draw.model("mistral-ocr-2505");
    pages(draw);
  }
}
