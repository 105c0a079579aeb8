package io.claviger.domain.formats;

import static io.claviger.domain.formats.ClientExample.code;
import static io.claviger.domain.formats.ClientExample.curl;
import static io.claviger.domain.formats.ClientExample.langChain4j;
import static io.claviger.domain.formats.JsonText.quoted;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ANNOTATED_PAGES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.AUDIO_INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.AUDIO_OUTPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.CACHED;
import static io.claviger.domain.formats.UsagePlaces.Meaning.CACHED_AUDIO;
import static io.claviger.domain.formats.UsagePlaces.Meaning.CACHED_DETAILS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.CACHED_IMAGES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.CITATIONS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.COMPLETION;
import static io.claviger.domain.formats.UsagePlaces.Meaning.CONTAINER;
import static io.claviger.domain.formats.UsagePlaces.Meaning.COST;
import static io.claviger.domain.formats.UsagePlaces.Meaning.COST_IN_TICKS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ERROR_CODE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.EXECUTED_TYPE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.FETCHES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.FILE_SEARCHES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.FINANCE_SEARCHES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.IMAGE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.IMAGES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.IMAGE_INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.IMAGE_OUTPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.IMAGE_SEARCHES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.IMAGE_USE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.INPUT_DETAILS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ITEM;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ITEMS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ITEM_ACTION;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ITEM_ID;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ITEM_INDEX;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ITEM_RESULT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ITEM_STATUS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ITEM_TYPE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.LENGTH;
import static io.claviger.domain.formats.UsagePlaces.Meaning.MODEL;
import static io.claviger.domain.formats.UsagePlaces.Meaning.MORE_SEARCHES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.OUTPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.OUTPUT_DETAILS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.OWN_KEY;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PAGES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PIECE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.POSTS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PROFILES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PROMPT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.QUALITY;
import static io.claviger.domain.formats.UsagePlaces.Meaning.READ_FOR_IMAGES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.REASONING;
import static io.claviger.domain.formats.UsagePlaces.Meaning.RUNS_IN_SESSION;
import static io.claviger.domain.formats.UsagePlaces.Meaning.SEARCHES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.SEARCHES_OF_ATTACHMENTS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.SEARCHES_OF_POSTS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.SEARCH_SIZE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.SECONDS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.SESSIONS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.SIZE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.SPEECH;
import static io.claviger.domain.formats.UsagePlaces.Meaning.TIER;
import static io.claviger.domain.formats.UsagePlaces.Meaning.TOOL_RUNS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.TOTAL;
import static io.claviger.domain.formats.UsagePlaces.Meaning.TYPE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.UPSTREAM_COST;
import static io.claviger.domain.formats.UsagePlaces.Meaning.VIDEO_INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.WRITTEN_BRIEFLY_OF_INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.WRITTEN_LONG_OF_INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.WRITTEN_OF_INPUT;
import static io.claviger.domain.formats.UsagePlaces.at;
import static java.util.Map.entry;

import io.claviger.domain.formats.ObeyedCaps.Fact;
import io.claviger.domain.formats.UsagePlaces.Statement;
import io.claviger.domain.policy.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The API of OpenAI and of the many servers that imitate it. */
public class OpenAiApi extends ProviderApi {
  /**
   * The end of the path of requests for client secrets. The part of the path before this end is the
   * path of the session.
   */
  private static final String SECRETS = "/client_secrets";

