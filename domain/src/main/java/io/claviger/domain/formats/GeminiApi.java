package io.claviger.domain.formats;

import static io.claviger.domain.formats.ClientExample.code;
import static io.claviger.domain.formats.ClientExample.curl;
import static io.claviger.domain.formats.ClientExample.langChain4j;
import static io.claviger.domain.formats.ClientExample.shell;
import static io.claviger.domain.formats.JsonText.quoted;
import static io.claviger.domain.formats.UsagePlaces.Meaning.CACHED;
import static io.claviger.domain.formats.UsagePlaces.Meaning.CACHED_DETAILS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.IMAGE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.IMAGES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.INPUT_DETAILS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.MAPS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.MODALITY;
import static io.claviger.domain.formats.UsagePlaces.Meaning.MODALITY_TOKENS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.MODEL;
import static io.claviger.domain.formats.UsagePlaces.Meaning.OF_MODALITY;
import static io.claviger.domain.formats.UsagePlaces.Meaning.OUTPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.OUTPUT_DETAILS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PIECE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.QUERY;
import static io.claviger.domain.formats.UsagePlaces.Meaning.THOUGHTS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.TIER;
import static io.claviger.domain.formats.UsagePlaces.Meaning.TOOL_USE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.TOTAL;
import static io.claviger.domain.formats.UsagePlaces.at;

import io.claviger.domain.formats.UsagePlaces.Statement;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.policy.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Google's Gemini API. */
public class GeminiApi extends ProviderApi {
  private static final String PYTHON_TITLE = "Gemini (google-genai)";
  private static final String PYTHON_CLIENT = "api_key=os.environ[\"GATEWAY_TOKEN\"]";

  static final List<Statement> USAGE =
      List.of(
          at("promptTokenCount", INPUT),
          at("cachedContentTokenCount", CACHED),
          at("toolUsePromptTokenCount", TOOL_USE),
          at("candidatesTokenCount", OUTPUT),
          at("responseTokenCount", OUTPUT), // of the Live API
          at("thoughtsTokenCount", THOUGHTS),
          at("totalTokenCount", TOTAL),
          at("serviceTier", TIER),
          at("trafficType", TIER), // Vertex AI
          at("promptTokensDetails", INPUT_DETAILS),
          at("promptTokensDetails.[]", OF_MODALITY),
          at("promptTokensDetails.[].modality", MODALITY),
          at("promptTokensDetails.[].tokenCount", MODALITY_TOKENS),
          at("promptTokenDetails", INPUT_DETAILS), // of embeddings
          at("promptTokenDetails.[]", OF_MODALITY),
          at("promptTokenDetails.[].modality", MODALITY),
          at("promptTokenDetails.[].tokenCount", MODALITY_TOKENS),
          at("cacheTokensDetails", CACHED_DETAILS),
          at("cacheTokensDetails.[]", OF_MODALITY),
          at("cacheTokensDetails.[].modality", MODALITY),
          at("cacheTokensDetails.[].tokenCount", MODALITY_TOKENS),
          at("candidatesTokensDetails", OUTPUT_DETAILS),
          at("candidatesTokensDetails.[]", OF_MODALITY),
          at("candidatesTokensDetails.[].modality", MODALITY),
          at("candidatesTokensDetails.[].tokenCount", MODALITY_TOKENS),
          at("responseTokensDetails", OUTPUT_DETAILS),
          at("responseTokensDetails.[]", OF_MODALITY),
          at("responseTokensDetails.[].modality", MODALITY),
          at("responseTokensDetails.[].tokenCount", MODALITY_TOKENS));

  /** The members in which an answer states a model's searches. */
  private static final List<Statement> GROUNDING =
      List.of(
          at("webSearchQueries.[]", QUERY),
          at("imageSearchQueries.[]", QUERY),
          at("groundingChunks.[].maps", MAPS));

  private static final UsagePlaces PLACES =
      UsagePlaces.inArrays()
          .add("candidates.[].content.parts.[]", PIECE)
          .add("serverContent.modelTurn.parts.[]", PIECE)
          .add("candidates.[].groundingMetadata", GROUNDING)
          .add("predictions.[]", IMAGES)
          .add("predictions.[].bytesBase64Encoded", IMAGE)
          .add("usageMetadata", USAGE)
          .add("modelVersion", MODEL);

