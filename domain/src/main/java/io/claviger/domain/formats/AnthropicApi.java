package io.claviger.domain.formats;

import static io.claviger.domain.formats.ClientExample.code;
import static io.claviger.domain.formats.ClientExample.curl;
import static io.claviger.domain.formats.ClientExample.langChain4j;
import static io.claviger.domain.formats.ClientExample.shell;
import static io.claviger.domain.formats.JsonText.quoted;
import static io.claviger.domain.formats.UsagePlaces.Meaning.CACHE_READ;
import static io.claviger.domain.formats.UsagePlaces.Meaning.COUNTRY;
import static io.claviger.domain.formats.UsagePlaces.Meaning.FETCH_RUNS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.FRESH_INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ITERATION;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ITERATIONS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ITERATION_MODEL;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ITERATION_TYPE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.MODE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.MODEL;
import static io.claviger.domain.formats.UsagePlaces.Meaning.OUTPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PART_TYPE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PIECE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PRELIMINARY;
import static io.claviger.domain.formats.UsagePlaces.Meaning.RUNS_IN_SESSION;
import static io.claviger.domain.formats.UsagePlaces.Meaning.SEARCHES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.TIER;
import static io.claviger.domain.formats.UsagePlaces.Meaning.TYPE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.WRITTEN;
import static io.claviger.domain.formats.UsagePlaces.Meaning.WRITTEN_1H;
import static io.claviger.domain.formats.UsagePlaces.Meaning.WRITTEN_5M;
import static io.claviger.domain.formats.UsagePlaces.at;

import io.claviger.domain.formats.UsagePlaces.Statement;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.RequestedObjects;
import io.claviger.domain.policy.Operation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

public class AnthropicApi extends ProviderApi {
  private static final List<Statement> NUMBERS =
      List.of(
          at("input_tokens", FRESH_INPUT),
          at("cache_read_input_tokens", CACHE_READ),
          at("cache_creation_input_tokens", WRITTEN),
          at("cache_creation.ephemeral_5m_input_tokens", WRITTEN_5M),
          at("cache_creation.ephemeral_1h_input_tokens", WRITTEN_1H),
          at("output_tokens", OUTPUT));

  static final List<Statement> USAGE =
      Stream.concat(
              Stream.of(
                  at("iterations", ITERATIONS),
                  at("iterations.[]", ITERATION),
                  at("iterations.[].type", ITERATION_TYPE),
                  at("iterations.[].model", ITERATION_MODEL),
                  at("service_tier", TIER),
                  at("speed", MODE),
                  at("inference_geo", COUNTRY),
                  at("server_tool_use.web_search_requests", SEARCHES),
                  at("server_tool_use.web_fetch_requests", FETCH_RUNS),
                  at("server_tool_use.code_execution_requests", RUNS_IN_SESSION)),
              Stream.concat(
                  NUMBERS.stream(), NUMBERS.stream().map(each -> each.within("iterations.[]"))))
          .toList();

  private static final UsagePlaces PLACES =
      new UsagePlaces("message_stop")
          .add("type", TYPE)
          .add("content_block.type", PART_TYPE)
          .add("content_block.to.model", MODEL)
          .add("delta", PIECE)
          .add("model", MODEL)
          .add("usage", USAGE)
          .add("message.model", MODEL)
          .add("message.usage", PRELIMINARY)
          .add("message.usage", USAGE);

  static final KnownMembers KNOWN =
      KnownMembers.of(
          KnownMembers.names(
              "model stopsequences stream toolchoice tools thinking servicetier outputconfig"
                  + " outputformat cachecontrol inferencegeo speed anthropicversion anthropicbeta"
                  + " fallbackcredittoken diagnostics billingpolicy compaction thread"),
          KnownMembers.names("metadata"),
          KnownMembers.names("container"),
          KnownMembers.names("messages system"),
          KnownMembers.names("content text input thinking data signature"),
          KnownMembers.names(
              "role type id name tooluseid iserror source mediatype title context toolsetname"
                  + " clearat outputconfig effort definition"),
          KnownMembers.names("citations caller input cachecontrol"),
          Set.of(
              "text",
              "tool_use",
              "tool_result",
              "thinking",
              "redacted_thinking",
              "document",
              "search_result",
              "content"));