  private static final List<Statement> USAGE =
      List.of(
          at("prompt_tokens", PROMPT),
          at("completion_tokens", COMPLETION),
          at("input_tokens", INPUT),
          at("output_tokens", OUTPUT),
          at("total_tokens", TOTAL),
          at("prompt_cache_hit_tokens", CACHED), // DeepSeek
          at("cached_tokens", CACHED), // Moonshot
          at("reasoning_tokens", REASONING), // Perplexity, SGLang
          at("citation_tokens", CITATIONS), // Perplexity
          at("prompt_tokens_details", INPUT_DETAILS),
          at("prompt_tokens_details.cached_tokens", CACHED),
          at("prompt_tokens_details.cache_write_tokens", WRITTEN_OF_INPUT),
          at("prompt_tokens_details.audio_tokens", AUDIO_INPUT),
          at("prompt_tokens_details.image_tokens", IMAGE_INPUT),
          at("prompt_tokens_details.video_tokens", VIDEO_INPUT), // OpenRouter, Qwen
          at("prompt_tokens_details.cached_tokens_details", CACHED_DETAILS),
          at("prompt_tokens_details.cached_tokens_details.audio_tokens", CACHED_AUDIO),
          at("prompt_tokens_details.cached_tokens_details.image_tokens", CACHED_IMAGES),
          at("input_tokens_details", INPUT_DETAILS),
          at("input_tokens_details.cached_tokens", CACHED),
          at("input_tokens_details.cache_write_tokens", WRITTEN_OF_INPUT),
          at(
              "input_tokens_details.cache_write_tokens_details.ttl_30m_tokens",
              WRITTEN_BRIEFLY_OF_INPUT),
          at(
              "input_tokens_details.cache_write_tokens_details.ttl_12h_tokens",
              WRITTEN_LONG_OF_INPUT),
          at("input_tokens_details.cache_read_input_tokens", CACHED), // Perplexity
          at("input_tokens_details.cache_creation_input_tokens", WRITTEN_OF_INPUT),
          at("input_tokens_details.audio_tokens", AUDIO_INPUT),
          at("input_tokens_details.image_tokens", IMAGE_INPUT),
          at("input_tokens_details.video_tokens", VIDEO_INPUT),
          at("input_tokens_details.cached_tokens_details", CACHED_DETAILS),
          at("input_tokens_details.cached_tokens_details.audio_tokens", CACHED_AUDIO),
          at("input_tokens_details.cached_tokens_details.image_tokens", CACHED_IMAGES),
          at("input_token_details", INPUT_DETAILS), // sessions and transcriptions
          at("input_token_details.cached_tokens", CACHED),
          at("input_token_details.audio_tokens", AUDIO_INPUT),
          at("input_token_details.image_tokens", IMAGE_INPUT),
          at("input_token_details.cached_tokens_details", CACHED_DETAILS),
          at("input_token_details.cached_tokens_details.audio_tokens", CACHED_AUDIO),
          at("input_token_details.cached_tokens_details.image_tokens", CACHED_IMAGES),
          at("completion_tokens_details", OUTPUT_DETAILS),
          at("completion_tokens_details.reasoning_tokens", REASONING),
          at("completion_tokens_details.audio_tokens", AUDIO_OUTPUT),
          at("completion_tokens_details.image_tokens", IMAGE_OUTPUT),
          at("output_tokens_details", OUTPUT_DETAILS),
          at("output_tokens_details.reasoning_tokens", REASONING),
          at("output_tokens_details.audio_tokens", AUDIO_OUTPUT),
          at("output_tokens_details.image_tokens", IMAGE_OUTPUT),
          at("output_token_details", OUTPUT_DETAILS),
          at("output_token_details.audio_tokens", AUDIO_OUTPUT),
          at("output_token_details.image_tokens", IMAGE_OUTPUT),
          at("cost", COST), // OpenRouter
          at("cost_in_usd_ticks", COST_IN_TICKS), // xAI
          at("is_byok", OWN_KEY),
          at("cost_details.upstream_inference_cost", UPSTREAM_COST),
          at("service_tier", TIER), // Mistral
          at("server_tool_use.web_search_requests", SEARCHES), // OpenRouter
          at("server_tool_use.tool_calls_executed", TOOL_RUNS),
          at("server_tool_use_details.web_search_requests", SEARCHES),
          at("server_tool_use_details.tool_calls_executed", TOOL_RUNS),
          at("num_search_queries", SEARCHES), // Perplexity
          at("search_context_size", SEARCH_SIZE),
          at("tool_calls_details.web_search.invocation", SEARCHES), // Perplexity's responses
          at("tool_calls_details.people_search.invocation", MORE_SEARCHES),
          at("tool_calls_details.finance_search.invocation", FINANCE_SEARCHES),
          at("tool_calls_details.image_search.invocation", IMAGE_SEARCHES),
          at("tool_calls_details.fetch_url.invocation", FETCHES),
          at("tool_calls_details.sandbox.invocation", RUNS_IN_SESSION),
          at("server_side_tool_usage_details.web_search_calls", SEARCHES), // xAI
          at("server_side_tool_usage_details.x_search_calls", SEARCHES_OF_POSTS),
          at("server_side_tool_usage_details.x_posts_fetched", POSTS),
          at("server_side_tool_usage_details.x_users_fetched", PROFILES),
          at("server_side_tool_usage_details.code_interpreter_calls", SESSIONS),
          at("server_side_tool_usage_details.file_search_calls", FILE_SEARCHES),
          at("server_side_tool_usage_details.document_search_calls", SEARCHES_OF_ATTACHMENTS));

  /**
   * The members of an output item that say what the item is, for example a run of one of the
   * provider's tools.
   */
  private static final List<Statement> RUN =
      List.of(
          at("type", ITEM_TYPE),
          at("id", ITEM_ID),
          at("status", ITEM_STATUS),
          at("result", ITEM_RESULT),
          at("action.type", ITEM_ACTION),
          at("container_id", CONTAINER),
          at("environment.container_id", CONTAINER),
          at("size", SIZE),
          at("quality", QUALITY));

  /** The members that describe a run of a tool at Groq, in Groq's answers to chats. */
  private static final List<Statement> EXECUTED =
      List.of(at("type", EXECUTED_TYPE), at("index", ITEM_INDEX));

  /**
   * The members that describe a call of a tool that ran at Mistral, in Mistral's answers to chats.
   */
  private static final List<Statement> CALLED =
      List.of(at("function.name", EXECUTED_TYPE), at("id", ITEM_ID));

  /** The members that describe a file that a tool made, in Mistral's streams. */
  private static final List<Statement> MADE =
      List.of(at("tool", ITEM_TYPE), at("file_id", ITEM_ID));

  /** The members of a response that state facts in addition to its usage. */
  private static final List<Statement> OF_RESPONSE =
      Stream.concat(
              Stream.of(
                  at("service_tier", TIER),
                  at("tool_usage.web_search.num_requests", SEARCHES),
                  at("tool_usage.image_gen.input_tokens", READ_FOR_IMAGES),
                  at("tool_usage.image_gen.output_tokens", IMAGE_USE),
                  at("output", ITEMS),
                  at("output.[]", ITEM)),
              RUN.stream().map(each -> each.within("output.[]")))
          .toList();

  /** The members of a whole answer to a chat that describe runs of tools at Groq. */
  private static final List<Statement> OF_CHAT =
      Stream.concat(
              Stream.of(
                  at("choices.[].message.executed_tools", ITEMS),
                  at("choices.[].message.executed_tools.[]", ITEM)),
              EXECUTED.stream().map(each -> each.within("choices.[].message.executed_tools.[]")))
          .toList();

  private static final UsagePlaces PLACES = places();
  private static final UsagePlaces PLACES_OF_RESPONSES =
      places().add("response", OF_RESPONSE).addAll(OF_RESPONSE).add("item", ITEM).add("item", RUN);
  private static final UsagePlaces PLACES_OF_IMAGES =
      places().add("size", SIZE).add("quality", QUALITY);
  private static final UsagePlaces PLACES_OF_AUDIO =
      places().add("usage.seconds", SECONDS).add("duration", LENGTH);
  private static final UsagePlaces PLACES_OF_PAGES =
      places()
          .add("usage_info.pages_processed", PAGES)
          .add("usage_info.pages_processed_annotation", ANNOTATED_PAGES);
  private static final UsagePlaces PLACES_OF_RANKS = places().add("meta", CohereApi.USAGE);
  private static final BatchAnswers BATCHES =
      new OpenAiBatchAnswers(USAGE, Stream.concat(OF_RESPONSE.stream(), OF_CHAT.stream()).toList());

