package io.claviger.domain.formats;

import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.policy.Operation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a call that depends on its format, as values and pure functions. Each {@link
 * io.claviger.domain.standards.WireFormat} has one subclass. Adapters call these methods and never
 * check which format a call has. Only a few formats override the methods that have a default
 * implementation.
 *
 * <p>Paths are relative to a service, without a slash at the beginning and without a query.
 * Messages and names in arguments are plain text, not JSON. A result is JSON only if the method's
 * documentation says so.
 */
public abstract class ProviderApi {
  /**
   * The versions that a path may need. Some clients add the version to the path, and some don't. If
   * the version is missing, the gateway adds the first version in this list with which the path
   * names an operation.
   */
  private static final List<String> VERSIONS = List.of("v2/", "v1/", "v1beta/");

  private static final Pattern VERSION = Pattern.compile("/v\\d[a-z0-9]*(?:/|$)");
  private static final Pattern SLASH = Pattern.compile("%2[fF]");
  private static final String MODELS = "models";

  private static final Duration USUAL_BATCH = Duration.ofHours(24);

  /** The members that only tools of the caller have, in lower case and without underscores. */
  private static final Set<String> OF_CALLERS_TOOLS =
      Set.of(
          "function",
          "custom",
          "name",
          "description",
          "parameters",
          "parameterdefinitions",
          "inputschema",
          "inputexamples",
          "outputschema",
          "async",
          "strict",
          "format",
          "cachecontrol",
          "deferloading",
          "allowedcallers",
          "eagerinputstreaming",
          "environment",
          "displaywidth",
          "displayheight",
          "displaywidthpx",
          "displayheightpx",
          "displaynumber",
          "enablezoom",
          "maxcharacters");

  private static final Set<String> TIER_MEMBERS = Set.of("service_tier");

  /** The codes and types with which a provider's error says that an account has no credit left. */
  private static final Set<String> NO_CREDIT =
      Set.of(
          "arrearage",
          "billing_error",
          "billing_hard_limit_reached",
          "billing_not_active",
          "credit_exhausted",
          "credits_exhausted",
          "exceeded_current_quota_error",
          "insufficient_balance",
          "insufficient_credit",
          "insufficient_credits",
          "insufficient_funds",
          "insufficient_quota");

  /**
   * The words in codes and types with which a provider's error says that an account has reached a
   * limit. LiteLLM limits the cost in a period of time, and states the cost so far.
   */
  private static final Pattern PACE =
      Pattern.compile(
          "rate_?limit|too_?many_?requests|quota|resource_?exhausted|throttl|budget_?exceeded");

  private static final ObjectPaging OBJECT_PAGING = new ObjectPaging("limit", List.of("after"), "");

  /** The text that test calls send. */
  static final String TEST_TEXT = "Say hello in one short sentence.";

  private final List<Operation> operations;
  private final List<String> queryParameters;

  protected ProviderApi(List<String> operations, List<String> queryParameters) {
    this.operations = operations.stream().map(Operation::new).toList();
    this.queryParameters = queryParameters;
  }

  // Operations that may be called

  /**
   * The operations that API standards of this format allow by default. All these operations call
   * models (inference).
   */
  public final List<Operation> operations() {
    return operations;
  }

  /**
   * The query parameters that API standards of this format forward by default. None of these
   * parameters can redirect a call.
   */
  public final List<String> queryParameters() {
    return queryParameters;
  }

  public final boolean lends(String method, String path) {
    for (Operation operation : operations) {
      if (operation.matches(method, path)) {
        return true;
      }
    }
    return false;
  }

  /** The operations with a multipart form as their body. All other operations take JSON. */
  protected List<Operation> formOperations() {
    return List.of();
  }

  /**
   * Whether an operation accepts JSON and no form. The beginning of the path is ignored. False for
   * operations that are not part of the format but that API standards may add.
   *
   * @param path the path below the service
   */
  public final boolean takesJsonAlone(String path) {
    int at = 0;
    do {
      String end = path.substring(at);
      if (formOperations().stream().anyMatch(each -> each.matches("POST", end))) {
        return false;
      }
      if (lends("POST", end) || storage().find("POST", end).isPresent()) {
        return true;
      }
      at = path.indexOf('/', at) + 1;
    } while (at > 0);
    return false;
  }