  private static final BatchAnswers BATCHES = new AnthropicBatchAnswers(USAGE);
  private static final List<String> BATCHED = List.of(InlineBatch.OF_MESSAGES.operation());

  private static final UseFields FIELDS = UseFields.outermost("max_tokens", Set.of("max_tokens"));

  private static final Optional<String> SUBSTITUTES = Optional.of("fallbacks.[].model");

  private static final Optional<String> REQUEST_ID = Optional.of("Request-Id");

  /** The types of tools that the caller runs, and the types of sets of such tools. */
  private static final Pattern CALLERS_TOOLS =
      Pattern.compile(
          "custom|(?:bash|text_editor|computer|memory|computer_toolset|browser_toolset)_\\d+");

  private static final Set<String> TIER_MEMBERS = Set.of("service_tier", "speed", "inference_geo");

  private static final Optional<String> COUNTRY_MEMBER = Optional.of("inference_geo");

  private static final ModelListShape LIST =
      new ModelListShape(
          List.of("v1/models"),
          Set.of("models"),
          ModelListShape.USUAL_MEMBERS,
          "id",
          "",
          ModelListShape.Paging.byId("after_id", "before_id"));

  private static final ObjectPaging OBJECT_PAGING =
      new ObjectPaging("limit", List.of("after_id", "page"), "before_id");

  private static final Set<String> OF_THREADS =
      Set.of(RequestedObjects.STORAGE_OPTIONS, RequestedObjects.PREVIOUS_MESSAGE);

  /**
   * The codes of errors that say that the account has spent what it may spend. These errors have
   * the same type as errors about rate limits, but waiting for minutes does not help.
   */
  private static final Set<String> SPENT =
      Set.of("contract_spend_limit_reached", "enforced_spend_limit_reached");

  private static final String THREAD_UNSUPPORTED =
      ",\"details\":{\"error_code\":\"thread_unsupported_request\",\"unsupported\":[\"thread\"]}";

  private static final List<Operation> FORMS = List.of(new Operation("POST v1/files"));

  public AnthropicApi() {
    super(
        List.of(
            "POST v1/messages",
            "POST v1/messages/count_tokens",
            "GET v1/models",
            "GET v1/models/{id}"),
        List.of("beta", "limit", "after_id", "before_id"));
  }

  @Override
  public ObjectOperations storage() {
    return AnthropicStorage.TABLE;
  }

  @Override
  public ObjectPaging objectPaging() {
    return OBJECT_PAGING;
  }

  @Override
  public String objectPage(ObjectPage page) {
    String written = page(page.elements(), page.first(), page.last(), page.hasMore());
    return page.kind() == ObjectKind.FILES
        ? withCursor(written, page.hasMore() ? page.last() : Optional.empty())
        : written;
  }

  /**
   * Adds the cursor of the next page to a list of files. Since the API version 2026-10-21, SDKs
   * continue these lists with this cursor.
   */
  private static String withCursor(String list, Optional<String> next) {
    return "%s,\"next_page\":%s}"
        .formatted(list.substring(0, list.length() - 1), next.map(JsonText::quoted).orElse("null"));
  }

  @Override
  public List<String> credentialHeaders() {
    return List.of("x-api-key");
  }

  @Override
  public List<String> typicalHeaders() {
    return List.of("x-api-key", "anthropic-version");
  }

  @Override
  public Map<String, String> requiredHeaders() {
    return Map.of("anthropic-version", "2023-06-01");
  }

  @Override
  public Map<String, String> storageHeaders() {
    return Map.of("anthropic-version", "2023-06-01", "anthropic-beta", "files-api-2025-04-14");
  }

  @Override
  public Optional<BillingApi> billing() {
    return Optional.of(BillingApi.ANTHROPIC);
  }

  @Override
  public Set<String> accountHeaders() {
    return Set.of("anthropic-workspace-id");
  }

