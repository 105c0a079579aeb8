package io.claviger.domain.formats;

import static io.claviger.domain.formats.ClientExample.code;
import static io.claviger.domain.formats.ClientExample.curl;
import static io.claviger.domain.formats.ClientExample.shell;
import static io.claviger.domain.formats.JsonText.quoted;
import static io.claviger.domain.formats.UsagePlaces.Meaning.CACHED;
import static io.claviger.domain.formats.UsagePlaces.Meaning.CACHE_READ;
import static io.claviger.domain.formats.UsagePlaces.Meaning.COMPLETION;
import static io.claviger.domain.formats.UsagePlaces.Meaning.FRESH_INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ITEM;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ITEM_ID;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ITEM_TYPE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.LIFETIME;
import static io.claviger.domain.formats.UsagePlaces.Meaning.LIFETIMES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.MODE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.OF_LIFETIME;
import static io.claviger.domain.formats.UsagePlaces.Meaning.OUTPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PART_TYPE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PIECE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PRELIMINARY;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PROMPT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.TIER;
import static io.claviger.domain.formats.UsagePlaces.Meaning.TYPE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.WHOLE_IMAGE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.WRITTEN;
import static io.claviger.domain.formats.UsagePlaces.Meaning.WRITTEN_FOR;
import static io.claviger.domain.formats.UsagePlaces.at;

import io.claviger.domain.formats.UsagePlaces.Meaning;
import io.claviger.domain.formats.UsagePlaces.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The runtime API of Amazon Bedrock. This API has two kinds of operations: Converse has the same
 * bodies for all models, and invocations have bodies in the format of the model's maker. Streams
 * consist of frames of {@code application/vnd.amazon.eventstream}.
 */
public class BedrockApi extends ProviderApi {
  private static final String COLLECTION = "model/";
  private static final String LISTED = "foundation-models";
  private static final String COUNTING = "/count-tokens";

  /**
   * The names of models: Bedrock's model ids, ids of inference profiles, and resource names (ARNs)
   * of models and profiles. Resource names of prompts, prompt routers and SageMaker endpoints are
   * not names of models.
   */
  private static final Pattern MODEL =
      Pattern.compile(
          "(?!arn:)[A-Za-z0-9][A-Za-z0-9._:-]{0,255}"
              + "|arn:aws[a-z-]{0,20}:bedrock:[a-z0-9-]{1,20}:[0-9]{0,12}:"
              + "(?:foundation-model|inference-profile|application-inference-profile"
              + "|provisioned-model|custom-model-deployment|imported-model)"
              + "/[A-Za-z0-9][A-Za-z0-9._:-]{0,255}");

  /**
   * Finds the maker's name in a model's id. If the id names an inference profile, the region
   * precedes the maker's name.
   */
  private static final Pattern MAKER =
      Pattern.compile("(?:[a-z]{2,6}(?:-[a-z]{2,6})?\\.)?([a-z0-9]+)\\.[^/]+");

  private static final List<Statement> OF_CONVERSE =
      List.of(
          at("inputTokens", FRESH_INPUT),
          at("outputTokens", OUTPUT),
          at("cacheReadInputTokens", CACHE_READ),
          at("cacheWriteInputTokens", WRITTEN),
          at("cacheDetails", LIFETIMES),
          at("cacheDetails.[]", OF_LIFETIME),
          at("cacheDetails.[].ttl", LIFETIME),
          at("cacheDetails.[].inputTokens", WRITTEN_FOR),
          at("cacheReadInputTokenCount", CACHE_READ),
          at("cacheWriteInputTokenCount", WRITTEN));

  /**
   * The members of an answer that describe one run of a tool of the provider: the tool's name and
   * the run's id.
   */
  private static final List<Statement> OF_TOOL =
      List.of(at("name", ITEM_TYPE), at("toolUseId", ITEM_ID));

  private static final String IN_ANSWER = "output.message.content.[].toolUse";

  private static final UsagePlaces CONVERSE =
      new UsagePlaces("metadata")
          .add("delta", PIECE)
          .add(IN_ANSWER, ITEM)
          .add(IN_ANSWER, OF_TOOL)
          .add("start.toolUse", ITEM)
          .add("start.toolUse", OF_TOOL)
          .add("usage", OF_CONVERSE)
          .add("serviceTier.type", TIER)
          .add("performanceConfig.latency", MODE);

