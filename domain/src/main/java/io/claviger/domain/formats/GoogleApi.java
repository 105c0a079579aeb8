package io.claviger.domain.formats;

import static io.claviger.domain.formats.ClientExample.code;
import static io.claviger.domain.formats.JsonText.quoted;
import static io.claviger.domain.formats.UsagePlaces.Meaning.CACHED;
import static io.claviger.domain.formats.UsagePlaces.Meaning.CACHED_DETAILS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.IMAGE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.IMAGES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.IMAGE_QUERY;
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
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the Gemini API and Vertex AI have in common: the bodies of requests, answers and errors for
 * Google's own models. The two APIs differ in their paths and operations, and only the Gemini API
 * stores objects.
 */
public abstract class GoogleApi extends ProviderApi {
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
  static final List<Statement> GROUNDING =
      List.of(
          at("webSearchQueries.[]", QUERY),
          at("imageSearchQueries.[]", IMAGE_QUERY),
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

  /**
   * The models that are charged once for a prompt with searches, regardless of the number of
   * searches.
   */
  private static final Pattern PER_PROMPT =
      Pattern.compile("(?:^|/)gemini-(?:[12]\\b|flash-|pro-)");

  private static final Set<String> TIER_MEMBERS = Set.of("serviceTier", "service_tier");

  private static final UseFields FIELDS = fields(false);
  private static final UseFields FIELDS_OF_STREAMS = fields(true);

  static final ModelListShape.Paging LIST_PAGES =
      ModelListShape.Paging.byToken("pageSize", 50, "pageToken", "nextPageToken").withZeroAsUsual();

  private static final Set<String> FORMS_OF_ANSWERS = Set.of("json", "sse");

  /** The values of {@code alt} with which a file can be downloaded. */
  private static final Set<String> FORMS_OF_FILES = Set.of("json", "media");

  /** The type of the error detail that states the error's reason. */
  private static final String ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo";

  private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

  /** Matches a duration as Protocol Buffers writes it in JSON. */
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(?:\\.[0-9]{1,9})?s");

  /** The body of a test call of {@code embedContent}. */
  static final String EMBEDDING_BODY =
      "{\"content\":{\"parts\":[{\"text\":\"" + TEST_TEXT + "\"}]}}";

  GoogleApi(List<String> operations, List<String> queryParameters) {
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
  public String modelNamed(String stated) {
    return ModelPath.bare(stated);
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

  /** Returns the body of a test call of {@code generateContent}. */
  static String textBody(TestQuestion question) {
    return "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\""
        + TEST_TEXT
        + "\"}]}],\"generationConfig\":{\"maxOutputTokens\":"
        + question.mostTokens()
        + "}}";
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
}