  /**
   * The place in a body with the names of all models that could answer in place of the called
   * model; empty if the format documents no such place. The place is a member of the outermost
   * object. The member's value is an array, which {@code .[]} stands for. Its elements are names,
   * or objects in which one member is the name.
   */
  public Optional<String> namesOfSubstitutes() {
    return Optional.empty();
  }

  /**
   * The operations on objects that providers with this format store. These operations can be called
   * if their kind of object is lent, even if the API standard does not list them.
   */
  public ObjectOperations storage() {
    return ObjectOperations.NONE;
  }

  /**
   * The headers of answers with an address that works without credentials. The gateway forwards
   * such a header only after it has replaced the address by an address of the gateway.
   */
  public List<String> capabilityHeaders() {
    return List.of();
  }

  /**
   * The request headers that are forwarded on this path, in addition to those of the API standard.
   *
   * @param path the path below the service
   */
  public List<String> uploadHeaders(String path) {
    return List.of();
  }

  /**
   * The request headers that choose a service tier on this path, each with the name that {@link
   * #tierChosen} expects: the name of the body member that makes the same choice, or the header's
   * own name. These headers are always forwarded. Their names are in lower case.
   */
  public Map<String, String> tierHeaders(String path) {
    return Map.of();
  }

  /**
   * The request headers that name a further model on this path, such as the model of a tool. These
   * headers are always forwarded, and their models are treated like further models in the body.
   * Their names are in lower case.
   */
  public Set<String> modelHeaders(String path) {
    return Set.of();
  }

  /**
   * The headers of answers that are forwarded on this path, in addition to those of the API
   * standard.
   */
  public List<String> uploadAnswerHeaders(String path) {
    return List.of();
  }

  /**
   * The query parameters for the pages of a list of stored objects.
   *
   * @param limit the parameter for the greatest number of objects on a page
   * @param after the parameters for the id of the object directly before the page; a request has at
   *     most one of them
   * @param before the parameter for the id of the object directly after the page; empty if there is
   *     no such parameter
   * @param announcesObjects whether an answer may announce a next page only if that page has an
   *     object, because clients fail on an empty page
   */
  public record ObjectPaging(
      String limit, List<String> after, String before, boolean announcesObjects) {
    ObjectPaging(String limit, List<String> after, String before) {
      this(limit, after, before, false);
    }
  }

  /** Whether this status says that the requested object does not exist. */
  public boolean saysMissing(int status) {
    return status == 404;
  }

  public ObjectPaging objectPaging() {
    return OBJECT_PAGING;
  }

  /**
   * Returns the ledger's id of the object to which a text in a request refers. Empty if the
   * provider does not document the spelling of the text.
   */
  public Optional<String> objectId(ObjectKind kind, String reference) {
    return Optional.of(reference);
  }

  /**
   * A page of a list of stored objects.
   *
   * @param kind the kind of the objects
   * @param elements the objects in JSON, separated by commas
   * @param first the id of the first object of the page; empty if the page is empty
   * @param last the id of the last object of the page; empty if the page is empty
   * @param hasMore whether another page follows
   */
  public record ObjectPage(
      ObjectKind kind,
      String elements,
      Optional<String> first,
      Optional<String> last,
      boolean hasMore) {}

  /** Writes a page of a list of stored objects in JSON. */
  public String written(ObjectPage page) {
    return "{\"object\":\"list\",\"data\":[%s],\"first_id\":%s,\"last_id\":%s,\"has_more\":%s}"
        .formatted(
            page.elements(),
            page.first().map(JsonText::quoted).orElse("null"),
            page.last().map(JsonText::quoted).orElse("null"),
            page.hasMore());
  }

  // The base URL of the gateway on which models are called by their names

  /**
   * Whether the gateway has a base URL for this format at which calls name a model instead of a
   * service.
   */
  public boolean hasBaseUrl() {
    return true;
  }

  /**
   * The end of the format's base URL on the gateway, such as {@code /v1}; empty if clients add the
   * version themselves.
   */
  public String baseUrlEnd() {
    return "";
  }

