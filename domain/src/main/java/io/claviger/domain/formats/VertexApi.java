package io.claviger.domain.formats;

import static io.claviger.domain.formats.ClientExample.curl;
import static io.claviger.domain.formats.ClientExample.shell;
import static io.claviger.domain.formats.JsonText.quoted;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ANNOTATED_PAGES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.CACHED;
import static io.claviger.domain.formats.UsagePlaces.Meaning.COMPLETION;
import static io.claviger.domain.formats.UsagePlaces.Meaning.FRESH_INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ITERATIONS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.MODEL;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PAGES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PART_TYPE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PIECE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PRELIMINARY;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PROMPT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.TYPE;

import io.claviger.domain.objects.IdForm;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.policy.Operation;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The API of Vertex AI. Google's own models are called with the Gemini API. Other publishers'
 * models are called with {@code rawPredict} and bodies of the publisher's own API.
 *
 * <p>{@code rawPredict} of one of Google's own models counts like {@code predict} or, for a model
 * that writes texts, like {@code generateContent}.
 *
 * <p>A service's endpoint ends with its project and location ({@code
 * …/v1/projects/{project}/locations/{location}}). Clients also write a project and a location into
 * their paths. The gateway removes them from callers' paths, so that no call reaches another
 * project. Vertex AI's Live API has other paths and names than the Gemini API's, and is not
 * supported.
 */
public class VertexApi extends GoogleApi {
  private static final String PUBLISHED = "publishers/google/models";
  private static final String ANTHROPICS = "publishers/anthropic/";
  private static final String GOOGLES = "publishers/google/";
  private static final String MISTRALS = "publishers/mistralai/";
  private static final String PREDICT = ":predict";
  private static final String RAW = ":rawPredict";
  private static final String RAW_STREAM = ":streamRawPredict";

  /**
   * The operation that counts the tokens of a request to an Anthropic model. The body names the
   * model.
   */
  private static final String COUNTING = "publishers/anthropic/models/count-tokens:rawPredict";

  /**
   * Matches the text that clients can write before {@code publishers/}: versions, a project and a
   * location.
   */
  private static final Pattern PLACE =
      Pattern.compile("(?:v1(?:beta1)?/){0,3}(?:projects/[^/]+/locations/[^/]+/)?");

  /**
   * Matches the path of an operation on a model. The model's name can contain slashes here, unlike
   * in the paths of operations at the provider.
   */
  private static final Pattern OF_MODEL =
      Pattern.compile("(publishers/[^/]+/models/)([^:]+)(:[A-Za-z]+)");