  /**
   * The members in which each maker's models state usage, and those with which Bedrock adds usage
   * to the last event of a stream.
   */
  private static final UsagePlaces INVOCATION =
      new UsagePlaces("message_stop")
          .add("type", TYPE)
          .add("content_block.type", PART_TYPE)
          .add("delta", PIECE)
          .add("usage", AnthropicApi.USAGE)
          .add("message.usage", PRELIMINARY)
          .add("message.usage", AnthropicApi.USAGE)
          .add("contentBlockDelta.delta", PIECE)
          .add(IN_ANSWER, ITEM)
          .add(IN_ANSWER, OF_TOOL)
          .add("contentBlockStart.start.toolUse", ITEM)
          .add("contentBlockStart.start.toolUse", OF_TOOL)
          .add("usage", OF_CONVERSE)
          .add("metadata.usage", OF_CONVERSE)
          .add("choices.[].delta", PIECE)
          .add("usage.prompt_tokens", PROMPT)
          .add("usage.completion_tokens", COMPLETION)
          .add("usage.prompt_tokens_details.cached_tokens", CACHED)
          .add("generation", PIECE)
          .add("prompt_token_count", PROMPT)
          .add("generation_token_count", COMPLETION)
          .add("outputText", PIECE)
          .add("inputTextTokenCount", PROMPT)
          .add("totalOutputTextTokenCount", COMPLETION)
          .add("amazon-bedrock-invocationMetrics.inputTokenCount", FRESH_INPUT)
          .add("amazon-bedrock-invocationMetrics.outputTokenCount", OUTPUT)
          .add("amazon-bedrock-invocationMetrics.cacheReadInputTokenCount", CACHE_READ)
          .add("amazon-bedrock-invocationMetrics.cacheWriteInputTokenCount", WRITTEN)
          .add("images.[]", WHOLE_IMAGE)
          .add("artifacts.[].base64", WHOLE_IMAGE);

  private static final UsagePlaces COUNTED = new UsagePlaces();

  private static final Map<String, Meaning> TIER_HEADERS =
      Map.of(
          "x-amzn-bedrock-service-tier", TIER,
          "x-amzn-bedrock-performanceconfig-latency", MODE);

  private static final Map<String, Meaning> USAGE_HEADERS =
      Map.of(
          "x-amzn-bedrock-service-tier", TIER,
          "x-amzn-bedrock-performanceconfig-latency", MODE,
          "x-amzn-bedrock-input-token-count", FRESH_INPUT,
          "x-amzn-bedrock-output-token-count", OUTPUT,
          "x-amzn-bedrock-cache-read-input-token-count", CACHE_READ,
          "x-amzn-bedrock-cache-write-input-token-count", WRITTEN);

  private static final KnownMembers KNOWN =
      KnownMembers.of(
              KnownMembers.names(
                  "inferenceconfig outputconfig topk thinking anthropicbeta reasoningconfig"),
              KnownMembers.names("requestmetadata additionalmodelresponsefieldpaths"),
              Set.of(),
              KnownMembers.names("messages system"),
              KnownMembers.names(
                  "content text tooluse toolresult input json reasoningcontent reasoningtext"),
              KnownMembers.names("role tooluseid name status signature cachepoint"),
              KnownMembers.names("input json cachepoint"),
              Set.of())
          .withInner(KnownMembers.names("temperature topp stopsequences"));

  /**
   * The known members of a body in the format of a maker other than Anthropic. All that is known
   * about these members is that they contain text.
   */
  private static final KnownMembers KNOWN_OF_OTHERS =
      KnownMembers.of(
          KnownMembers.names(
              "temperature topp topk inferenceconfig textgenerationconfig inputtype truncate"
                  + " embeddingtypes dimensions normalize outputdimension"),
          Set.of(),
          Set.of(),
          KnownMembers.names("messages system prompt inputtext texts query documents"),
          KnownMembers.names("content text"),
          KnownMembers.names("role"),
          Set.of(),
          Set.of());

  private static final UseFields OF_ANSWERS = converse(false);
  private static final UseFields OF_STREAMS = converse(true);

  /** The name of the outermost object's member that limits the output, for each maker of models. */
  private static final Map<String, String> OUTPUT_OF_MAKER =
      Map.of("anthropic", "max_tokens", "meta", "max_gen_len", "mistral", "max_tokens");

  private static final Set<String> TIER_MEMBERS =
      Set.of("serviceTier.type", "performanceConfig.latency");

  private static final Map<String, String> MEMBERS_OF_TIER_HEADERS =
      Map.of(
          "x-amzn-bedrock-service-tier", "serviceTier.type",
          "x-amzn-bedrock-performanceconfig-latency", "performanceConfig.latency");