  /**
   * The operation's path as services of this format expect it. If the format has versions, the
   * result contains a version even if the client sent no version.
   *
   * @param below the path below the base URL
   */
  public String operationPath(String method, String below) {
    if (lends(method, below)) {
      return below;
    }
    String bare = withoutVersions(below);
    return VERSIONS.stream()
        .map(version -> version + bare)
        .filter(path -> lends(method, path))
        .findFirst()
        .orElse(bare);
  }

  /**
   * The model that a path below the base URL names before the operation; empty if there is none.
   * The body may name the model too. The provider does not get this part of the path.
   */
  public Optional<String> modelBeforeOperation(String method, String below) {
    return Optional.empty();
  }

  /**
   * The allowed values of a query parameter; empty if all values are allowed. A parameter for the
   * form of the answer is restricted to forms in which the gateway can read the call's usage.
   *
   * @param path the path below the service
   */
  public Optional<Set<String>> valuesOf(String parameter, String path) {
    return Optional.empty();
  }

  /**
   * Whether a query parameter is dropped if the service's API standard does not list it. Clients
   * send such a parameter with each request, but also understand the usual form of the answer.
   *
   * @param value decoded
   */
  public boolean isNeedless(String parameter, String value) {
    return false;
  }

  /**
   * The query parameters that are dropped from calls at the base URL if the service's API standard
   * does not list them.
   */
  public List<String> idleParameters() {
    return List.of();
  }

  /**
   * Returns the path of the operation on stored objects that a call makes. The path has the form
   * that services of this format expect. Empty if the call is not an operation on stored objects,
   * or if the operation is allowed without lent objects.
   *
   * @param below the path below the base URL
   */
  public final Optional<String> objectPath(String method, String below) {
    String bare = withoutVersions(below);
    return Stream.concat(
            Stream.of(operationPath(method, below), below),
            VERSIONS.stream().map(version -> version + bare))
        .filter(path -> !lends(method, path) && storage().find(method, path).isPresent())
        .findFirst();
  }

  /**
   * The path of a request without parts that the service's endpoint already contains. Clients may
   * repeat such parts, for example a project.
   *
   * @param path the path below the service
   */
  public String pathWithoutPlace(String path) {
    return path;
  }

  /**
   * The path to send before an operation's path. The path is usually the endpoint's path, but some
   * operations have another path on the same host. Calls with another path are sent without {@link
   * #idleParameters}, unless the other path is the beginning of the endpoint's path.
   *
   * @param path the path below the service
   * @param lent the operations that the service's API standard allows
   */
  public String pathBefore(String endpointPath, String path, List<Operation> lent) {
    return endpointPath;
  }

  /**
   * The location in an endpoint's path where calls are processed, such as a region; empty if the
   * path contains no location.
   */
  public Optional<String> location(String endpointPath) {
    return Optional.empty();
  }

  /**
   * Removes superfluous versions. A path has two versions if a client adds a version although the
   * base URL already has one.
   */
  public final String withoutVersions(String path) {
    String rest = path;
    for (int i = 0; i < 2; i++) {
      rest = rest.substring(version(rest).length());
    }
    return rest;
  }

  /** The version at the beginning of a path, with its slash; empty if there is none. */
  String version(String path) {
    for (String version : VERSIONS) {
      if (path.startsWith(version)) {
        return version;
      }
    }
    return "";
  }

  // Who calls

  /** The headers, other than {@code Authorization}, in which SDKs send a credential. */
  public abstract List<String> credentialHeaders();

  /** The headers that identify a request as a request in this format. */
  public List<String> typicalHeaders() {
    return credentialHeaders();
  }

  /** Whether SDKs send a credential in the query. */
  public boolean takesCredentialInQuery() {
    return false;
  }

  // Requests

  /** The names and values of headers that each request must have. */
  public Map<String, String> requiredHeaders() {
    return Map.of();
  }

  /** The names and values of headers that each request about stored objects must have. */
  public Map<String, String> storageHeaders() {
    return requiredHeaders();
  }

  /** The request headers that are forwarded, in addition to those of all formats. */
  public List<String> requestHeaders() {
    return List.of();
  }