  private static final KnownMembers KNOWN =
      KnownMembers.of(
              KnownMembers.names(
                  "model generationconfig safetysettings tools toolconfig tasktype servicetier store"
                      + " embedcontentconfig outputdimensionality autotruncate"),
              KnownMembers.names("labels"),
              KnownMembers.names("cachedcontent"),
              KnownMembers.names("contents content systeminstruction requests title"),
              KnownMembers.names(
                  "parts text functioncall functionresponse args response name code output content"),
              KnownMembers.names(
                  "role thought thoughtsignature id executablecode language codeexecutionresult outcome"
                      + " model tasktype title outputdimensionality willcontinue scheduling"
                      + " embedcontentconfig autotruncate"),
              KnownMembers.names("args response"),
              Set.of())
          .withInner(
              KnownMembers.names(
                  "temperature topp topk stopsequences seed presencepenalty frequencypenalty"
                      + " responselogprobs logprobs responsemimetype responseschema"
                      + " responsejsonschema responsejsonschemaordered responsemodalities"
                      + " mediaresolution speechconfig audiotimestamp thinkingconfig imageconfig"
                      + " enableenhancedcivicanswers enableaffectivedialog"));

  private static final BatchAnswers BATCHES = new GeminiBatchAnswers(USAGE, GROUNDING);

  /**
   * The models that are charged once for a prompt with searches, regardless of the number of
   * searches.
   */
  private static final Pattern PER_PROMPT =
      Pattern.compile("(?:^|/)gemini-(?:[12]\\b|flash-|pro-)");

  private static final List<String> BATCHED = List.of(InlineBatch.OF_CONTENTS.operation());

  private static final Set<String> TIER_MEMBERS = Set.of("serviceTier", "service_tier");

  private static final UseFields FIELDS = fields(false);
  private static final UseFields FIELDS_OF_STREAMS = fields(true);

  static final ModelListShape.Paging LIST_PAGES =
      ModelListShape.Paging.byToken("pageSize", 50, "pageToken", "nextPageToken").withZeroAsUsual();

  private static final ModelListShape LIST =
      new ModelListShape(
          List.of("v1beta/models", "models"),
          Set.of("models"),
          ModelListShape.USUAL_MEMBERS,
          "name",
          ModelPath.MODELS,
          LIST_PAGES);

  private static final ObjectPaging OBJECT_PAGING =
      new ObjectPaging("pageSize", List.of("pageToken"), "", true);

  private static final List<String> CAPABILITIES =
      List.of("x-goog-upload-url", "x-goog-upload-control-url");

  /**
   * The forwarded headers of uploads. Other {@code x-goog-upload-} headers are not forwarded,
   * because they can set any header of the request with which Google stores the upload.
   */
  private static final List<String> SENT_WITH_UPLOADS =
      List.of(
          "x-goog-upload-protocol",
          "x-goog-upload-command",
          "x-goog-upload-offset",
          "x-goog-upload-file-name",
          "x-goog-upload-header-content-length",
          "x-goog-upload-header-content-type");

  private static final List<String> OF_UPLOADS =
      List.of(
          "x-goog-upload-url",
          "x-goog-upload-control-url",
          "x-goog-upload-status",
          "x-goog-upload-size-received",
          "x-goog-upload-chunk-granularity");

  private static final Duration LONGEST_BATCH = Duration.ofDays(2);

  private static final Set<String> FORMS_OF_ANSWERS = Set.of("json", "sse");

  /** The values of {@code alt} with which a file can be downloaded. */
  private static final Set<String> FORMS_OF_FILES = Set.of("json", "media");

  /** The text that precedes the version at the beginning of an upload's path. */
  private static final String UPLOAD = "upload/";

  /** Matches an object's name, alone or at the end of a URI. */
  private static final Pattern OBJECT_NAME =
      Pattern.compile(
          "(?:https?://[A-Za-z0-9.:-]{1,200}/"
              + "(?:(?!(?:files|cachedContents|batches|\\.{1,2})/)[A-Za-z0-9._-]{1,40}/){0,3})?"
              + "(files|cachedContents|batches)/([a-z0-9-]{1,40})");

  /** The operation of the Live API. */
  private static final String LIVE = "live";