  static final String CHAT = "chat/completions";
  private static final String COMPACTION = "responses/compact";
  private static final String RESEARCH = "deep-research";

  /** A part of the names of xAI's models in which several agents answer together. */
  private static final String AGENTS = "multi-agent";

  /** The number of searches that is assumed for models that search without a limit. */
  private static final long MOST_SEARCHES = 32;

  private static final KnownMembers KNOWN =
      KnownMembers.of(
          KnownMembers.names(
              "model functioncall functions toolchoice tools reasoning reasoningeffort effort"
                  + " verbosity servicetier user userid safetyidentifier promptcachekey"
                  + " promptcacheretention promptcacheoptions store stream streamoptions truncation"
                  + " include stop logitbias logprobs toplogprobs echo paralleltoolcalls modalities"
                  + " audio voice language responseformat outputformat background size quality"
                  + " style moderation streamformat timestampgranularities encodingformat"
                  + " dimensions inputfidelity format inputtype truncate task latechunking"
                  + " outputdimension outputdtype embeddingtype normalized returndocuments"
                  + " returntext rankfields includeimagebase64 usage transforms route"
                  + " thinking enablethinking includereasoning reasoningformat reasoningsplit"
                  + " chattemplatekwargs guidedregex guidedchoice guidedgrammar skipspecialtokens"
                  + " ignoreeos addgenerationprompt safeprompt promptmode n bestof maxtoolcalls"
                  + " type streamid"),
          KnownMembers.names("metadata clientmetadata text guidedjson structuredoutputs"),
          KnownMembers.names(
              "conversation container document image images mask video file fileids"),
          KnownMembers.names(
              "messages input instructions prompt suffix query documents texts prediction system"),
          KnownMembers.names(
              "content text refusal arguments function functioncall custom output input summary"
                  + " encryptedcontent thinking reasoning reasoningcontent toolcalls action"
                  + " operation"),
          KnownMembers.names(
              "role type name id callid toolcallid status phase signature prefix title"
                  + " namespace maxoutputlength stdout stderr effort async"),
          KnownMembers.names(
              "annotations citations logprobs action operation outcome arguments cachecontrol"
                  + " promptcachebreakpoint caller"),
          Set.of(
              "text",
              "input_text",
              "output_text",
              "summary_text",
              "reasoning_text",
              "refusal",
              "thinking",
              "content",
              "message",
              "function",
              "custom",
              "function_call",
              "function_call_output",
              "custom_tool_call",
              "custom_tool_call_output",
              "local_shell_call",
              "local_shell_call_output",
              "shell_call",
              "shell_call_output",
              "apply_patch_call",
              "apply_patch_call_output",
              "reasoning",
              "compaction",
              "compaction_summary",
              "configuration_update"));

  private static final KnownMembers OF_SPEECH =
      KNOWN.withSettings(KnownMembers.names("voiceid refaudio responseencoding"));

  private static final UseFields OF_RESPONSES =
      UseFields.outermost("max_output_tokens", Set.of("max_output_tokens"));
  private static final Set<String> OF_ANY_CHAT =
      Set.of(ObeyedCaps.OLDER_OUTPUT, ObeyedCaps.NEWER_OUTPUT);
  private static final UseFields OF_CHATS =
      UseFields.outermost(ObeyedCaps.NEWER_OUTPUT, OF_ANY_CHAT);
  private static final UseFields OF_USUAL_CHATS =
      UseFields.outermost(ObeyedCaps.OLDER_OUTPUT, OF_ANY_CHAT);
  private static final UseFields OF_TEXTS = UseFields.outermost("max_tokens", Set.of("max_tokens"));
  private static final UseFields OF_PAGES = UseFields.outermost("max_tokens", Set.of());

  private static final Set<String> CALLERS_TOOLS =
      Set.of(
          "function",
          "custom",
          "namespace",
          "local_shell",
          "apply_patch",
          "computer",
          "computer_use_preview");

  private static final Set<String> WEB_SEARCH = Set.of("web_search");
  private static final Set<String> FETCH = Set.of("web_search fetch");
  private static final Set<String> FILE_SEARCH = Set.of("file_search");
  private static final Set<String> CODE = Set.of("code_interpreter");
  private static final Set<String> COMPUTER = Set.of("computer_use");
  private static final Set<String> IMAGE_OF_TOOL = Set.of("image");
  private static final Set<String> NO_FEE = Set.of();
  private static final String SPEED = "speed";
  private static final Set<String> TIER_MEMBERS = Set.of("service_tier", SPEED);

  /** The names of tiers, in lower case, that cost no more than the usual tier. */
  private static final Set<String> NOT_FASTER =
      Set.of(
          "",
          "standard",
          "default",
          "standard_only",
          "on_demand",
          "service_tier_standard",
          "flex",
          "service_tier_flex",
          "on_demand_flex",
          "batch",
          "scale",
          "provisioned_throughput");