  private static final ModelListShape LIST =
      new ModelListShape(
          List.of(LISTED),
          Set.of(LISTED),
          Set.of("modelSummaries"),
          "modelId",
          "",
          ModelListShape.Paging.NONE);

  private static final Optional<String> KEY_CHECK = Optional.of("async-invoke");

  /** The tool that Amazon's models use to search the web. */
  private static final String SEARCHING = "nova_grounding";

  private static final Optional<Set<String>> SEARCHES = Optional.of(Set.of("grounding"));

  private static final Optional<String> REQUEST_ID = Optional.of("x-amzn-RequestId");

  private static final String ERROR_TYPE = "x-amzn-ErrorType";

  /** Those parts of the header {@code x-amzn-ErrorType} that are not the error's name. */
  private static final Pattern ERROR_NAME = Pattern.compile("^.*#|:.*$");

  private static final int FORBIDDEN = 403;

  private static final Set<String> KEY_REJECTIONS =
      Set.of(
          "ExpiredTokenException",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "UnrecognizedClientException");

  public BedrockApi() {
    super(
        List.of(
            "POST model/{id}/converse",
            "POST model/{id}/converse-stream",
            "POST model/{id}/invoke",
            "POST model/{id}/invoke-with-response-stream",
            "POST model/{id}/count-tokens",
            "GET foundation-models"),
        List.of());
  }

  private static UseFields converse(boolean streams) {
    return new UseFields(
        "inferenceConfig.maxTokens",
        Set.of("inferenceconfig"),
        Set.of("maxTokens"),
        streams,
        false);
  }

  /**
   * Returns the path of an operation. SDKs request the list of models from a different host. Other
   * clients request it from the path {@code models}, as in all formats.
   */
  @Override
  public String operationPath(String method, String below) {
    return method.equals("GET") && withoutVersions(below).equals("models")
        ? LISTED
        : super.operationPath(method, below);
  }

  @Override
  public List<String> credentialHeaders() {
    return List.of();
  }

  @Override
  public List<String> typicalHeaders() {
    return List.of("amz-sdk-invocation-id", "x-amz-date");
  }

  @Override
  public List<String> requestHeaders() {
    return List.of("x-amzn-bedrock-accept");
  }

  @Override
  public List<String> responseHeaders() {
    return List.of(
        "x-amzn-errortype",
        "x-amzn-bedrock-content-type",
        "x-amzn-bedrock-invocation-latency",
        "x-amzn-bedrock-input-token-count",
        "x-amzn-bedrock-output-token-count",
        "x-amzn-bedrock-cache-read-input-token-count",
        "x-amzn-bedrock-cache-write-input-token-count",
        "x-amzn-bedrock-performanceconfig-latency",
        "x-amzn-bedrock-service-tier");
  }

  @Override
  public boolean namesModelInPath(String path) {
    return true;
  }

  @Override
  public Optional<ModelPath> modelPath(String path) {
    return ModelPath.ofSegment(path, COLLECTION);
  }

  @Override
  public Optional<String> modelInPath(String path) {
    return modelPath(path).map(ModelPath::model);
  }

  @Override
  public boolean isModel(String name) {
    return MODEL.matcher(name).matches();
  }

  /**
   * Returns the maker of the model in a path; empty if the model's name does not contain the maker.
   */
  private static String maker(String path) {
    return ModelPath.ofSegment(path, COLLECTION)
        .map(named -> MAKER.matcher(named.model().substring(named.model().lastIndexOf('/') + 1)))
        .filter(Matcher::matches)
        .map(found -> found.group(1))
        .orElse("");
  }

  private static boolean isInvocation(String path) {
    return path.endsWith("/invoke") || path.endsWith("/invoke-with-response-stream");
  }

  @Override
  public KnownMembers knownMembers() {
    return KNOWN;
  }

  @Override
  public KnownMembers knownMembers(String path) {
    if (!isInvocation(path)) {
      return KNOWN;
    }
    return maker(path).equals("anthropic") ? AnthropicApi.KNOWN : KNOWN_OF_OTHERS;
  }

  /**
   * Returns the members that the model's own maker defines. A model ignores the members of other
   * makers, so those members don't limit the model's answer.
   */
  @Override
  protected UseFields fieldsOf(String path) {
    boolean streams = path.endsWith("-stream");
    if (!isInvocation(path)) {
      return streams ? OF_STREAMS : OF_ANSWERS;
    }
    String maker = maker(path);
    if (path.contains("rerank") && (maker.equals("cohere") || maker.equals("amazon"))) {
      return UseFields.OF_RANKS;
    }
    String field = OUTPUT_OF_MAKER.get(maker);
    return new UseFields(
        field == null ? "max_tokens" : field,
        Set.of(),
        field == null ? Set.of() : Set.of(field),
        streams,
        false);
  }