  private static final Pattern LIVE_PATH =
      Pattern.compile(
          "ws/google\\.ai\\.generativelanguage\\.v1(?:alpha|beta)?\\.GenerativeService"
              + "\\.BidiGenerateContent");

  private static final Pattern ENDING_VERSION = Pattern.compile("/v\\d[a-z0-9]*/?$");

  private static final String USUAL_VERSION = "v1beta/";
  private static final String TUNED_MODELS = "tunedModels";

  /** The type of the error detail that states the error's reason. */
  private static final String ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo";

  private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

  /** Matches a duration as Protocol Buffers writes it in JSON. */
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(?:\\.[0-9]{1,9})?s");

  public GeminiApi() {
    this(
        List.of(
            "POST **/models/{model}:embedContent",
            "POST **/models/{model}:batchEmbedContents",
            "POST **/models/{model}:generateContent",
            "POST **/models/{model}:streamGenerateContent",
            "POST **/models/{model}:countTokens",
            "GET **/models",
            "GET **/models/{model}",
            "POST **/tunedModels/{model}:embedContent",
            "POST **/tunedModels/{model}:batchEmbedContents",
            "POST **/tunedModels/{model}:generateContent",
            "POST **/tunedModels/{model}:streamGenerateContent",
            "POST **/tunedModels/{model}:countTokens",
            "POST **/models/{model}:predict",
            "GET " + LIVE),
        List.of("alt", "pageSize", "pageToken"));
  }

  GeminiApi(List<String> operations, List<String> queryParameters) {
    super(operations, queryParameters);
  }

  private static UseFields fields(boolean streams) {
    return new UseFields(
        "generationConfig.maxOutputTokens",
        Set.of("generationconfig"),
        Set.of("maxOutputTokens", "max_output_tokens"),
        streams,
        false);
  }

  @Override
  public ObjectOperations storage() {
    return GeminiStorage.TABLE;
  }

  @Override
  public List<String> capabilityHeaders() {
    return CAPABILITIES;
  }

  @Override
  public List<String> uploadHeaders(String path) {
    return path.startsWith(UPLOAD) ? SENT_WITH_UPLOADS : List.of();
  }

  @Override
  public List<String> uploadAnswerHeaders(String path) {
    return path.startsWith(UPLOAD) ? OF_UPLOADS : List.of();
  }

  /**
   * Whether the status says that the object does not exist. The status 403 is included, because
   * Google answers requests for missing objects with this status.
   */
  @Override
  public boolean saysMissing(int status) {
    return status == 403 || super.saysMissing(status);
  }

  @Override
  public ObjectPaging objectPaging() {
    return OBJECT_PAGING;
  }

  /**
   * Returns the id in a reference. A reference to a file is its name or URI. A reference to a
   * cached content is its name. The id is read even if the URI has a host other than Google's,
   * because Google might treat this host as its own.
   */
  @Override
  public Optional<String> objectId(ObjectKind kind, String reference) {
    Matcher name = OBJECT_NAME.matcher(reference);
    return name.matches() && name.group(1).equals(collection(kind))
        ? Optional.of(name.group(2))
        : Optional.empty();
  }

  private static String collection(ObjectKind kind) {
    return kind == ObjectKind.CACHES ? "cachedContents" : kind.wireName();
  }

  /**
   * Returns the name of the list's member that contains the objects. Batches are listed as
   * operations.
   */
  private static String listed(ObjectKind kind) {
    return kind == ObjectKind.BATCHES ? "operations" : collection(kind);
  }

  /** Returns a page of a list. As in Google's answers, empty members are left out. */
  @Override
  public String objectPage(ObjectPage page) {
    String token =
        page.last()
            .filter(id -> page.hasMore())
            .map(id -> ",\"nextPageToken\":" + quoted(id))
            .orElse("");
    return page.first().isEmpty()
        ? "{}"
        : "{\"%s\":[%s]%s}".formatted(listed(page.kind()), page.elements(), token);
  }

  @Override
  public String operationPath(String method, String below) {
    if (below.startsWith(UPLOAD) || socketAt(below).isPresent()) {
      return below;
    }
    String version = version(below);
    return (version.isEmpty() ? USUAL_VERSION : version) + withoutVersions(below);
  }