  /** The fees that a use of a tool can cause, keyed by the tool's type. */
  private static final Map<String, Set<String>> FEES_OF_TOOLS =
      Map.ofEntries(
          entry("browser_search", WEB_SEARCH), // Groq
          entry("people_search", WEB_SEARCH), // Perplexity
          entry("finance_search", WEB_SEARCH),
          entry("image_search", WEB_SEARCH),
          entry("fetch_url", FETCH),
          entry("sandbox", Set.of("code_interpreter", "web_search")), // its code can search, too
          entry("x_search", Set.of("web_search post")), // xAI
          entry("collections_search", FILE_SEARCH),
          entry("attachment_search", FILE_SEARCH),
          entry("view_image", NO_FEE),
          entry("view_x_video", NO_FEE),
          entry("document_library", FILE_SEARCH), // Mistral
          entry("openrouter:web_search", WEB_SEARCH),
          entry("openrouter:web_fetch", FETCH),
          entry("openrouter:image_generation", IMAGE_OF_TOOL),
          entry("openrouter:datetime", NO_FEE),
          entry("file_search", FILE_SEARCH),
          entry("code_interpreter", CODE),
          entry("code_execution", CODE),
          entry("shell", CODE),
          entry("computer", COMPUTER),
          entry("image_generation", IMAGE_OF_TOOL),
          entry("mcp", NO_FEE),
          entry("tool_search", NO_FEE),
          entry("programmatic_tool_calling", NO_FEE));

  private static final ModelListShape LIST =
      new ModelListShape(
          List.of("models", "openai/models"),
          Set.of("models"),
          ModelListShape.USUAL_MEMBERS,
          "id",
          "",
          ModelListShape.Paging.NONE);

  private static final Optional<String> SUBSTITUTES = Optional.of("models.[]");

  /** The operations that the requests of a batch can call. */
  private static final List<String> BATCHED =
      List.of("responses", "chat/completions", "embeddings", "completions");

  private static final Pattern DEPLOYMENT = Pattern.compile("(?:openai/)?deployments/([^/]+)/.+");

  /** The texts with which the paths of Azure's clients can begin, below their base URL. */
  private static final List<String> DEPLOYMENTS =
      List.of("deployments/", "v1/deployments/", "openai/deployments/", "v1/openai/deployments/");

  /** Matches the names of models of Qwen 4 and later. */
  private static final Pattern NEWER_QWEN = Pattern.compile("qwen[4-9](?:[.-].*)?");

  /** Matches the time that the provider may take for a batch, in hours or days. */
  private static final Pattern WINDOW = Pattern.compile("([0-9]{1,4})([hd])");

  /** The query parameter that chooses the version of Azure's API. */
  private static final List<String> IDLE = List.of("api-version");

  /** The text with which Azure's paths begin, below the URL of a resource. */
  private static final String AZURE = "openai/";

  private static final String AZURE_DEPLOYMENTS = "deployments/";

  /** The paths of Azure's API for models of all vendors. The paths name no model. */
  private static final Set<String> AZURE_INFERENCE =
      Set.of("models/chat/completions", "models/embeddings");

  /**
   * The end of some endpoints of Azure's API for models of all vendors. An endpoint with this end
   * already contains the first segment of this API's paths.
   */
  private static final String AZURE_INFERENCE_ROOT = "/models";

  /**
   * The path below which Azure has an API with OpenAI's paths. This API needs no version in the
   * query.
   */
  private static final String AZURE_ROOT = "/openai/v1";

  private static final Set<String> AZURE_IMAGES = Set.of("x-ms-oai-image-generation-deployment");

  /** The path of Azure's list of models, below the URL of a resource. */
  private static final String AZURE_MODELS = "openai/models";

  /** The text with which OpenAI's message begins if a model can't return its reasoning. */
  private static final String NO_ENCRYPTED_CONTENT = "Encrypted content is not supported";

  /** The code of the error for a request that Azure's content filter refused. */
  private static final String FILTERED = "content_filter";

  private static final String MODERATION = "omni-moderation-latest";
  private static final String GROQ = "openai/v1/";

  /** Matches the query with which Codex requests its own kind of list of models. */
  private static final Pattern OF_CODEX = Pattern.compile("client_version=[A-Za-z0-9.+-]{1,64}");

  private static final Pattern AZURE_BASE = Pattern.compile("/openai/?$");

  /** The newest of Azure's API versions that is not a preview. */
  private static final String AZURE_VERSION = "api-version=2024-10-21";

  private static final List<Operation> FORMS =
      List.of(
          new Operation("POST images/edits"),
          new Operation("POST images/variations"),
          new Operation("POST audio/transcriptions"),
          new Operation("POST audio/translations"),
          new Operation("POST files"),
          new Operation("POST uploads/{id}/parts"),
          new Operation("POST containers/{id}/files"));

  public OpenAiApi() {
    super(
        List.of(
            "POST embeddings",
            "POST chat/completions",
            "POST completions",
            "POST responses",
            "POST moderations",
            "POST images/generations",
            "POST audio/speech",
            "POST audio/transcriptions",
            "POST audio/translations",
            "POST rerank",
            "GET models",
            "GET models/{id}",
            "POST images/edits",
            "POST images/variations",
            "POST " + COMPACTION,
            "POST responses/input_tokens",
            "POST fim/completions",
            "POST ocr",
            "GET realtime"),
        List.of("beta"));
  }

  private static UsagePlaces places() {
    return new UsagePlaces(
            "response.completed",
            "response.incomplete",
            "response.failed",
            "response.done",
            "speech.audio.done",
            "transcript.text.done")
        .add("choices.[].delta", PIECE)
        .add("choices.[].delta.audio.data", SPEECH)
        .add("choices.[].text", PIECE)
        .addAll(OF_CHAT)
        .add("choices.[].delta.executed_tools.[]", ITEM)
        .add("choices.[].delta.executed_tools.[]", EXECUTED)
        .add("choices.[].messages.[].tool_calls.[]", ITEM)
        .add("choices.[].messages.[].tool_calls.[]", CALLED)
        .add("choices.[].delta.content.[]", ITEM)
        .add("choices.[].delta.content.[]", MADE)
        .add("delta", PIECE)
        .add("error.code", ERROR_CODE)
        .add("model", MODEL)
        .add("service_tier", TIER)
        .add("usage", USAGE)
        .add("usage.prompt_audio_seconds", SECONDS) // Mistral
        .add("type", TYPE)
        .add("response.model", MODEL)
        .add("response.usage", USAGE)
        .add("x_groq.usage", USAGE)
        .add("data.[]", IMAGES)
        .add("data.[].b64_json", IMAGE)
        .add("data.[].url", IMAGE);
  }