  /**
   * The names, in lower case, of the headers with which the provider's SDKs choose a part of the
   * account, such as a project. Only callers with their own key can choose the part. All other
   * calls use the part that the service's key or settings determine.
   */
  public Set<String> accountHeaders() {
    return Set.of();
  }

  /**
   * The header in which SDKs send the key, if they may send {@code Authorization: Bearer} instead;
   * otherwise empty.
   */
  public String headerOrBearer() {
    return "";
  }

  /** The API for the bills of this format's provider; empty if the provider has no such API. */
  public Optional<BillingApi> billing() {
    return Optional.empty();
  }

  /** Whether a request can name the organization that pays for it. */
  public boolean hasOrganization() {
    return false;
  }

  /** Whether the called model is named in this path instead of the body. */
  public boolean namesModelInPath(String path) {
    return false;
  }

  /** The model's name in a body, without this format's prefix. */
  public String modelNamed(String stated) {
    return stated;
  }

  /** The parts of a path that names the called model, so that the model can be replaced. */
  public Optional<ModelPath> modelPath(String path) {
    return Optional.empty();
  }

  /**
   * The model in a path {@code …/models/{model}}. Only encoded slashes are decoded. If a name
   * contains other percent-encodings, the name stays encoded, and therefore equals no allowed
   * model.
   */
  public Optional<String> modelInPath(String path) {
    if (!path.contains("odels/")) {
      return Optional.empty(); // Most paths name no model, and splitting is slow.
    }
    String[] segments = path.split("/", -1);
    for (int i = segments.length - 2; i >= 0; i--) {
      Optional<String> prefix = beforeModel(segments[i]);
      if (prefix.isPresent()) {
        String last = String.join("/", List.of(segments).subList(i + 1, segments.length));
        return Optional.of(prefix.get() + SLASH.matcher(withoutVerb(last)).replaceAll("/"));
      }
    }
    return Optional.empty();
  }

  /**
   * The text to put before a model's name that follows this segment of a path; empty if no model
   * name follows this segment.
   */
  Optional<String> beforeModel(String segment) {
    return segment.equals(MODELS) ? Optional.of("") : Optional.empty();
  }

  /**
   * Whether a name in a path is a model's name, and not the name of something else in an account.
   *
   * @param name the name as {@link #modelPath} decodes it
   */
  public boolean isModel(String name) {
    return true;
  }

  String withoutVerb(String modelAndVerb) {
    return modelAndVerb;
  }

  /**
   * The API that defines the bodies of an operation. If a cloud offers models through their makers'
   * APIs, the result differs from this API.
   *
   * @param path the path below the service
   */
  public ProviderApi ofBodies(String path) {
    return this;
  }

  public abstract KnownMembers knownMembers();

  /** The known members in a body of this operation. */
  public KnownMembers knownMembers(String path) {
    return knownMembers();
  }

  /**
   * The model that is called if a body of this operation names none; empty if the body must name a
   * model.
   */
  public Optional<String> modelIfNoneIsNamed(String path) {
    return Optional.empty();
  }

  /**
   * The members with which a request to this operation can limit its output, including those that
   * only some providers support.
   */
  public final UseFields useFields(String path) {
    return path.endsWith("rerank") ? UseFields.OF_RANKS : fieldsOf(path);
  }

  /**
   * The members with which a body of this operation limits its output at a provider that obeys
   * these caps.
   */
  public final UseFields useFields(String path, ObeyedCaps caps) {
    return obeyed(useFields(path), caps);
  }

  /** Returns the given fields without those that a provider with these caps ignores. */
  protected UseFields obeyed(UseFields fields, ObeyedCaps caps) {
    return fields;
  }

  /** The members with which a request can limit its output, for all operations except rankings. */
  protected abstract UseFields fieldsOf(String path);

  /** Whether the caller, and not the provider, runs a tool of this type. */
  public boolean isCallersTool(String type) {
    return true;
  }

  /** The kinds of nested objects whose content other APIs put into the outermost object. */
  public enum Group {
    NONE,
    /** The member {@code tools}. */
    TOOLS,
    /** A member that chooses the service tier. */
    TIER,
    /**
     * Members that the model itself defines. Unknown members in such an object can have any effect.
     */
    OF_MODEL
  }