  /**
   * Returns the version at the beginning of the path. Unknown versions are recognized too, as they
   * are when operations are matched. If an unknown version were not recognized, it would be treated
   * as the first part of a model's name, which can be the handle of a user.
   */
  @Override
  String version(String path) {
    return path.substring(0, Operation.lengthOfVersion(path));
  }

  @Override
  public List<String> credentialHeaders() {
    return List.of("x-goog-api-key");
  }

  @Override
  public boolean takesCredentialInQuery() {
    return true;
  }

  @Override
  public Set<String> accountHeaders() {
    return Set.of("x-goog-user-project");
  }

  @Override
  public boolean namesModelInPath(String path) {
    return true;
  }

  @Override
  public String modelNamed(String stated) {
    return ModelPath.bare(stated);
  }

  @Override
  public Optional<ModelPath> modelPath(String path) {
    return ModelPath.of(path);
  }

  /**
   * Tuned models are in a separate collection. A tuned model's name begins with the collection's
   * name.
   */
  @Override
  Optional<String> beforeModel(String segment) {
    return segment.equals(TUNED_MODELS)
        ? Optional.of(TUNED_MODELS + "/")
        : super.beforeModel(segment);
  }

  @Override
  String withoutVerb(String modelAndVerb) {
    int verb = modelAndVerb.indexOf(':');
    return verb < 0 ? modelAndVerb : modelAndVerb.substring(0, verb);
  }

  @Override
  public KnownMembers knownMembers() {
    return KNOWN;
  }

  @Override
  protected UseFields fieldsOf(String path) {
    return path.contains(":stream") ? FIELDS_OF_STREAMS : FIELDS;
  }

  @Override
  public boolean isOfCallersTools(String folded) {
    return folded.equals("functiondeclarations");
  }

  @Override
  public boolean hasTypesOfTools() {
    return false;
  }

  @Override
  public Optional<Set<String>> feesOfTool(String tool) {
    return switch (tool) {
      case "googlesearch", "googlesearchretrieval", "googlemaps", "enterprisewebsearch" ->
          Optional.of(Set.of("grounding"));
      case "codeexecution", "urlcontext", "filesearch" -> Optional.of(Set.of());
      case "computeruse" -> Optional.of(Set.of("computer_use"));
      default -> Optional.empty();
    };
  }

  @Override
  public Set<String> tierMembers() {
    return TIER_MEMBERS;
  }

  @Override
  public boolean choosesTierItself() {
    return false;
  }

  @Override
  public Optional<String> tierChosen(String member, String value) {
    return value.toLowerCase(Locale.ROOT).endsWith("unspecified")
        ? Optional.of("standard")
        : Optional.of(value);
  }

  /**
   * Whether the gateway can read answers in the form that the parameters request. With {@code
   * alt=proto}, the gateway could not read the usage. With {@code alt=json;enum-encoding=int}, the
   * gateway could not distinguish tokens of text from tokens of media.
   */
  @Override
  public Optional<Set<String>> valuesOf(String parameter, String path) {
    return parameter.equals("alt") || parameter.equals("$alt")
        ? Optional.of(path.endsWith(":download") ? FORMS_OF_FILES : FORMS_OF_ANSWERS)
        : Optional.empty();
  }

  /**
   * Whether the parameter is {@code $alt=json;enum-encoding=int}. With this parameter, the clients
   * that Google generates from its API definitions request enums as numbers, although these clients
   * also understand the names of enums.
   */
  @Override
  public boolean isNeedless(String parameter, String value) {
    return parameter.equals("$alt") && value.equals("json;enum-encoding=int");
  }

  @Override
  public boolean keepsTools(String path) {
    return path.endsWith("cachedContents");
  }

  @Override
  public Duration longestBatch(Optional<String> window) {
    return LONGEST_BATCH;
  }

  @Override
  public Optional<BatchAnswers> batchAnswers() {
    return Optional.of(BATCHES);
  }

  /**
   * Returns the fields that identify the caller or say whether the result is stored. For newer
   * projects, Google stores the requests and answers of {@code generateContent} unless a member of
   * the request forbids the storage. For {@code v1}, the stable version of the API, no such member
   * is documented.
   */
  @Override
  public CallerFields callerFields(String path) {
    if (!path.endsWith(":generateContent") && !path.endsWith(":streamGenerateContent")) {
      return CallerFields.NONE;
    }
    return path.startsWith("v1/") ? CallerFields.OF_STABLE_CONTENTS : CallerFields.OF_CONTENTS;
  }