  @Override
  public ObjectOperations storage() {
    return OpenAiStorage.TABLE;
  }

  @Override
  public String baseUrlEnd() {
    return "/v1";
  }

  /**
   * Returns an operation's path without the version and the deployment. The version is already in
   * the service's endpoint. The paths of Azure's clients begin with the deployment.
   */
  @Override
  public String operationPath(String method, String below) {
    int end = endOfDeployment(method, below);
    return end < 0 ? withoutVersions(below) : below.substring(end + 1);
  }

  @Override
  public Optional<String> modelBeforeOperation(String method, String below) {
    int end = endOfDeployment(method, below);
    return end < 0
        ? Optional.empty()
        : Optional.of(ModelPath.decoded(below.substring(beginOfDeployment(below), end)));
  }

  @Override
  public List<String> idleParameters() {
    return IDLE;
  }

  /**
   * Returns the endpoint's path. If the endpoint of a service with Azure's paths is the resource's
   * URL, OpenAI's paths are sent below {@code openai/v1}. Azure's own paths already begin at the
   * resource. If the endpoint and the path both contain Azure's {@code models}, this segment is
   * sent only once.
   */
  @Override
  public String pathBefore(String endpointPath, String path, List<Operation> lent) {
    if (endpointPath.endsWith(AZURE_INFERENCE_ROOT) && AZURE_INFERENCE.contains(path)) {
      return endpointPath.substring(0, endpointPath.length() - AZURE_INFERENCE_ROOT.length());
    }
    boolean isRoot = endpointPath.isEmpty() || endpointPath.equals("/");
    return isRoot
            && !path.startsWith(AZURE)
            && !path.startsWith(AZURE_DEPLOYMENTS)
            && !AZURE_INFERENCE.contains(path)
            && lent.stream().anyMatch(each -> each.path().startsWith(AZURE))
        ? AZURE_ROOT
        : endpointPath;
  }

  /**
   * Finds the longest known operation with which the path ends, and returns the index at which this
   * operation begins; -1 if the path ends with no known operation.
   */
  private int endOfDeployment(String method, String below) {
    int begin = beginOfDeployment(below);
    for (int at = begin; at >= 0; ) {
      at = below.indexOf('/', at + 1);
      if (at > begin && lends(method, below.substring(at + 1))) {
        return at;
      }
    }
    return -1;
  }

  /** Returns where a deployment's name begins; -1 if the path names no deployment. */
  private static int beginOfDeployment(String below) {
    for (String beginning : DEPLOYMENTS) {
      if (below.startsWith(beginning)) {
        return beginning.length();
      }
    }
    return -1;
  }

  /**
   * Returns the version at the beginning of a path. For Groq's SDKs, the version is a longer text,
   * because they append the whole path of Groq's own API to the base URL.
   */
  @Override
  String version(String path) {
    return path.startsWith(GROQ) ? GROQ : super.version(path);
  }

  @Override
  public List<String> credentialHeaders() {
    return List.of("api-key"); // Azure's SDKs
  }

  @Override
  public Optional<BillingApi> billing() {
    return Optional.of(BillingApi.OPENAI);
  }

  @Override
  public Set<String> accountHeaders() {
    return Set.of("openai-organization", "openai-project");
  }

  @Override
  public boolean hasOrganization() {
    return true;
  }

  /**
   * Returns the model in a path. Azure's paths name the model as {@code …/deployments/{model}/…}.
   */
  @Override
  public Optional<String> modelInPath(String path) {
    if (path.contains("deployments/")) {
      Matcher deployment = DEPLOYMENT.matcher(path);
      if (deployment.matches()) {
        return Optional.of(deployment.group(1));
      }
    }
    return AZURE_INFERENCE.contains(path) ? Optional.empty() : super.modelInPath(path);
  }

  @Override
  public Optional<String> modelIfNoneIsNamed(String path) {
    return path.endsWith("moderations") ? Optional.of(MODERATION) : Optional.empty();
  }

  @Override
  public KnownMembers knownMembers() {
    return KNOWN;
  }

  /**
   * Returns the known members. In requests for speech, these include the members with which Mistral
   * and Together choose a voice and an encoding. None of these members contains text to be spoken.
   */
  @Override
  public KnownMembers knownMembers(String path) {
    return path.endsWith("audio/speech") ? OF_SPEECH : KNOWN;
  }

  @Override
  protected UseFields fieldsOf(String path) {
    if (path.endsWith("ocr")) {
      return OF_PAGES;
    }
    if (path.endsWith("responses") || path.endsWith(COMPACTION)) {
      return OF_RESPONSES;
    }
    return path.endsWith(CHAT) ? OF_CHATS : OF_TEXTS;
  }

  /**
   * Returns the fields that limit the output. For many servers, {@code max_completion_tokens} is
   * not among them, because they ignore this field.
   */
  @Override
  protected UseFields obeyed(UseFields fields, ObeyedCaps caps) {
    if (!fields.equals(OF_CHATS)) {
      return fields;
    }
    if (!caps.takeNewerOutput()) {
      return OF_TEXTS;
    }
    return caps.outputField().equals(ObeyedCaps.NEWER_OUTPUT) ? OF_CHATS : OF_USUAL_CHATS;
  }

  @Override
  public boolean isCallersTool(String type) {
    return CALLERS_TOOLS.contains(type);
  }

  @Override
  public Set<String> tierMembers() {
    return TIER_MEMBERS;
  }