  /**
   * The kind of the object in a member of the outermost object.
   *
   * @param folded the member's name in lower case and without underscores
   */
  public Group group(String folded) {
    return Group.NONE;
  }

  /**
   * Whether the tools that callers run can have the given member.
   *
   * @param folded the member's name in lower case and without underscores
   */
  public boolean isOfCallersTools(String folded) {
    return OF_CALLERS_TOOLS.contains(folded);
  }

  /**
   * Whether tools state their type. If tools do not state their type, one of a tool's members shows
   * its kind.
   */
  public boolean hasTypesOfTools() {
    return true;
  }

  /**
   * The names of the fees that a provider may charge for a use of its own tool.
   *
   * @param tool the tool's type; if tools have no types, the member that marks the tool as the
   *     provider's, in lower case and without underscores
   * @return empty if the tool is not known
   */
  public Optional<Set<String>> feesOfTool(String tool) {
    return Optional.empty();
  }

  /**
   * Whether a member names a model that only judges the input and output of a call. The provider
   * charges nothing for such a model.
   *
   * @param member the names of the outermost member and of the member in its object, with a dot
   *     between them, in lower case and without underscores
   */
  public boolean isModelOfVerdicts(String member) {
    return false;
  }

  /**
   * The names of the fees of those provider tools whose uses are counted in answers.
   *
   * @param caps how the provider differs from other providers with this format
   * @return empty if answers count the uses of all tools
   */
  public Optional<Set<String>> statedFees(String path, ObeyedCaps caps) {
    return Optional.empty();
  }

  /**
   * The members of the outermost object with which a request chooses the service tier, as this API
   * spells them. A nested member is written with the outer member's name and a dot before it.
   */
  public Set<String> tierMembers() {
    return TIER_MEMBERS;
  }

  /**
   * Whether a member of the outermost object, in any spelling, chooses the service tier.
   *
   * @param folded the member's name in lower case and without underscores
   */
  public boolean choosesTier(String folded) {
    return folded.equals("servicetier");
  }

  /**
   * Whether providers choose the tier of a request that names no tier. If providers don't choose, a
   * request that names no tier gets the usual tier.
   */
  public boolean choosesTierItself() {
    return true;
  }

  /**
   * The name of the tier that a member requests.
   *
   * @param member one of {@link #tierMembers}, or of the values of {@link #tierHeaders}
   * @return empty if the member requests no tier
   */
  public Optional<String> tierChosen(String member, String value) {
    return Optional.of(value);
  }

  /** The name in price lists for a tier that a request or an answer names. */
  public String tierCalled(String text) {
    return text;
  }

  /**
   * The member of {@link #tierMembers} that chooses the country in which a call is processed. The
   * country multiplies the rates of any tier. A request without this member might be processed in
   * the most expensive country.
   */
  public Optional<String> countryMember() {
    return Optional.empty();
  }

  /**
   * Whether a call may get the usual tier although the member requests another tier. If false, the
   * requested tier is charged even if the answer states another tier.
   */
  public boolean mayGetUsualTier(String member) {
    return true;
  }

  /**
   * Whether the output maximum of a request limits the model's reasoning, too.
   *
   * @param path the path below the service
   */
  public boolean boundsReasoning(String path, String model, ObeyedCaps caps) {
    return true;
  }

  /**
   * Whether {@code max_tool_calls} limits how often a provider runs its own tools.
   *
   * @param path the path below the service
   */
  public boolean boundsToolCalls(String path, ObeyedCaps caps) {
    return false;
  }

  /**
   * Whether the member {@code max_uses} of a tool limits how often the provider runs the tool.
   *
   * @param path the path below the service
   */
  public boolean boundsToolUses(String path) {
    return false;
  }

  /**
   * Whether a request may ask for an answer in the background. The provider then returns an id,
   * with which the caller fetches the answer below the same path.
   *
   * @param path the path below the service
   */
  public boolean mayAnswerLater(String path) {
    return false;
  }

  /**
   * The operation that a batch's requests call, as a path below a service.
   *
   * @param url the URL in a line of the batch
   * @return empty if a batch can't call the operation
   */
  public final Optional<String> batchOperation(String url) {
    return batchOperations().stream()
        .filter(path -> url.equals(baseUrlEnd() + "/" + path))
        .findFirst();
  }