  @Override
  public Group group(String folded) {
    return switch (folded) {
      case "toolconfig" -> Group.TOOLS;
      case "servicetier", "performanceconfig" -> Group.TIER;
      case "additionalmodelrequestfields" -> Group.OF_MODEL;
      default -> Group.NONE;
    };
  }

  /**
   * Whether the model is made by Anthropic. The bodies for such models have the form of Anthropic's
   * API.
   */
  @Override
  public boolean boundsToolUses(String path) {
    return isInvocation(path) && maker(path).equals("anthropic");
  }

  @Override
  public boolean isCallersTool(String type) {
    return type.equals("function") || AnthropicApi.runsAtCaller(type);
  }

  /**
   * Returns the fees of a tool with the given name. Amazon's own models have such tools, called
   * system tools, which Bedrock runs.
   */
  @Override
  public Optional<Set<String>> feesOfTool(String tool) {
    return tool.equals(SEARCHING) ? SEARCHES : Optional.empty();
  }

  /**
   * Returns the names of the fees for those of the provider's tools whose uses are stated in
   * answers. Answers of Anthropic's models state these uses as in Anthropic's API.
   */
  @Override
  public Optional<Set<String>> statedFees(String path, ObeyedCaps caps) {
    return boundsToolUses(path) ? Optional.empty() : SEARCHES;
  }

  @Override
  public boolean isOfCallersTools(String folded) {
    return folded.equals("toolspec")
        || folded.equals("cachepoint")
        || AnthropicApi.isOfToolset(folded)
        || super.isOfCallersTools(folded);
  }

  @Override
  public Set<String> tierMembers() {
    return TIER_MEMBERS;
  }

  /**
   * Whether a member chooses the service tier. A body in the format of the model's maker can also
   * choose a tier with a member of the maker's own API. {@link #tierMembers} does not contain such
   * members, because Bedrock's price for such a choice is unknown.
   */
  @Override
  public boolean choosesTier(String folded) {
    return switch (folded) {
      case "servicetier.type",
          "performanceconfig.latency",
          "servicetier",
          "speed",
          "inferencegeo" ->
          true;
      default -> false;
    };
  }

  @Override
  public Map<String, String> tierHeaders(String path) {
    return isInvocation(path) ? MEMBERS_OF_TIER_HEADERS : Map.of();
  }

  @Override
  public boolean choosesTierItself() {
    return false;
  }

  @Override
  public ObjectPlaces objectPlaces() {
    return BedrockObjects.PLACES;
  }

  @Override
  public UsagePlaces usagePlaces(String path) {
    if (path.endsWith(COUNTING)) {
      return COUNTED;
    }
    return isInvocation(path) ? INVOCATION : CONVERSE;
  }

  @Override
  public Map<String, Meaning> usageHeaders(String path) {
    if (path.endsWith("/invoke")) {
      return USAGE_HEADERS;
    }
    return isInvocation(path) ? TIER_HEADERS : Map.of();
  }

  @Override
  public String errorBody(int status, String code, String message) {
    return "{\"__type\":%s,\"message\":%s}".formatted(quoted(exception(status)), quoted(message));
  }

  /**
   * AWS rejects keys with status 403, and names the reason in a header. The name {@code
   * AccessDeniedException} does not count, because AWS also answers with this name if the key's
   * account may not use the model that the caller has chosen.
   */
  @Override
  public boolean rejectsKey(int status, Function<String, @Nullable String> headers) {
    if (status != FORBIDDEN) {
      return super.rejectsKey(status, headers);
    }
    String type = headers.apply(ERROR_TYPE);
    return type != null && KEY_REJECTIONS.contains(ERROR_NAME.matcher(type).replaceAll(""));
  }

  /**
   * AWS also answers with {@code AccessDeniedException} to a short-term key that has expired. Only
   * the text of such an answer tells this cause from others.
   */
  @Override
  public boolean mayRejectToken(int status) {
    return status == FORBIDDEN;
  }

  @Override
  public Map<String, String> errorHeader(int status) {
    return Map.of(ERROR_TYPE, exception(status));
  }

  /**
   * Returns the name of the exception that SDKs raise for the given status. If there is none,
   * returns the exception for the most similar status.
   */
  private static String exception(int status) {
    return switch (status) {
      case 401 -> "UnrecognizedClientException";
      case 402, 403 -> "AccessDeniedException";
      case 404 -> "ResourceNotFoundException";
      case 409 -> "ConflictException";
      case 429 -> "ThrottlingException";
      case 503 -> "ServiceUnavailableException";
      case 504 -> "ModelTimeoutException";
      default -> status < 500 ? "ValidationException" : "InternalServerException";
    };
  }