  @Override
  public boolean choosesTier(String folded) {
    return folded.equals(SPEED) || super.choosesTier(folded);
  }

  /**
   * Returns the tier that a member chooses. OpenRouter treats the speed {@code fast} like the tier
   * {@code priority} (openrouter.ai/docs/guides/features/service-tiers). No speed makes a call
   * cheaper.
   */
  @Override
  public Optional<String> tierChosen(String member, String value) {
    return member.equals(SPEED) && NOT_FASTER.contains(value.toLowerCase(Locale.ROOT))
        ? Optional.empty()
        : Optional.of(value);
  }

  /** A number in {@code speed} is the pace at which a text is spoken. */
  @Override
  public boolean isNumberWithoutTier(String member) {
    return member.equals(SPEED);
  }

  /** A server that knows no {@code speed} processes the request in the tier of its own choice. */
  @Override
  public boolean namesTier(String member) {
    return !member.equals(SPEED);
  }

  /**
   * Returns the usual name of a tier. Since July 2026, OpenAI has a second name for the tier {@code
   * priority}: {@code fast}.
   */
  @Override
  public String tierCalled(String text) {
    return text.equalsIgnoreCase("fast") ? "priority" : text;
  }

  /**
   * Returns the fees that a tool can cause. Servers with a compatible API have the same kinds of
   * tools under other names.
   */
  @Override
  public Optional<Set<String>> feesOfTool(String tool) {
    if (tool.startsWith("web_search")) {
      return Optional.of(WEB_SEARCH);
    }
    return tool.startsWith("computer_use")
        ? Optional.of(COMPUTER)
        : Optional.ofNullable(FEES_OF_TOOLS.get(tool));
  }

  /**
   * Returns no fees for a provider whose answers don't state how often its tools were used. Even if
   * such answers mention uses of tools, they might mention only some of them.
   */
  @Override
  public Optional<Set<String>> statedFees(String path, ObeyedCaps caps) {
    return caps.have(Fact.STATES_NO_TOOL_USES) ? Optional.of(NO_FEE) : Optional.empty();
  }

  /** Only responses state how many tokens the tool has read. */
  @Override
  public boolean chargesReadingForImages(String path, ObeyedCaps caps) {
    return caps.have(Fact.CHARGES_READING_FOR_IMAGES) && isOfResponses(path);
  }

  @Override
  public boolean isModelOfVerdicts(String member) {
    return member.equals("moderation.model");
  }

  @Override
  public boolean boundsToolCalls(String path, ObeyedCaps caps) {
    return caps.have(Fact.CAPS_TOOL_CALLS) && mayAnswerLater(path);
  }

  @Override
  public boolean statesUsageIfAsked(String path) {
    return path.equals("completions") || path.endsWith("/completions");
  }

  @Override
  public CallerFields callerFields(String path) {
    if (path.endsWith(CHAT)) {
      return CallerFields.OF_CHATS;
    }
    if (path.endsWith(COMPACTION)) {
      return CallerFields.OF_COMPACTION;
    }
    if (mayAnswerLater(path)) {
      return CallerFields.OF_RESPONSES;
    }
    return path.endsWith("completions") ? CallerFields.OF_TEXTS : CallerFields.OF_OTHERS;
  }

  @Override
  public List<String> batchOperations() {
    return BATCHED;
  }

  /**
   * OpenAI processes a batch for a day at most. Other providers take at most the time that the
   * request states: Groq allows up to seven days, Qwen up to fourteen. If the time can't be read,
   * the longest time is assumed.
   */
  @Override
  public Duration longestBatch(Optional<String> window) {
    if (window.isEmpty()) {
      return super.longestBatch(window);
    }
    Matcher stated = WINDOW.matcher(window.get());
    if (!stated.matches()) {
      return BatchAnswers.LONGEST;
    }
    int number = Integer.parseInt(stated.group(1));
    Duration time =
        stated.group(2).equals("d") ? Duration.ofDays(number) : Duration.ofHours(number);
    return Collections.min(
        List.of(BatchAnswers.LONGEST, Collections.max(List.of(time, super.longestBatch(window)))));
  }

  @Override
  public Optional<BatchAnswers> batchAnswers() {
    return Optional.of(BATCHES);
  }

  @Override
  public boolean mayAnswerLater(String path) {
    return path.equals("responses") || path.endsWith("/responses");
  }

  /** Returns Azure's header that names the deployment which makes images for a response. */
  @Override
  public Set<String> modelHeaders(String path) {
    return mayAnswerLater(path) ? AZURE_IMAGES : Set.of();
  }

  /** Returns the path of OpenRouter's list of models, which OpenAI itself does not have. */
  @Override
  public Optional<String> namesOfSubstitutes() {
    return SUBSTITUTES;
  }

  @Override
  protected List<Operation> formOperations() {
    return FORMS;
  }

  @Override
  public ObjectPlaces objectPlaces() {
    return OpenAiObjects.PLACES;
  }

  @Override
  public boolean showsContent(String value) {
    return OpenAiObjects.showsContent(value);
  }

  @Override
  public boolean repeatsFiles(String path) {
    return path.endsWith("ocr")
        || path.endsWith("audio/transcriptions")
        || path.endsWith("audio/translations");
  }

  @Override
  public UsagePlaces usagePlaces(String path) {
    if (path.endsWith("completions")) {
      return PLACES;
    }
    if (isOfResponses(path)) {
      return PLACES_OF_RESPONSES;
    }
    if (path.contains("audio/")) {
      return PLACES_OF_AUDIO;
    }
    if (path.contains("images/")) {
      return PLACES_OF_IMAGES;
    }
    if (path.endsWith("ocr")) {
      return PLACES_OF_PAGES;
    }
    return path.endsWith("rerank") ? PLACES_OF_RANKS : PLACES;
  }