  @Override
  public List<String> batchOperations() {
    return BATCHED;
  }

  @Override
  public ObjectPlaces objectPlaces() {
    return GeminiObjects.PLACES;
  }

  @Override
  public UsagePlaces usagePlaces(String path) {
    return PLACES;
  }

  @Override
  public boolean isGrounded() {
    return true;
  }

  /**
   * Returns the number of searches that are charged. Older models are charged once for each prompt
   * with searches. Newer models are charged for each search.
   */
  @Override
  public long billedSearches(String path, String model, long stated, long answers) {
    return PER_PROMPT.matcher(model).find() ? Math.min(1, stated) : stated;
  }

  /**
   * Whether an answer with the given status can mean that the key was rejected. The status 400 is
   * included, which Google sends where other providers send 401.
   */
  @Override
  public boolean mayRejectKey(int status) {
    return status == 400;
  }

  @Override
  public ErrorMeaning errorMeaning(String place, Map<String, String> texts) {
    if (place.equals("/error") && isPace(texts.get("status"))) {
      return ErrorMeaning.PACE;
    }
    return place.equals("/error/details/*")
            && ERROR_INFO.equals(texts.get("@type"))
            && "API_KEY_INVALID".equals(texts.get("reason"))
        ? ErrorMeaning.KEY_INVALID
        : ErrorMeaning.OTHER;
  }

  /**
   * Returns the time for which the caller should wait according to the error. Google states this
   * time in a detail of the error (google.rpc.RetryInfo) instead of {@code Retry-After}.
   */
  @Override
  public Optional<Duration> retryDelay(String place, Map<String, String> texts) {
    String delay = texts.getOrDefault("retryDelay", "");
    return place.equals("/error/details/*")
            && RETRY_INFO.equals(texts.get("@type"))
            && SECONDS.matcher(delay).matches()
        ? Optional.of(
            Duration.ofMillis(
                (long) Math.ceil(1e3 * Double.parseDouble(delay.substring(0, delay.length() - 1)))))
        : Optional.empty();
  }

  @Override
  public String errorBody(int status, String code, String message) {
    return body(status, message, "");
  }

  /**
   * Returns the body of an error. The body states the time to wait, because Google's clients ignore
   * {@code Retry-After}.
   */
  @Override
  public String errorBodyWithWait(int status, String code, String message, long seconds) {
    return body(
        status,
        message,
        ",\"details\":[{\"@type\":%s,\"retryDelay\":\"%ss\"}]"
            .formatted(quoted(RETRY_INFO), seconds));
  }

  private static String body(int status, String message, String details) {
    return "{\"error\":{\"code\":%s,\"message\":%s,\"status\":%s%s}}"
        .formatted(status, quoted(message), quoted(googleStatus(status)), details);
  }

  /** The names of the constants of {@code google.rpc.Code}. */
  private static String googleStatus(int status) {
    return switch (status) {
      case 401 -> "UNAUTHENTICATED";
      case 402 -> "FAILED_PRECONDITION";
      case 403 -> "PERMISSION_DENIED";
      case 404 -> "NOT_FOUND";
      case 429 -> "RESOURCE_EXHAUSTED";
      case 500 -> "INTERNAL";
      case 502, 503 -> "UNAVAILABLE";
      case 504 -> "DEADLINE_EXCEEDED";
      default -> "INVALID_ARGUMENT";
    };
  }

  @Override
  public Optional<String> errorEvent(String uri, int status, String code, String message) {
    return Optional.of("data: " + errorBody(status, code, message) + "\n\n");
  }

  @Override
  public Optional<SocketUse> socketAt(String path) {
    return LIVE_PATH.matcher(path).matches() ? Optional.of(SocketUse.LIVE) : Optional.empty();
  }

  @Override
  public String operationOfSocket(String path) {
    return LIVE;
  }

  @Override
  public boolean needsSocket(String path) {
    return path.equals(LIVE);
  }

  /**
   * Returns the endpoint's path, which is sent before an operation's path. For the Live API, the
   * endpoint's version is removed, because the API's path begins at the root of the host.
   */
  @Override
  public String pathBefore(String endpointPath, String path, List<Operation> lent) {
    return path.startsWith("ws/") ? withoutEndingVersion(endpointPath) : endpointPath;
  }