  /** The operations that a batch's requests can call, as paths below a service. */
  public List<String> batchOperations() {
    return List.of();
  }

  /** Reads answers about batches; empty if the API has no batches that can be settled. */
  public Optional<BatchAnswers> batchAnswers() {
    return Optional.empty();
  }

  /**
   * The time after which the provider no longer processes a batch.
   *
   * @param window the time that the request gives the provider, such as {@code 24h}; empty if the
   *     request states none
   */
  public Duration longestBatch(Optional<String> window) {
    return USUAL_BATCH;
  }

  /**
   * The fields with which bodies of this operation identify the caller, and say whether the result
   * is stored.
   *
   * @param path the path below the service
   */
  public CallerFields callerFields(String path) {
    return CallerFields.NONE;
  }

  /**
   * Whether streams of this operation state their usage only if {@code stream_options} requests it.
   */
  public boolean statesUsageIfAsked(String path) {
    return false;
  }

  /**
   * Whether an operation stores its request's tools for later requests, which do not repeat them.
   *
   * @param path the path below the service
   */
  public boolean keepsTools(String path) {
    return false;
  }

  /** Where requests refer to objects at the provider. */
  public abstract ObjectPlaces objectPlaces();

  /**
   * Whether a value of the query parameter {@code include} makes an answer show content of objects
   * to which an earlier request referred.
   *
   * @param value the value, decoded
   */
  public boolean showsContent(String value) {
    return false;
  }

  // Answers

  /** Where answers of this operation state the usage. */
  public abstract UsagePlaces usagePlaces(String path);

  /** The headers in which answers of this operation state the usage, in lower case. */
  public Map<String, UsagePlaces.Meaning> usageHeaders(String path) {
    return Map.of();
  }

  /** The headers of answers that are forwarded, in addition to those of all formats. */
  public List<String> responseHeaders() {
    return List.of();
  }

  /** Whether the fee for web searches is the fee for grounding. */
  public boolean isGrounded() {
    return false;
  }

  /**
   * Returns the number of web searches that a provider charges for a call.
   *
   * @param model the model that answered
   * @param stated the number of searches that the answer states
   */
  public long billedSearches(String path, String model, long stated) {
    return stated;
  }

  /**
   * The greatest number of web searches that a model makes without a tool in the request; 0 if it
   * makes none.
   *
   * @param model the requested model
   */
  public long searchesUnasked(String path, String model) {
    return 0;
  }

  /**
   * Whether a model uses the provider's tools even if the request names none. Such a model uses
   * tools without a limit, and the results of the tools count as input.
   *
   * @param model the requested model
   */
  public boolean usesToolsUnasked(String path, String model) {
    return false;
  }

  /**
   * Whether a request can limit a model's output, including its reasoning.
   *
   * @param model the requested model
   */
  public boolean boundsOutput(String model) {
    return true;
  }

  /**
   * Whether an answer with this status can mean that the key was rejected. The body of such an
   * answer has to be read.
   */
  public boolean mayRejectKey(int status) {
    return false;
  }

  /**
   * The meaning of an object in an error. The error's message may repeat text of the caller. So the
   * message can have only one effect: the gateway repeats the request without the gateway's own
   * addition.
   *
   * @param place {@code /error/details/*} if the object is an element of that array; empty if the
   *     object is the whole error
   * @param texts the members with strings
   */
  public ErrorMeaning errorMeaning(String place, Map<String, String> texts) {
    return ErrorMeaning.OTHER;
  }

  /**
   * The time that an object in an error asks the caller to wait; empty if the object states no
   * time.
   *
   * @param place the object's place, as in {@link #errorMeaning}
   * @param texts the members with strings
   */
  public Optional<Duration> retryDelay(String place, Map<String, String> texts) {
    return Optional.empty();
  }

  static boolean isNoCredit(@Nullable String code) {
    return code != null && NO_CREDIT.contains(code.toLowerCase(Locale.ROOT));
  }

  static boolean isPace(@Nullable String code) {
    return code != null && PACE.matcher(code.toLowerCase(Locale.ROOT)).find();
  }

  // Errors of the gateway's own