  /** Whether the answers of an operation are responses. */
  private static boolean isOfResponses(String path) {
    return path.endsWith("responses") || path.contains("responses/");
  }

  /**
   * Returns the number of searches that are charged. In chats, models with built-in web search
   * search once before each answer, although no answer states this search.
   */
  @Override
  public long billedSearches(String path, String model, long stated, long answers) {
    return stated == 0 && searchesOnce(path, model) ? answers : stated;
  }

  /**
   * Returns the maximum number of searches that a model makes if the request contains no tool. Some
   * models of OpenAI, Perplexity, Groq and OpenRouter search the web without being asked.
   */
  @Override
  public long searchesUnasked(String path, String model) {
    if (usesToolsUnasked(path, model) && !model.contains(AGENTS)) {
      return MOST_SEARCHES;
    }
    return isOf("sonar", model) || searchesOnce(path, model) ? 1 : 0;
  }

  /**
   * Whether a model uses tools that the request does not name. In calls of {@code responses},
   * OpenAI's research models use only the tools that the request names. The agents of xAI's models
   * read each other's results, as if these came from tools.
   */
  @Override
  public boolean usesToolsUnasked(String path, String model) {
    return model.endsWith(":online")
        || isOf("compound", model)
        || model.contains(AGENTS)
        || (model.contains(RESEARCH) && (isOf("sonar", model) || path.endsWith(CHAT)));
  }

  @Override
  public boolean mayUsePriority(String model) {
    return isNitro(model);
  }

  /**
   * Whether a request can limit a model's output. Perplexity's research models reason without a
   * limit, and xAI ignores a limit for several agents.
   */
  @Override
  public boolean boundsOutput(String model) {
    return !model.contains(AGENTS) && (!isOf("sonar", model) || !model.contains(RESEARCH));
  }

  /**
   * Whether {@code max_tokens} also limits the reasoning of a chat's model. At Alibaba, this is
   * known only of the models of Qwen 4 and later.
   */
  @Override
  public boolean boundsReasoning(String path, String model, ObeyedCaps caps) {
    return !caps.have(Fact.REASONS_BEYOND)
        || !path.endsWith(CHAT)
        || NEWER_QWEN.matcher(model).matches();
  }

  /** Whether a model searches the web before each answer of a chat. */
  private static boolean searchesOnce(String path, String model) {
    return path.endsWith(CHAT)
        && (model.contains("-search-preview") || model.contains("-search-api"));
  }

  /** Whether a model's name, without the maker's prefix, begins with the name of a model family. */
  private static boolean isOf(String family, String model) {
    return model.startsWith(family, model.lastIndexOf('/') + 1);
  }

  /**
   * Returns the meaning of an error. Mistral and vLLM put the error's members into the outermost
   * object.
   */
  @Override
  public ErrorMeaning errorMeaning(String place, Map<String, String> texts) {
    boolean isError =
        place.equals("/error") || (place.isEmpty() && "error".equals(texts.get("object")));
    if (isError && refusesInclude(texts)) {
      return ErrorMeaning.INCLUDE_REFUSED;
    }
    if (isError && (isNoCredit(texts.get("code")) || isNoCredit(texts.get("type")))) {
      return ErrorMeaning.CREDIT_EXHAUSTED;
    }
    if (isError && FILTERED.equals(texts.get("code"))) {
      return ErrorMeaning.PROMPT_FILTERED;
    }
    return isError && (isPace(texts.get("code")) || isPace(texts.get("type")))
        ? ErrorMeaning.PACE
        : ErrorMeaning.OTHER;
  }

  /**
   * Whether an error is about {@code include} or one of its elements. The error's message is also
   * searched, because proxies forward the message without the name of the member. It does no harm
   * that the message may repeat text of the caller, because the result has only one effect: the
   * gateway repeats the refused request, but leaves out what it had added itself.
   */
  private static boolean refusesInclude(Map<String, String> texts) {
    String member = texts.getOrDefault("param", "");
    return member.equals("include")
        || member.startsWith("include[")
        || texts.getOrDefault("message", "").contains(NO_ENCRYPTED_CONTENT);
  }

  /**
   * Returns the body of an error. Mistral's clients expect the error's members in the outermost
   * object.
   */
  @Override
  public String errorBody(int status, String code, String message) {
    return errorBody(errorMembers(status, code, message, "null"));
  }

  @Override
  public String errorBody(int status, String code, String message, String member) {
    return errorBody(errorMembers(status, code, message, quoted(member)));
  }

  /**
   * Returns the protocol that is used at a path. Azure has the Realtime API also at paths outside
   * of {@code v1}.
   */
  @Override
  public Optional<SocketUse> socketAt(String path) {
    String bare = withoutVersions(path);
    return switch (bare) {
      case "responses" -> Optional.of(SocketUse.CALLS);
      case "realtime", "openai/realtime" -> Optional.of(SocketUse.SESSION);
      default -> Optional.empty();
    };
  }

  @Override
  public boolean needsSocket(String path) {
    return socketAt(path).equals(Optional.of(SocketUse.SESSION));
  }

  @Override
  public Optional<String> sessionOfSecretAt(String path) {
    return withoutVersions(path).equals("realtime" + SECRETS)
        ? Optional.of(path.substring(0, path.length() - SECRETS.length()))
        : Optional.empty();
  }

  /**
   * Whether a call must not be sent to the provider, which is true for sessions by WebRTC and SIP,
   * and for requests for secrets with which somebody could talk to the provider directly.
   */
  @Override
  public boolean escapesAt(String path) {
    String whole = "/" + path;
    return whole.contains("/realtime/")
        || whole.contains("/live/sessions")
        || whole.contains("/chatkit/sessions");
  }