  /**
   * The header in which older SDKs send their token. Newer SDKs send a bearer token, and state a
   * newer API version.
   */
  @Override
  public String headerOrBearer() {
    return "x-api-key";
  }

  @Override
  public KnownMembers knownMembers() {
    return KNOWN;
  }

  @Override
  public Optional<String> namesOfSubstitutes() {
    return SUBSTITUTES;
  }

  @Override
  public boolean boundsToolUses(String path) {
    return true;
  }

  @Override
  protected UseFields fieldsOf(String path) {
    return FIELDS;
  }

  @Override
  public boolean isCallersTool(String type) {
    return runsAtCaller(type);
  }

  static boolean runsAtCaller(String type) {
    return CALLERS_TOOLS.matcher(type).matches();
  }

  @Override
  public boolean isOfCallersTools(String folded) {
    return isOfToolset(folded) || super.isOfCallersTools(folded);
  }

  /**
   * Whether the member with the given name, in an object that describes a set of tools, only
   * selects and configures the tools that the set offers.
   */
  static boolean isOfToolset(String folded) {
    return folded.equals("configs");
  }

  @Override
  public Optional<Set<String>> feesOfTool(String tool) {
    if (tool.startsWith("web_search_")) {
      return Optional.of(Set.of("web_search"));
    }
    if (tool.startsWith("code_execution_")) {
      return Optional.of(Set.of("code_interpreter"));
    }
    if (tool.startsWith("web_fetch_")) {
      return Optional.of(Set.of("web_search fetch"));
    }
    boolean isFree =
        tool.startsWith("tool_search_")
            || tool.startsWith("advisor_") // charged by the advising model's tokens
            || tool.equals("mcp_toolset");
    return isFree ? Optional.of(Set.of()) : Optional.empty();
  }

  @Override
  public boolean fetchesFreely(ObeyedCaps caps) {
    return !caps.have(ObeyedCaps.Fact.CHARGES_FETCHES);
  }

  @Override
  public boolean leavesOutUnusedTools() {
    return true;
  }

  @Override
  public Set<String> tierMembers() {
    return TIER_MEMBERS;
  }

  @Override
  public boolean choosesTier(String folded) {
    return folded.equals("speed") || folded.equals("inferencegeo") || super.choosesTier(folded);
  }

  /**
   * Returns the service tier that a member chooses. Choosing a faster mode or processing in one
   * country also counts as choosing a tier, because such a choice multiplies the rates.
   */
  @Override
  public Optional<String> tierChosen(String member, String value) {
    boolean isUsual =
        (member.equals("speed") && value.equals("standard"))
            || (member.equals("inference_geo") && value.equals("global"));
    boolean isNone = value.isEmpty() && !mayGetUsualTier(member);
    return isUsual || isNone ? Optional.empty() : Optional.of(value);
  }

  /**
   * Returns the member with the country in which a call is processed. If a request does not have
   * this member, a setting of the workspace decides the country.
   */
  @Override
  public Optional<String> countryMember() {
    return COUNTRY_MEMBER;
  }

  @Override
  public boolean mayGetUsualTier(String member) {
    return member.equals("service_tier");
  }

  @Override
  protected List<Operation> formOperations() {
    return FORMS;
  }

  @Override
  public ObjectPlaces objectPlaces() {
    return AnthropicObjects.PLACES;
  }

  @Override
  public Optional<BatchAnswers> batchAnswers() {
    return Optional.of(BATCHES);
  }

  @Override
  public List<String> batchOperations() {
    return BATCHED;
  }

  @Override
  public CallerFields callerFields(String path) {
    return path.endsWith("messages") ? CallerFields.OF_MESSAGES : CallerFields.OF_COUNTS;
  }

  @Override
  public UsagePlaces usagePlaces(String path) {
    return PLACES;
  }

  @Override
  public ErrorMeaning errorMeaning(String place, Map<String, String> texts) {
    if (place.equals("/error/details") && SPENT.contains(texts.getOrDefault("error_code", ""))) {
      return ErrorMeaning.CREDIT_EXHAUSTED;
    }
    String type = place.equals("/error") ? texts.get("type") : null;
    if (isNoCredit(type)) {
      return ErrorMeaning.CREDIT_EXHAUSTED;
    }
    return isPace(type) ? ErrorMeaning.PACE : ErrorMeaning.OTHER;
  }