  /** The body of an error in JSON, from which SDKs raise their own exception with the message. */
  public abstract String errorBody(int status, String code, String message);

  /**
   * The body of an error about one member of the request.
   *
   * @param member the member's name, which not every format can state
   */
  public String errorBody(int status, String code, String message, String member) {
    return errorBody(status, code, message);
  }

  /**
   * The body of an error after which the same call may succeed.
   *
   * @param seconds the time that the caller should wait. Not every format has a place for this
   *     time, because most clients read {@code Retry-After}
   */
  public String errorBodyWithWait(int status, String code, String message, long seconds) {
    return errorBody(status, code, message);
  }

  /**
   * The name and value of the header with the kind of an error; empty if SDKs read no such header.
   */
  public Map<String, String> errorHeader(int status) {
    return Map.of();
  }

  /**
   * The event that reports an error within a stream. If SDKs ignore such events, the result is
   * empty, and the stream breaks off without an event.
   *
   * @param uri the URI of the request with its query
   */
  public abstract Optional<String> errorEvent(String uri, int status, String code, String message);

  /** The protocol on a WebSocket. */
  public enum SocketUse {
    /** Each message from the caller is treated as a call of the operation. */
    CALLS("POST"),
    /** A session of OpenAI's Realtime API, whose model the URL names. */
    SESSION("GET"),
    /** A session of Gemini's Live API, whose model the first message names. */
    LIVE("GET");

    private final String method;

    SocketUse(String method) {
      this.method = method;
    }

    /** The HTTP method of the operation that has to be allowed for this protocol. */
    public String method() {
      return method;
    }

    /** Whether the first message, and not the URL, names the model. */
    public boolean namesModelLater() {
      return this != SESSION;
    }
  }

  /**
   * The protocol on a WebSocket at this path; empty if no WebSocket can be opened there.
   *
   * @param path the path below the service, as the caller wrote it
   */
  public Optional<SocketUse> socketAt(String path) {
    return Optional.empty();
  }

  /**
   * Returns the path of the operation to which a WebSocket at this path belongs.
   *
   * @param path a path at which a WebSocket can be opened
   */
  public String operationOfSocket(String path) {
    return path;
  }

  /**
   * Whether a GET of this path must be a WebSocket handshake.
   *
   * @param path the path of an operation below the service
   */
  public boolean needsSocket(String path) {
    return false;
  }

  /**
   * If a call of this path creates a secret for sessions, returns the path of these sessions;
   * otherwise returns an empty result.
   *
   * @param path the path below the service
   */
  public Optional<String> sessionOfSecretAt(String path) {
    return Optional.empty();
  }

  /**
   * Whether a call lets somebody connect to the provider directly. The gateway could neither limit
   * nor end such a connection. Such a call is never sent, even if the API standard lists it.
   *
   * @param path the path below the service
   */
  public boolean escapesAt(String path) {
    return false;
  }

  /**
   * Whether an operation's answer shows what other callers do. Such a call is sent only for the
   * service's owners, or with the caller's own key.
   *
   * @param path the path below the service
   */
  public boolean showsOthersAt(String path) {
    return false;
  }

  /**
   * The message of a WebSocket that reports an error, in JSON. If the format has no such message,
   * the result is empty, and the WebSocket is closed with the error as its reason.
   *
   * @param member the faulty member of the request; empty if the error concerns no member
   */
  public Optional<String> errorMessage(
      int status, String code, String message, Optional<String> member) {
    return Optional.empty();
  }

  /**
   * The frame that reports an error in a stream of Amazon's event frames; empty if the format has
   * no such streams.
   */
  public Optional<byte[]> errorFrame(int status, String message) {
    return Optional.empty();
  }

  /** The status that tells clients that a service does not exist. */
  public int statusOfNotFound() {
    return 404;
  }

  /**
   * The header in which SDKs expect the request's id; if empty, SDKs expect the id in the usual
   * header.
   */
  public Optional<String> requestIdHeader() {
    return Optional.empty();
  }

  /**
   * The path below the endpoint for checking a key. Providers answer requests to this path only if
   * the key is valid. Empty if the list of models is used to check keys.
   */
  public Optional<String> keyCheckPath() {
    return Optional.empty();
  }

  // Lists of models

  public abstract ModelListShape modelList();