  @Override
  public Optional<String> errorMessage(
      int status, String code, String message, Optional<String> member) {
    return Optional.of(
        "{\"type\":\"error\",\"status\":%s,\"error\":{%s}}"
            .formatted(
                status,
                errorMembers(status, code, message, member.map(JsonText::quoted).orElse("null"))));
  }

  private static String errorBody(String members) {
    return "{\"error\":{" + members + "},\"object\":\"error\"," + members + "}";
  }

  private static String errorMembers(int status, String code, String message, String member) {
    return "\"message\":%s,\"type\":%s,\"param\":%s,\"code\":%s"
        .formatted(quoted(message), quoted(errorType(status)), member, quoted(code));
  }

  private static String errorType(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 402 -> "insufficient_quota";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 429 -> "rate_limit_error";
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  /**
   * Returns the event that reports an error in a stream. Only the events of the operation {@code
   * responses} have types.
   */
  @Override
  public Optional<String> errorEvent(String uri, int status, String code, String message) {
    return Optional.of(
        uri.split("\\?", 2)[0].endsWith("/responses")
            ? "event: error\ndata: {\"type\":\"error\",\"sequence_number\":0,\"code\":%s,\"message\":%s,\"param\":null}\n\n"
                .formatted(quoted(code), quoted(message))
            : "data: {\"error\":{" + errorMembers(status, code, message, "null") + "}}\n\n");
  }

  @Override
  public ModelListShape modelList() {
    return LIST;
  }

  @Override
  public String listedModel(String name, String model, String ownedBy, Instant since) {
    return "{\"id\":%s,\"object\":\"model\",\"created\":%s,\"owned_by\":%s}"
        .formatted(quoted(name), since.getEpochSecond(), quoted(ownedBy));
  }

  @Override
  public String modelPage(
      String models, Optional<String> first, Optional<String> last, Optional<String> next) {
    return "{\"object\":\"list\",\"data\":[" + models + "]}";
  }

  /**
   * Returns an empty catalogue for Codex, which then uses its own metadata of models. Codex states
   * its version, and can't read OpenAI's list.
   */
  @Override
  public Optional<String> otherModelList(String query) {
    return OF_CODEX.matcher(query).matches() ? Optional.of("{\"models\":[]}") : Optional.empty();
  }

  /**
   * Returns the request for a page of models. If the endpoint of a service with Azure's paths is
   * the resource's URL, all paths begin with {@code openai/}. Other endpoints end with {@code
   * openai}. Unless the path begins with {@code openai/v1}, Azure requires a version in the query.
   */
  @Override
  public ListRequest listRequest(
      String query, String endpointPath, List<Operation> lent, List<String> parameters) {
    if (hasVersion(endpointPath)
        || lent.stream().noneMatch(each -> each.matches("GET", AZURE_MODELS))) {
      return super.listRequest(query, endpointPath, lent, parameters);
    }
    return new ListRequest(
        AZURE_BASE.matcher(endpointPath).find() ? LIST.path() : AZURE_MODELS,
        parameters.contains("api-version") ? AZURE_VERSION : "");
  }

  @Override
  public TestCall textCall(TestQuestion question) {
    return new TestCall(
        "chat/completions",
        question.messages() + ",\"" + question.outputField() + "\":" + question.mostTokens() + "}");
  }

  @Override
  public TestCall embeddingCall(TestQuestion question) {
    return new TestCall("embeddings", question.start() + ",\"input\":\"" + TEST_TEXT + "\"}");
  }

  @Override
  protected List<ClientExample> textExamples() {
    return List.of(
        curl(
            "/chat/completions",
            "{\"model\": <model>, \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}"),
        python(
            """
            print(client.chat.completions.create(
                model=<model>, messages=[{"role": "user", "content": "Hello"}],
            ).choices[0].message.content)\
            """),
        node(
            """
            const answer = await client.chat.completions.create({
              model: <model>, messages: [{ role: 'user', content: 'Hello' }],
            });
            console.log(answer.choices[0].message.content);\
            """),
        code(
            "codex",
            "Codex",
            "~/.codex/config.toml",
            """
            model = <model>
            model_provider = "claviger"

            [model_providers.claviger]
            name = "Claviger"
            base_url = "<url>"
            env_key = "GATEWAY_TOKEN"
            wire_api = "responses\"\
            """),
        code(
            "opencode",
            "opencode",
            "~/.config/opencode/opencode.json",
            """
            {
              "model": <prefixed model>,
              "provider": {
                "claviger": {
                  "npm": "@ai-sdk/openai-compatible",
                  "options": {"baseURL": "<url>", "apiKey": "{env:GATEWAY_TOKEN}"},
                  "models": {<model>: {}}
                }
              }
            }\
            """),
        langChain4j("OpenAiChatModel", ""));
  }

  @Override
  protected List<ClientExample> embeddingExamples() {
    return List.of(
        curl("/embeddings", "{\"model\": <model>, \"input\": \"Hello\"}"),
        python("print(client.embeddings.create(model=<model>, input=\"Hello\").data[0].embedding)"),
        node(
            """
            const answer = await client.embeddings.create({ model: <model>, input: 'Hello' });
            console.log(answer.data[0].embedding);\
            """),
        langChain4j("OpenAiEmbeddingModel", ""));
  }

  private static ClientExample python(String use) {
    return code(
        "python",
        "openai-python",
        "",
        """
        import os
        from openai import OpenAI

        client = OpenAI(base_url="<url>", api_key=os.environ["GATEWAY_TOKEN"])
        """
            + use);
  }

  private static ClientExample node(String use) {
    return code(
        "node",
        "openai-node",
        "",
        """
        import OpenAI from 'openai';

        const client = new OpenAI({ baseURL: '<url>', apiKey: process.env.GATEWAY_TOKEN });
        """
            + use);
  }

  @Override
  public String usualProvider() {
    return "openai-compat";
  }
}