  private static String withoutEndingVersion(String endpointPath) {
    Matcher version = ENDING_VERSION.matcher(endpointPath);
    return version.find() ? endpointPath.substring(0, version.start()) : endpointPath;
  }

  @Override
  public ModelListShape modelList() {
    return LIST;
  }

  @Override
  public String listedModel(String name, String ownedBy, Instant since) {
    return "{\"name\":%s,\"version\":\"\",\"displayName\":%s,\"description\":%s,\"supportedGenerationMethods\":%s}"
        .formatted(
            quoted(LIST.idPrefix() + name),
            quoted(name),
            quoted(ownedBy),
            "[\"generateContent\",\"countTokens\",\"embedContent\"]");
  }

  @Override
  public String modelPage(
      String models, Optional<String> first, Optional<String> last, Optional<String> next) {
    return "{\"models\":[%s]%s}"
        .formatted(models, next.map(token -> ",\"nextPageToken\":" + quoted(token)).orElse(""));
  }

  @Override
  public ListRequest listRequest(
      String query, String endpointPath, List<Operation> lent, List<String> parameters) {
    return new ListRequest(versionBelow(endpointPath) + "models", query);
  }

  @Override
  public String versionBelow(String endpointPath) {
    return versionFor(endpointPath);
  }

  private static String versionFor(String endpointPath) {
    return hasVersion(endpointPath) ? "" : USUAL_VERSION;
  }

  @Override
  public TestCall textCall(TestQuestion question) {
    return new TestCall(
        path(question, "generateContent"),
        "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\""
            + TEST_TEXT
            + "\"}]}],\"generationConfig\":{\"maxOutputTokens\":"
            + question.mostTokens()
            + "}}");
  }

  @Override
  public TestCall embeddingCall(TestQuestion question) {
    return new TestCall(
        path(question, "embedContent"),
        "{\"content\":{\"parts\":[{\"text\":\"" + TEST_TEXT + "\"}]}}");
  }

  private static String path(TestQuestion question, String verb) {
    return versionFor(question.endpointPath()) + ModelPath.MODELS + question.segment() + ":" + verb;
  }

  @Override
  protected List<ClientExample> textExamples() {
    return List.of(
        curl(
            "/v1beta/models/<model segment>:generateContent",
            "{\"contents\": [{\"parts\": [{\"text\": \"Hello\"}]}]}"),
        ofText(PYTHON_TITLE, PYTHON_CLIENT),
        shell(
            "gemini-cli",
            "Gemini CLI",
            """
            export GOOGLE_GEMINI_BASE_URL=<url>
            export GEMINI_API_KEY=$GATEWAY_TOKEN
            export GEMINI_MODEL=<model>\
            """),
        code(
            "gemini-cli-settings",
            "Gemini CLI, besides",
            "~/.gemini/settings.json",
            "{\"security\": {\"auth\": {\"selectedType\": \"gemini-api-key\"}}}"),
        langChain4j("GoogleAiGeminiChatModel", "/v1beta"));
  }

  @Override
  protected List<ClientExample> embeddingExamples() {
    return List.of(
        curl(
            "/v1beta/models/<model segment>:embedContent",
            "{\"content\": {\"parts\": [{\"text\": \"Hello\"}]}}"),
        ofVectors(PYTHON_TITLE, PYTHON_CLIENT));
  }

  /**
   * Returns an example program that requests a text. The argument {@code client} is the program's
   * line that creates the client. This line differs between formats.
   */
  static ClientExample ofText(String title, String client) {
    return python(
        title,
        client,
        "print(client.models.generate_content(model=<model>, contents=\"Hello\").text)");
  }

  static ClientExample ofVectors(String title, String client) {
    return python(
        title,
        client,
        "print(client.models.embed_content(model=<model>, contents=\"Hello\").embeddings)");
  }

  private static ClientExample python(String title, String client, String use) {
    return code(
        "python",
        title,
        "",
        """
        import os
        from google import genai

        client = genai.Client(
            %s, http_options={"base_url": "<url>"})
        """
                .formatted(client)
            + use);
  }

  @Override
  public String usualProvider() {
    return "google";
  }

  @Override
  public Optional<String> telemetryName() {
    return Optional.of("gcp.gemini");
  }
}