  /**
   * An element of a list of models, in JSON. A request for this model alone gets the same text.
   *
   * @param since when the model was first offered
   */
  public abstract String listedModel(String name, String ownedBy, Instant since);

  /**
   * A page of a list of models, in JSON.
   *
   * @param models the elements, separated by commas
   * @param first the name of the first model; empty if the page is empty
   * @param last the name of the last model; empty if the page is empty
   * @param next the value that requests the next page; empty if there is no next page
   */
  public abstract String modelPage(
      String models, Optional<String> first, Optional<String> last, Optional<String> next);

  /**
   * A request for a list of models.
   *
   * @param query the query without the API key
   */
  public record ListRequest(String path, String query) {}

  /**
   * Returns the request for a page of a provider's list of models.
   *
   * @param query the query that selects the page
   * @param endpointPath the path of the service's endpoint
   * @param lent the operations that the service's API standard allows
   * @param parameters the query parameters that the API standard allows
   */
  public ListRequest listRequest(
      String query, String endpointPath, List<Operation> lent, List<String> parameters) {
    return new ListRequest(modelList().path(), query);
  }

  /**
   * The version to put before an operation's path that may have any version; empty, or ends with a
   * slash.
   *
   * @param endpointPath the path of the service's endpoint
   */
  public String versionBelow(String endpointPath) {
    return "";
  }

  /**
   * Returns how the objects of a kind are listed; empty if the API has no such list.
   *
   * @param endpointPath the path of the service's endpoint
   */
  public Optional<ObjectList> objectList(ObjectKind kind, String endpointPath) {
    return storage().list(kind).map(each -> objectList(each, versionBelow(endpointPath)));
  }

  private ObjectList objectList(ObjectOperation list, String version) {
    String path = list.operation().pathAnywhere();
    String anywhere = path.equals(list.operation().path()) ? path : version + path;
    return new ObjectList(
        anywhere,
        new ModelListShape(
            List.of(anywhere),
            Set.of(),
            Set.of("data", "operations", path.substring(path.lastIndexOf('/') + 1)),
            list.prefix().isEmpty() ? "id" : "name",
            list.prefix(),
            modelList().paging().next().isEmpty()
                ? ModelListShape.OBJECT_PAGES
                : modelList().paging(),
            modelList().paging().isOpaque()));
  }

  static boolean hasVersion(String endpointPath) {
    return VERSION.matcher(endpointPath).find();
  }

  // Test calls

  /**
   * The parts of a request for a test call.
   *
   * @param mostTokens the answer's output maximum in tokens
   * @param outputField the member for this maximum; providers with the same format may have
   *     different members
   * @param endpointPath the path of the service's endpoint
   */
  public record TestQuestion(
      String model, int mostTokens, String outputField, String endpointPath) {
    /** The beginning of a JSON object, up to and including the model's name. */
    String start() {
      return "{\"model\":" + JsonText.quoted(model);
    }

    String messages() {
      return start() + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + TEST_TEXT + "\"}]";
    }

    String segment() {
      return URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20");
    }
  }

  /**
   * A call with the method {@code POST}.
   *
   * @param body JSON
   */
  public record TestCall(String path, String body) {}

  /** The smallest request that a model answers with text. */
  public abstract TestCall textCall(TestQuestion question);

  /** The smallest request that a model answers with an embedding. */
  public abstract TestCall embeddingCall(TestQuestion question);

  // What clients need to know

  /**
   * Texts that people paste into clients. {@code docs/connecting-programs.md} has the same texts
   * with addresses that name no service.
   *
   * @param embeds whether the model makes embeddings instead of text
   */
  public List<ClientExample> examples(boolean embeds) {
    return embeds ? embeddingExamples() : textExamples();
  }

  protected abstract List<ClientExample> textExamples();

  /** The examples for an embedding model. */
  protected List<ClientExample> embeddingExamples() {
    return textExamples();
  }

  /**
   * The JSON name of a service's provider if the service names no provider and its endpoint is
   * unknown.
   */
  public abstract String usualProvider();

  /** OpenTelemetry's name of the provider; empty if the format has the same name. */
  public Optional<String> telemetryName() {
    return Optional.empty();
  }
}