  @Override
  public String errorBody(int status, String code, String message) {
    return "{\"type\":\"error\",\"error\":{\"type\":%s,\"message\":%s}}"
        .formatted(quoted(errorType(status)), quoted(message));
  }

  /**
   * In this format, an error names a member only if the member is about threads. After such an
   * error, an SDK continues without a thread if the program has chosen {@code continue_unthreaded}.
   */
  @Override
  public String errorBody(int status, String code, String message, String member) {
    String body = errorBody(status, code, message);
    return OF_THREADS.contains(member)
        ? body.substring(0, body.length() - 2) + THREAD_UNSUPPORTED + "}}"
        : body;
  }

  private static String errorType(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 402 -> "billing_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 503 -> "overloaded_error";
      case 504 -> "timeout_error";
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  @Override
  public Optional<String> errorEvent(String uri, int status, String code, String message) {
    return Optional.of("event: error\ndata: " + errorBody(status, code, message) + "\n\n");
  }

  /**
   * Returns 403 instead of 404, because clients interpret a 404 as a wrong model name and hide the
   * message.
   */
  @Override
  public int statusOfNotFound() {
    return 403;
  }

  @Override
  public Optional<String> requestIdHeader() {
    return REQUEST_ID;
  }

  @Override
  public ModelListShape modelList() {
    return LIST;
  }

  @Override
  public String listedModel(String name, String model, String ownedBy, Instant since) {
    return "{\"type\":\"model\",\"id\":%s,\"display_name\":%s,\"created_at\":%s}"
        .formatted(quoted(name), quoted(name), quoted(since.toString()));
  }

  @Override
  public String modelPage(
      String models, Optional<String> first, Optional<String> last, Optional<String> next) {
    return page(models, first, last, next.isPresent());
  }

  private static String page(
      String elements, Optional<String> first, Optional<String> last, boolean hasMore) {
    return "{\"data\":[%s],\"has_more\":%s,\"first_id\":%s,\"last_id\":%s}"
        .formatted(
            elements,
            hasMore,
            first.map(JsonText::quoted).orElse("null"),
            last.map(JsonText::quoted).orElse("null"));
  }

  @Override
  public TestCall textCall(TestQuestion question) {
    return new TestCall(
        "v1/messages", question.messages() + ",\"max_tokens\":" + question.mostTokens() + "}");
  }

  /**
   * Returns a test call for embeddings. Anthropic itself offers no embeddings. Only services whose
   * API standard adds such an operation have embeddings.
   */
  @Override
  public TestCall embeddingCall(TestQuestion question) {
    return new TestCall("embeddings", question.start() + ",\"input\":\"" + TEST_TEXT + "\"}");
  }

  @Override
  public boolean mayUsePriority(String model) {
    return isNitro(model);
  }

  @Override
  protected List<ClientExample> textExamples() {
    return List.of(
        curl(
            "/v1/messages",
            "{\"model\": <model>, \"max_tokens\": 100, \"messages\": [{\"role\": \"user\","
                + " \"content\": \"Hello\"}]}",
            " \\\n  -H 'anthropic-version: 2023-06-01'"),
        code(
            "python",
            "Anthropic (Python)",
            "",
            """
            import os
            from anthropic import Anthropic

            client = Anthropic(base_url="<url>", api_key=os.environ["GATEWAY_TOKEN"])
            print(client.messages.create(
                model=<model>, max_tokens=100, messages=[{"role": "user", "content": "Hello"}],
            ).content[0].text)\
            """),
        shell(
            "claude-code",
            "Claude Code",
            """
            unset ANTHROPIC_API_KEY
            export ANTHROPIC_BASE_URL=<url>
            export ANTHROPIC_AUTH_TOKEN=$GATEWAY_TOKEN
            export ANTHROPIC_MODEL=<model>\
            """),
        langChain4j("AnthropicChatModel", "/v1"));
  }

  @Override
  public String usualProvider() {
    return "anthropic";
  }
}