  /**
   * Always returns an empty result, because Bedrock's streams consist of frames; see {@link
   * #errorFrame}.
   */
  @Override
  public Optional<String> errorEvent(String uri, int status, String code, String message) {
    return Optional.empty();
  }

  @Override
  public Optional<byte[]> errorFrame(int status, String message) {
    String exception =
        switch (status) {
          case 429 -> "throttlingException";
          case 503, 504 -> "serviceUnavailableException";
          default -> status < 500 ? "validationException" : "internalServerException";
        };
    return Optional.of(ExceptionFrame.of(exception, "{\"message\":" + quoted(message) + "}"));
  }

  @Override
  public Optional<String> requestIdHeader() {
    return REQUEST_ID;
  }

  /**
   * Returns the path with which a key is checked: the list of asynchronous calls. The list of
   * models can't be used, because the host that runs models does not offer this list.
   */
  @Override
  public Optional<String> keyCheckPath() {
    return KEY_CHECK;
  }

  @Override
  public ModelListShape modelList() {
    return LIST;
  }

  @Override
  public String listedModel(String name, String model, String ownedBy, Instant since) {
    return ("{\"modelId\":%s,\"modelArn\":%s,\"modelName\":%s,\"providerName\":%s,"
            + "\"inputModalities\":[\"TEXT\"],\"outputModalities\":[\"TEXT\"],"
            + "\"responseStreamingSupported\":true,\"inferenceTypesSupported\":[\"ON_DEMAND\"]}")
        .formatted(
            quoted(name),
            quoted("arn:aws:bedrock:::foundation-model/" + name),
            quoted(name),
            quoted(ownedBy));
  }

  @Override
  public String modelPage(
      String models, Optional<String> first, Optional<String> last, Optional<String> next) {
    return "{\"modelSummaries\":[" + models + "]}";
  }

  @Override
  public TestCall textCall(TestQuestion question) {
    return new TestCall(
        COLLECTION + question.segment() + "/converse",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\""
            + TEST_TEXT
            + "\"}]}],\"inferenceConfig\":{\"maxTokens\":"
            + question.mostTokens()
            + "}}");
  }

  @Override
  public TestCall embeddingCall(TestQuestion question) {
    String path = COLLECTION + question.segment() + "/invoke";
    return new TestCall(
        path,
        maker(path).equals("cohere")
            ? "{\"texts\":[\"" + TEST_TEXT + "\"],\"input_type\":\"search_query\"}"
            : "{\"inputText\":\"" + TEST_TEXT + "\"}");
  }

  @Override
  protected List<ClientExample> textExamples() {
    return List.of(
        curl(
            "/model/<model segment>/converse",
            "{\"messages\": [{\"role\": \"user\", \"content\": [{\"text\": \"Hello\"}]}]}"),
        python(
            """
            answer = client.converse(
                modelId=<model>, messages=[{"role": "user", "content": [{"text": "Hello"}]}])
            print(answer["output"]["message"]["content"][0]["text"])\
            """),
        shell(
            "claude-code",
            "Claude Code",
            """
            export CLAUDE_CODE_USE_BEDROCK=1
            export ANTHROPIC_BEDROCK_BASE_URL=<url>
            export AWS_BEARER_TOKEN_BEDROCK=$GATEWAY_TOKEN
            export AWS_REGION=us-east-1
            export ANTHROPIC_MODEL=<model>\
            """));
  }

  @Override
  protected List<ClientExample> embeddingExamples() {
    return List.of(
        curl("/model/<model segment>/invoke", "{\"inputText\": \"Hello\"}"),
        python(
            """
            answer = client.invoke_model(modelId=<model>, body='{"inputText": "Hello"}')
            print(answer["body"].read())\
            """));
  }

  private static ClientExample python(String use) {
    return code(
        "python",
        "Bedrock (boto3)",
        "",
        """
        import os
        import boto3

        os.environ["AWS_BEARER_TOKEN_BEDROCK"] = os.environ["GATEWAY_TOKEN"]
        client = boto3.client("bedrock-runtime", region_name="us-east-1", endpoint_url="<url>")
        """
            + use);
  }

  @Override
  public String usualProvider() {
    return "bedrock";
  }

  @Override
  public Optional<String> telemetryName() {
    return Optional.of("aws.bedrock");
  }
}