  /** Matches the beginnings of the names of Google's embedding models. */
  private static final Pattern EMBEDDING =
      Pattern.compile("(?:text-?|text-multilingual-|multimodal|gemini-)embedding");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,127}");

  /** Matches the end of an endpoint's path. */
  private static final Pattern ENDPOINT =
      Pattern.compile("(.*?)/v1[a-z0-9]*/projects/[^/]+/locations/([A-Za-z0-9-]{1,40})/?");

  private static final String PYTHON_TITLE = "Vertex AI (google-genai)";
  private static final String PYTHON_CLIENT =
      "vertexai=True, api_key=os.environ[\"GATEWAY_TOKEN\"]";

  /** The request header that says whether a call uses throughput that was bought in advance. */
  private static final String REQUEST_TYPE = "x-vertex-ai-llm-request-type";

  /**
   * The request header that chooses the tier of a call that does not use throughput bought in
   * advance.
   */
  private static final String SHARED_REQUEST_TYPE = "x-vertex-ai-llm-shared-request-type";

  private static final Map<String, String> TIER_HEADERS =
      Map.of(REQUEST_TYPE, REQUEST_TYPE, SHARED_REQUEST_TYPE, SHARED_REQUEST_TYPE);

  /** The names that bodies use for the cheaper tier. */
  private static final Set<String> CHEAPER_TIERS = Set.of("flex", "service_tier_flex");

  private static final AnthropicApi OF_ANTHROPIC = new OfAnthropic();
  private static final OpenAiApi OF_OTHERS = new OfOthers();

  /**
   * The places of the usage in answers with embeddings: for each vector, the number of tokens of
   * its text is stated.
   */
  private static final UsagePlaces VECTORS =
      new UsagePlaces()
          .add("predictions", ITERATIONS)
          .add("predictions.[].embeddings.statistics.token_count", FRESH_INPUT)
          .add("predictions.[].embeddings.statistics.tokenCount", FRESH_INPUT);

  /** The places of the usage in answers of models of publishers other than Google. */
  private static final UsagePlaces RAW_PLACES =
      new UsagePlaces("message_stop")
          .add("type", TYPE)
          .add("content_block.type", PART_TYPE)
          .add("delta", PIECE)
          .add("model", MODEL)
          .add("usage", AnthropicApi.USAGE)
          .add("message.model", MODEL)
          .add("message.usage", PRELIMINARY)
          .add("message.usage", AnthropicApi.USAGE)
          .add("choices.[].delta", PIECE)
          .add("usage.prompt_tokens", PROMPT)
          .add("usage.completion_tokens", COMPLETION)
          .add("usage.prompt_tokens_details.cached_tokens", CACHED)
          .add("usage_info.pages_processed", PAGES)
          .add("usage_info.pages_processed_annotation", ANNOTATED_PAGES);

  private static final KnownMembers KNOWN_OF_VECTORS =
      KnownMembers.of(
          KnownMembers.names("parameters"),
          Set.of(),
          Set.of(),
          KnownMembers.names("instances"),
          KnownMembers.names("content title"),
          KnownMembers.names("tasktype"),
          Set.of(),
          Set.of());

  private static final ObjectPlaces PLACES = GeminiObjects.PLACES.with(IdForm.CLOUD_RESOURCE);

  private static final ModelListShape LIST =
      new ModelListShape(
          List.of(PUBLISHED),
          Set.of("models"),
          Set.of("publisherModels"),
          "name",
          PUBLISHED + "/",
          LIST_PAGES);

  public VertexApi() {
    super(
        List.of(
            "POST publishers/{publisher}/models/{model}:generateContent",
            "POST publishers/{publisher}/models/{model}:streamGenerateContent",
            "POST publishers/{publisher}/models/{model}:countTokens",
            "POST publishers/{publisher}/models/{model}:embedContent",
            "POST publishers/{publisher}/models/{model}:predict",
            "POST publishers/{publisher}/models/{model}:rawPredict",
            "POST publishers/{publisher}/models/{model}:streamRawPredict",
            "GET publishers/google/models"),
        List.of("alt", "pageSize", "pageToken"));
  }

  /** Returns empty in any case, because services on Vertex AI can't lend storage. */
  @Override
  public Optional<String> objectId(ObjectKind kind, String reference) {
    return Optional.empty();
  }

  @Override
  public String operationPath(String method, String below) {
    String bare = pathWithoutPlace(below);
    return method.equals("GET") && bare.equals("models") ? PUBLISHED : bare;
  }

  @Override
  String version(String path) {
    Matcher place = PLACE.matcher(path);
    return place.lookingAt() ? place.group() : "";
  }

  @Override
  public String pathWithoutPlace(String path) {
    return path.substring(version(path).length());
  }

  /**
   * Returns the path that is sent before an operation's path. The path is the endpoint's path,
   * except for the list of a publisher's models, which belongs to no project and which only the
   * newer API has.
   */
  @Override
  public String pathBefore(String endpointPath, String path, List<Operation> lent) {
    Matcher endpoint = ENDPOINT.matcher(endpointPath);
    return path.equals(PUBLISHED) && endpoint.matches()
        ? endpoint.group(1) + "/v1beta1"
        : endpointPath;
  }

  @Override
  public Optional<String> location(String endpointPath) {
    Matcher endpoint = ENDPOINT.matcher(endpointPath);
    return endpoint.matches() ? Optional.of(endpoint.group(2)) : Optional.empty();
  }

  @Override
  public boolean namesModelInPath(String path) {
    return !path.equals(COUNTING);
  }

  @Override
  public Optional<ModelPath> modelPath(String path) {
    if (path.equals(COUNTING)) {
      return Optional.empty();
    }
    Matcher named = OF_MODEL.matcher(path);
    return named.matches()
        ? Optional.of(
            new ModelPath(named.group(1), ModelPath.decoded(named.group(2)), named.group(3), true))
        : Optional.empty();
  }

  @Override
  public Optional<String> modelInPath(String path) {
    return modelPath(path).map(ModelPath::model);
  }

  /**
   * Puts Google's publisher before names with slashes. Without a publisher, Google's SDKs would
   * take the text before the first slash for one.
   */
  @Override
  public String nameForClients(String path, String name) {
    return isRaw(path) || !name.contains("/") ? name : PUBLISHED + "/" + name;
  }

  @Override
  public boolean isModel(String name) {
    return NAME.matcher(name).matches();
  }

  private static boolean isRaw(String path) {
    return path.endsWith(RAW) || path.endsWith(RAW_STREAM);
  }

  /**
   * Anthropic's API on Vertex AI, where requests can also name resources of a Google Cloud project.
   */
  private static final class OfAnthropic extends AnthropicApi {
    private static final ObjectPlaces ANYWHERE =
        AnthropicObjects.PLACES.with(IdForm.PREFIXED_OR_CLOUD_RESOURCE);

    @Override
    public ObjectPlaces objectPlaces() {
      return ANYWHERE;
    }
  }

  /**
   * OpenAI's API on Vertex AI, where requests can also name resources of a Google Cloud project.
   */
  private static final class OfOthers extends OpenAiApi {
    private static final ObjectPlaces ANYWHERE =
        OpenAiObjects.PLACES.with(IdForm.PREFIXED_OR_CLOUD_RESOURCE);

    @Override
    public ObjectPlaces objectPlaces() {
      return ANYWHERE;
    }
  }

  /**
   * Returns the API that defines the bodies: the publisher's own API for {@code rawPredict}, and
   * this API for Google's own models.
   */
  @Override
  public ProviderApi ofBodies(String path) {
    if (!isRaw(path) || path.startsWith(GOOGLES)) {
      return this;
    }
    return path.startsWith(ANTHROPICS) ? OF_ANTHROPIC : OF_OTHERS;
  }

  @Override
  public CallerFields callerFields(String path) {
    return isRaw(path) && path.startsWith(ANTHROPICS)
        ? path.equals(COUNTING) ? CallerFields.OF_COUNTS : CallerFields.OF_MESSAGES
        : CallerFields.NONE;
  }

  @Override
  public KnownMembers knownMembers(String path) {
    return makesVectors(path) ? KNOWN_OF_VECTORS : knownMembers();
  }

  /**
   * Returns no headers for models of other publishers, because only Google's own models have
   * service tiers.
   */
  @Override
  public Map<String, String> tierHeaders(String path) {
    boolean generates =
        path.endsWith(":generateContent") || path.endsWith(":streamGenerateContent") || isRaw(path);
    return generates && path.startsWith(GOOGLES) ? TIER_HEADERS : Map.of();
  }

  /**
   * Returns the tier that a header or a member of a body chooses. Vertex AI reads the tier only
   * from headers (github.com/googleapis/python-genai/issues/2847). So if a body names a cheaper
   * tier, the call is charged at the usual tier. If a body names a more expensive tier, the cost of
   * that tier is reserved, in case Vertex AI reads the tier from bodies in the future.
   */
  @Override
  public Optional<String> tierChosen(String member, String value) {
    return switch (member) {
      case SHARED_REQUEST_TYPE -> Optional.of(value);
      case REQUEST_TYPE ->
          switch (value.toLowerCase(Locale.ROOT)) {
            case "shared" -> Optional.empty();
            case "dedicated" -> Optional.of("provisioned_throughput");
            default -> Optional.of(value);
          };
      default ->
          super.tierChosen(member, value)
              .filter(tier -> !CHEAPER_TIERS.contains(tier.toLowerCase(Locale.ROOT)));
    };
  }

  @Override
  public ObjectPlaces objectPlaces() {
    return PLACES;
  }

  @Override
  public UsagePlaces usagePlaces(String path) {
    if (isRaw(path) && !path.startsWith(GOOGLES)) {
      return RAW_PLACES;
    }
    return makesVectors(path) ? VECTORS : super.usagePlaces(path);
  }

  /** Whether an operation sends its body to a model as {@code predict} or {@code rawPredict}. */
  public static boolean isPrediction(String path) {
    return path.endsWith(PREDICT) || isRaw(path);
  }

  /** Whether an operation is a prediction by one of Google's embedding models. */
  public static boolean makesVectors(String path) {
    return isPrediction(path)
        && path.startsWith(GOOGLES)
        && EMBEDDING.matcher(predictor(path)).lookingAt();
  }

  /**
   * Whether an operation is a prediction by one of Google's models that make images. These are all
   * of Google's models that make no embeddings and whose names do not begin with {@code gemini}.
   */
  public static boolean makesImages(String path) {
    return isPrediction(path)
        && path.startsWith(GOOGLES)
        && !makesVectors(path)
        && (!isRaw(path) || !predictor(path).startsWith("gemini"));
  }

  /** Whether an operation is a prediction by one of Mistral's models that read documents. */
  public static boolean readsPages(String path) {
    return path.endsWith(RAW)
        && path.startsWith(MISTRALS)
        && predictor(path).startsWith("mistral-ocr");
  }

  /** Returns the own name of the model that makes a prediction. */
  private static String predictor(String path) {
    return ModelPath.own(path.substring(0, path.lastIndexOf(':')));
  }

  @Override
  public Optional<String> errorEvent(String uri, int status, String code, String message) {
    return uri.contains(ANTHROPICS)
        ? OF_ANTHROPIC.errorEvent(uri, status, code, message)
        : super.errorEvent(uri, status, code, message);
  }

  @Override
  public ModelListShape modelList() {
    return LIST;
  }

  @Override
  public String listedModel(String name, String model, String ownedBy, Instant since) {
    return "{\"name\":%s,\"versionId\":\"default\",\"launchStage\":\"GA\"}"
        .formatted(quoted(publisher(model) + "/models/" + name));
  }

  private static String publisher(String model) {
    return model.startsWith("claude") ? "publishers/anthropic" : "publishers/google";
  }

  @Override
  public String modelPage(
      String models, Optional<String> first, Optional<String> last, Optional<String> next) {
    return "{\"publisherModels\":[%s]%s}"
        .formatted(models, next.map(token -> ",\"nextPageToken\":" + quoted(token)).orElse(""));
  }

  @Override
  public ListRequest listRequest(
      String query, String endpointPath, List<Operation> lent, List<String> parameters) {
    return new ListRequest(PUBLISHED, query);
  }

  @Override
  public TestCall textCall(TestQuestion question) {
    return publisher(question.model()).equals("publishers/anthropic")
        ? new TestCall(
            path(question, "rawPredict"),
            "{\"anthropic_version\":\"vertex-2023-10-16\",\"messages\":[{\"role\":\"user\","
                + "\"content\":\""
                + TEST_TEXT
                + "\"}],\"max_tokens\":"
                + question.mostTokens()
                + "}")
        : new TestCall(path(question, "generateContent"), textBody(question));
  }

  @Override
  public TestCall embeddingCall(TestQuestion question) {
    boolean isNewer =
        question.model().contains("gemini") && !question.model().equals("gemini-embedding-001");
    return isNewer
        ? new TestCall(path(question, "embedContent"), EMBEDDING_BODY)
        : new TestCall(
            path(question, "predict"), "{\"instances\":[{\"content\":\"" + TEST_TEXT + "\"}]}");
  }

  private static String path(TestQuestion question, String verb) {
    return publisher(question.model()) + "/models/" + question.segment() + ":" + verb;
  }

  @Override
  protected List<ClientExample> textExamples() {
    return List.of(
        curl(
            "/v1/publishers/google/models/<model segment>:generateContent",
            "{\"contents\": [{\"role\": \"user\", \"parts\": [{\"text\": \"Hello\"}]}]}"),
        ofText(PYTHON_TITLE, PYTHON_CLIENT),
        shell(
            "claude-code",
            "Claude Code",
            """
            export CLAUDE_CODE_USE_VERTEX=1
            export CLAUDE_CODE_SKIP_VERTEX_AUTH=1
            export ANTHROPIC_VERTEX_BASE_URL=<url>/v1
            export ANTHROPIC_VERTEX_PROJECT_ID=any
            export CLOUD_ML_REGION=global
            export ANTHROPIC_AUTH_TOKEN=$GATEWAY_TOKEN
            export ANTHROPIC_MODEL=<model>\
            """));
  }

  @Override
  protected List<ClientExample> embeddingExamples() {
    return List.of(
        curl(
            "/v1/publishers/google/models/<model segment>:predict",
            "{\"instances\": [{\"content\": \"Hello\"}]}"),
        ofVectors(PYTHON_TITLE, PYTHON_CLIENT));
  }

  @Override
  public String usualProvider() {
    return "vertex";
  }

  @Override
  public Optional<String> telemetryName() {
    return Optional.of("gcp.vertex_ai");
  }
}
