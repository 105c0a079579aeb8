package io.claviger.domain.formats;

import static io.claviger.domain.formats.ClientExample.code;
import static io.claviger.domain.formats.ClientExample.curl;
import static io.claviger.domain.formats.ClientExample.langChain4j;
import static io.claviger.domain.formats.ClientExample.shell;
import static io.claviger.domain.formats.JsonText.quoted;

import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.policy.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Google's Gemini API. */
public class GeminiApi extends GoogleApi {
  private static final String PYTHON_TITLE = "Gemini (google-genai)";
  private static final String PYTHON_CLIENT = "api_key=os.environ[\"GATEWAY_TOKEN\"]";

  private static final BatchAnswers BATCHES = new GeminiBatchAnswers(USAGE, GROUNDING);

  private static final List<String> BATCHED = List.of(InlineBatch.OF_CONTENTS.operation());

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

  public GeminiApi() {
    super(
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
  public boolean namesModelInPath(String path) {
    return true;
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

  /**
   * Whether an answer with the given status can mean that the key was rejected. The status 400 is
   * included, which Google sends where other providers send 401.
   */
  @Override
  public boolean mayRejectKey(int status) {
    return status == 400;
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
  public String listedModel(String name, String model, String ownedBy, Instant since) {
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
    return new TestCall(path(question, "generateContent"), textBody(question));
  }

  @Override
  public TestCall embeddingCall(TestQuestion question) {
    return new TestCall(path(question, "embedContent"), EMBEDDING_BODY);
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

  @Override
  public String usualProvider() {
    return "google";
  }

  @Override
  public Optional<String> telemetryName() {
    return Optional.of("gcp.gemini");
  }
}
