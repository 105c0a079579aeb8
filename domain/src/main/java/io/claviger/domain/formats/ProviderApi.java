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
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that depends on the format of a call, as values and pure functions. Each {@link
 * io.claviger.domain.standards.WireFormat} has one subclass. Adapters call these methods, and never
 * check which format a call has. Methods that have a default implementation are overridden by only
 * a few formats.
 *
 * <p>Paths are relative to a service, without a slash at the beginning and without a query.
 * Messages and names in arguments are plain text, not JSON. A result is JSON only if the method's
 * documentation says so.
 */
public abstract class ProviderApi {
  /**
   * The API versions with which a path can begin. Only some clients send the version. If the
   * version is missing, the gateway adds the first version in this list with which the path names
   * an operation.
   */
  private static final List<String> VERSIONS = List.of("v2/", "v1/", "v1beta/");

  private static final Pattern VERSION = Pattern.compile("/v\\d[a-z0-9]*(?:/|$)");
  private static final Pattern SLASH = Pattern.compile("%2[fF]");
  private static final String MODELS = "models";

  private static final Duration USUAL_BATCH = Duration.ofHours(24);

  /**
   * The members that a tool can have only if the caller runs it, in lower case and without
   * underscores.
   */
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
          "credit_balance_exhausted",
          "credit_exhausted",
          "credits_exhausted",
          "exceeded_current_quota_error",
          "insufficient_balance",
          "insufficient_credit",
          "insufficient_credits",
          "insufficient_funds",
          "insufficient_quota",
          "organization_spend_limit_exceeded",
          "project_spend_limit_exceeded");

  /**
   * The words in an error's code or type that mean that an account has reached a limit. LiteLLM,
   * which limits the cost in a period of time, says {@code budget_exceeded}.
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

  /** Returns the operations whose body is a multipart form. All other operations take JSON. */
  protected List<Operation> formOperations() {
    return List.of();
  }

  /**
   * Whether an operation accepts JSON, but no form. The result is false for operations that are not
   * part of the format but that an API standard has added. Any text at the beginning of the path is
   * ignored.
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
   * Returns the allowed values of a query parameter; empty if all values are allowed. A parameter
   * that chooses the form of the answer is restricted to forms in which the gateway can read the
   * call's usage.
   *
   * @param path the path below the service
   */
  public Optional<Set<String>> valuesOf(String parameter, String path) {
    return Optional.empty();
  }

  /**
   * Whether a query parameter is dropped, and not refused, if the service's API standard does not
   * list it. A dropped parameter requests a special form of the answer. Clients send the parameter
   * with each request, but also understand the usual form.
   *
   * @param value decoded
   */
  public boolean isNeedless(String parameter, String value) {
    return false;
  }

  /**
   * Returns the query parameters that are dropped, and not refused, in calls at the base URL if the
   * service's API standard does not list them.
   */
  public List<String> idleParameters() {
    return List.of();
  }

  /**
   * Whether a call lets somebody connect to the provider directly. A call with this effect is never
   * sent, even if the API standard lists the call, because the gateway could neither limit nor end
   * the connection.
   *
   * @param path the path below the service
   */
  public boolean escapesAt(String path) {
    return false;
  }

  /**
   * Whether an operation's answer shows what other callers do. Calls of such an operation are sent
   * only for the service's owners, or with the caller's own key.
   *
   * @param path the path below the service
   */
  public boolean showsOthersAt(String path) {
    return false;
  }

  // Stored objects

  /**
   * Returns the operations on objects that providers with this format store. An operation on stored
   * objects can be called if the service lends storage of the operation's kind of objects, even if
   * the API standard does not list the operation.
   */
  public ObjectOperations storage() {
    return ObjectOperations.NONE;
  }

  /**
   * Returns the path of the operation on stored objects that a call makes. The path has the form
   * that services of this format expect. Empty if the call is no such operation, or if the
   * operation is allowed even if the service lends no storage.
   *
   * @param below the path relative to the base URL
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
   * Returns those headers of answers that contain an address which works without credentials. The
   * gateway forwards such a header only after it has replaced the address by an address of the
   * gateway.
   */
  public List<String> capabilityHeaders() {
    return List.of();
  }

  /**
   * Returns the request headers that are forwarded in calls of the given path, in addition to those
   * that the API standard lists.
   *
   * @param path the path below the service
   */
  public List<String> uploadHeaders(String path) {
    return List.of();
  }

  /**
   * Returns which headers of answers are forwarded in calls of the given path, in addition to those
   * that the API standard lists.
   */
  public List<String> uploadAnswerHeaders(String path) {
    return List.of();
  }

  /**
   * Returns the names and values of the headers that each request about stored objects must also
   * have.
   */
  public Map<String, String> storageHeaders() {
    return requiredHeaders();
  }

  /** Whether an answer with the given status says that the requested object does not exist. */
  public boolean saysMissing(int status) {
    return status == 404;
  }

  /**
   * The query parameters with which a list of stored objects is read page by page.
   *
   * @param limit the parameter for the greatest number of objects on a page
   * @param after the parameters for the id of the object directly before the page; a request has at
   *     most one of these parameters
   * @param before the parameter for the id of the object directly after the page; empty if there is
   *     no such parameter
   * @param announcesObjects whether an answer may announce a next page only if that page contains
   *     an object, because clients fail on an empty page
   */
  public record ObjectPaging(
      String limit, List<String> after, String before, boolean announcesObjects) {
    ObjectPaging(String limit, List<String> after, String before) {
      this(limit, after, before, false);
    }
  }

  public ObjectPaging objectPaging() {
    return OBJECT_PAGING;
  }

  /**
   * Returns the ledger's id of the object to which a text in a request refers. Empty if the text
   * has a form that the provider does not document.
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

  /** Returns a page of a list of stored objects, in JSON. */
  public String objectPage(ObjectPage page) {
    return "{\"object\":\"list\",\"data\":[%s],\"first_id\":%s,\"last_id\":%s,\"has_more\":%s}"
        .formatted(
            page.elements(),
            page.first().map(JsonText::quoted).orElse("null"),
            page.last().map(JsonText::quoted).orElse("null"),
            page.hasMore());
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

  /** Returns where requests refer to objects at the provider. */
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

  /**
   * Whether an operation's answers repeat the content of the files that requests name, as the text
   * of a document or of a recording does.
   *
   * @param path the path below the service
   */
  public boolean repeatsFiles(String path) {
    return false;
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
   * Returns the text with which the format's base URL on the gateway ends, such as {@code /v1};
   * empty if clients add the version themselves.
   */
  public String baseUrlEnd() {
    return "";
  }

  /**
   * Returns the operation's path in the form that services of this format expect. If the format has
   * versions, the result contains one even if the client sent none.
   *
   * @param below the path relative to the base URL
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
   * Returns the model that a path below the base URL names before the operation; empty if it names
   * none. This part of the path is not sent to the provider. The body can also name the model.
   */
  public Optional<String> modelBeforeOperation(String method, String below) {
    return Optional.empty();
  }

  /**
   * Removes superfluous versions from the beginning of a path. A path begins with two versions if a
   * client adds one although the base URL already has one.
   */
  public final String withoutVersions(String path) {
    String rest = path;
    for (int i = 0; i < 2; i++) {
      rest = rest.substring(version(rest).length());
    }
    return rest;
  }

  /**
   * Returns the version with which a path begins, and the slash after it; empty if there is none.
   */
  String version(String path) {
    for (String version : VERSIONS) {
      if (path.startsWith(version)) {
        return version;
      }
    }
    return "";
  }

  // Paths at the provider

  /**
   * Returns a request's path without the parts that the service's endpoint already contains, such
   * as a project. Clients might repeat such parts.
   *
   * @param path the path below the service
   */
  public String pathWithoutPlace(String path) {
    return path;
  }

  /**
   * Returns the path to which an operation's path is appended. Usually, the result is the
   * endpoint's path, but for some operations it is another path on the same host. Calls with such
   * another path are sent without {@link #idleParameters}, unless the endpoint's path begins with
   * this other path.
   *
   * @param path the path below the service
   * @param lent the operations that the service's API standard allows
   */
  public String pathBefore(String endpointPath, String path, List<Operation> lent) {
    return endpointPath;
  }

  /**
   * Returns where calls are processed according to the endpoint's path, such as a region; empty if
   * the path does not say so.
   */
  public Optional<String> location(String endpointPath) {
    return Optional.empty();
  }

  /**
   * Returns the version, with a slash at its end, that is put before an operation's path if any
   * version is possible there; empty if none is needed.
   *
   * @param endpointPath the path of the service's endpoint
   */
  public String versionBelow(String endpointPath) {
    return "";
  }

  static boolean hasVersion(String endpointPath) {
    return VERSION.matcher(endpointPath).find();
  }

  // Credentials and accounts

  /** The headers, other than {@code Authorization}, in which SDKs send a credential. */
  public abstract List<String> credentialHeaders();

  /** Returns the headers by which a request is recognized as a request in this format. */
  public List<String> typicalHeaders() {
    return credentialHeaders();
  }

  /** Whether SDKs send a credential in the query. */
  public boolean takesCredentialInQuery() {
    return false;
  }

  /**
   * Returns the header in which SDKs send the key if they can also send {@code Authorization:
   * Bearer} instead; otherwise empty.
   */
  public String headerOrBearer() {
    return "";
  }

  /**
   * The names, in lower case, of the headers with which the provider's SDKs choose a part of the
   * account, such as a project. Only callers with their own key can choose this part. All other
   * calls use the part that the service's key or settings determine.
   */
  public Set<String> accountHeaders() {
    return Set.of();
  }

  /** Whether a request can name the organization that pays for it. */
  public boolean hasOrganization() {
    return false;
  }

  /**
   * Returns the path below the endpoint with which a key is checked: the provider answers requests
   * to this path successfully only if the key is valid. Empty if keys are checked by requesting the
   * list of models.
   */
  public Optional<String> keyCheckPath() {
    return Optional.empty();
  }

  /**
   * Returns the API from which the bills of this format's provider can be read; empty if the
   * provider has no such API.
   */
  public Optional<BillingApi> billing() {
    return Optional.empty();
  }

  // Headers

  /** Returns the names and values of the headers that each request to the provider must have. */
  public Map<String, String> requiredHeaders() {
    return Map.of();
  }

  /**
   * Returns the request headers that are forwarded in this format, in addition to those that are
   * forwarded in all formats.
   */
  public List<String> requestHeaders() {
    return List.of();
  }

  /**
   * Returns which headers of answers are forwarded in this format, in addition to those that are
   * forwarded in all formats.
   */
  public List<String> responseHeaders() {
    return List.of();
  }

  /**
   * Returns the header in which SDKs expect the request's id; empty if they expect it in the usual
   * header.
   */
  public Optional<String> requestIdHeader() {
    return Optional.empty();
  }

  // The called model

  /** Whether the given path, and not the body, names the called model. */
  public boolean namesModelInPath(String path) {
    return false;
  }

  /** Returns the name of the model that a body names, without this format's prefix. */
  public String modelNamed(String stated) {
    return stated;
  }

  /**
   * Returns the parts of a path that names the called model, so that the model's name can be
   * replaced.
   */
  public Optional<ModelPath> modelPath(String path) {
    return Optional.empty();
  }

  /**
   * Returns a model's name as clients of the operation at a path have to state it.
   *
   * @param name the name by which the gateway finds the model
   */
  public String nameForClients(String path, String name) {
    return name;
  }

  /**
   * Returns the model that a path names after its segment {@code models}. In the model's name, only
   * encoded slashes are decoded. A name that contains other percent-encodings stays encoded, and
   * therefore equals no allowed model.
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
   * Returns the text with which a model's name begins if it follows the given segment of a path;
   * empty if no model's name follows this segment.
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
   * Returns the model that is called if a body of the operation names none; empty if the body must
   * name a model.
   */
  public Optional<String> modelIfNoneIsNamed(String path) {
    return Optional.empty();
  }

  /**
   * Returns the request headers that name an additional model in calls of the given path, such as
   * the model of a tool. These headers are always forwarded, and their models are treated like
   * additional models in the body. The names of the headers are in lower case.
   */
  public Set<String> modelHeaders(String path) {
    return Set.of();
  }

  /**
   * Returns the place at which a request's body names all models that might answer instead of the
   * called model; empty if the format documents no such place. The place is a member of the
   * outermost object. The member's value is an array, written as {@code .[]}. The array's elements
   * are names, or objects in which one member is the name.
   */
  public Optional<String> namesOfSubstitutes() {
    return Optional.empty();
  }

  /**
   * Whether a member names a model that only judges the input and output of a call. The provider
   * charges nothing for such a model.
   *
   * @param member the member's path: the name of a member of the outermost object, a dot, and the
   *     name of a member of that member's value, in lower case and without underscores
   */
  public boolean isModelOfVerdicts(String member) {
    return false;
  }

  // Members of bodies

  /**
   * Returns the API that defines the bodies of an operation. The result differs from this API if a
   * cloud offers models through their makers' APIs.
   *
   * @param path the path below the service
   */
  public ProviderApi ofBodies(String path) {
    return this;
  }

  public abstract KnownMembers knownMembers();

  /** Returns the known members in bodies of the operation. */
  public KnownMembers knownMembers(String path) {
    return knownMembers();
  }

  /** The kinds of nested objects whose content other APIs have in the outermost object. */
  public enum Group {
    NONE,
    /** The member {@code tools}. */
    TOOLS,
    /** An object whose members state the requested service tier. */
    TIER,
    /**
     * The object contains members that the model itself defines. Unknown members in it can have any
     * effect.
     */
    OF_MODEL
  }

  /**
   * Returns the kind of the object that is the value of a member of the outermost object.
   *
   * @param folded the member's name in lower case and without underscores
   */
  public Group group(String folded) {
    return Group.NONE;
  }

  /**
   * Returns the members with which a request of the operation can limit its output, including those
   * that only some providers support.
   */
  public final UseFields useFields(String path) {
    return path.endsWith("rerank") ? UseFields.OF_RANKS : fieldsOf(path);
  }

  /**
   * Returns the members with which a request of the operation limits its output at a provider that
   * obeys the given caps.
   */
  public final UseFields useFields(String path, ObeyedCaps caps) {
    return obeyed(useFields(path), caps);
  }

  /** Returns the given fields without those that a provider with the given caps ignores. */
  protected UseFields obeyed(UseFields fields, ObeyedCaps caps) {
    return fields;
  }

  /**
   * Returns the members with which a request can limit its output. This result is used for all
   * operations except rankings.
   */
  protected abstract UseFields fieldsOf(String path);

  /**
   * Returns the fields of the operation's bodies that identify the caller or say whether the result
   * is stored.
   *
   * @param path the path below the service
   */
  public CallerFields callerFields(String path) {
    return CallerFields.NONE;
  }

  // Tools and their fees

  /** Whether tools of the given type are run by the caller, and not by the provider. */
  public boolean isCallersTool(String type) {
    return true;
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
   * Whether tools state their type. If they don't, one of a tool's members shows the tool's kind.
   */
  public boolean hasTypesOfTools() {
    return true;
  }

  /**
   * Returns the names of the fees that a provider might charge for a use of one of the provider's
   * own tools. If the provider charges a fee for a special quality, the quality follows the name
   * after a blank.
   *
   * @param tool the tool's type or, if tools have no types, the member that marks the tool as one
   *     of the provider's, in lower case and without underscores
   * @return the names; empty if the tool is not known
   */
  public Optional<Set<String>> feesOfTool(String tool) {
    return Optional.empty();
  }

  /**
   * Returns the names of the fees for those of the provider's tools whose uses are stated in
   * answers.
   *
   * @param caps how the provider differs from other providers with this format
   * @return the names; an empty result means that answers state the uses of all tools
   */
  public Optional<Set<String>> statedFees(String path, ObeyedCaps caps) {
    return Optional.empty();
  }

  /**
   * Whether the provider charges no fee for pages that its tools fetch.
   *
   * @param caps how the provider differs from other providers with this format
   */
  public boolean fetchesFreely(ObeyedCaps caps) {
    return false;
  }

  /**
   * Whether the provider charges for the texts and images that its tool reads to make an image, in
   * addition to the image.
   *
   * @param caps how the provider differs from other providers with this format
   */
  public boolean chargesReadingForImages(String path, ObeyedCaps caps) {
    return false;
  }

  /** Whether complete answers leave out the number of runs of a tool that did not run. */
  public boolean leavesOutUnusedTools() {
    return false;
  }

  /**
   * Whether the provider stores the tools of the operation's request for later requests, which do
   * not repeat the tools.
   *
   * @param path the path below the service
   */
  public boolean keepsTools(String path) {
    return false;
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
   * Whether a model uses the provider's tools even if the request names none. There is no limit to
   * these uses, and the results of the tools count as input.
   *
   * @param model the requested model
   */
  public boolean usesToolsUnasked(String path, String model) {
    return false;
  }

  /**
   * Returns the maximum number of web searches that a model makes if the request contains no tool;
   * 0 if it makes none.
   *
   * @param model the requested model
   */
  public long searchesUnasked(String path, String model) {
    return 0;
  }

  /**
   * Returns the number of web searches that a provider charges for a call.
   *
   * @param model the model that answered
   * @param stated the number of searches that the answer states
   * @param answers the number of requested answers
   */
  public long billedSearches(String path, String model, long stated, long answers) {
    return stated;
  }

  /** Whether web searches are charged by the fee for grounding. */
  public boolean isGrounded() {
    return false;
  }

  // Service tiers

  /**
   * Returns the members of the outermost object with which a request chooses the service tier, in
   * this API's spelling. The name of a nested member is preceded by the outer member's name and a
   * dot.
   */
  public Set<String> tierMembers() {
    return TIER_MEMBERS;
  }

  /**
   * Returns the request headers that choose a service tier in calls of the given path, each with
   * the name that {@link #tierChosen} expects. The expected name is the name of the body member
   * that makes the same choice, or the header's own name. These headers are always forwarded. The
   * names of the headers are in lower case.
   */
  public Map<String, String> tierHeaders(String path) {
    return Map.of();
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
   * Whether the provider chooses the tier of a request that names no tier. At other providers, such
   * a request gets the usual tier.
   */
  public boolean choosesTierItself() {
    return true;
  }

  /**
   * Returns the name of the tier that a member requests.
   *
   * @param member one of {@link #tierMembers}, or of the values of {@link #tierHeaders}
   * @return the name; empty if the member requests no tier
   */
  public Optional<String> tierChosen(String member, String value) {
    return Optional.of(value);
  }

  /**
   * Whether a number in a member has a meaning of its own and chooses no tier.
   *
   * @param member one of {@link #tierMembers}
   */
  public boolean isNumberWithoutTier(String member) {
    return false;
  }

  /**
   * Whether a request with this member names its tier, so that the provider does not choose one.
   *
   * @param member one of {@link #tierMembers}
   */
  public boolean namesTier(String member) {
    return true;
  }

  /**
   * Returns the name that price lists use for a tier. The tier is named in a request or an answer.
   */
  public String tierCalled(String text) {
    return text;
  }

  /**
   * Returns the member in {@link #tierMembers} that chooses the country in which a call is
   * processed. In some countries, the rates of all tiers are multiplied. A request without this
   * member might be processed in the most expensive country.
   */
  public Optional<String> countryMember() {
    return Optional.empty();
  }

  /**
   * Whether a call might get the usual tier although the member requests another tier. If the
   * result is false, the requested tier is charged even if the answer states another one.
   */
  public boolean mayGetUsualTier(String member) {
    return true;
  }

  /**
   * Whether the provider may process a call of the model in a faster and more expensive tier
   * although the request names no such tier.
   *
   * @param model the requested model
   */
  public boolean mayUsePriority(String model) {
    return false;
  }

  /**
   * Whether one of the endings of a model of OpenRouter is {@code :nitro}. With the ending {@code
   * :nitro}, OpenRouter also uses hosts' tier {@code priority}
   * (openrouter.ai/docs/guides/routing/model-variants/nitro).
   */
  static boolean isNitro(String model) {
    return model.endsWith(":nitro") || model.contains(":nitro:");
  }

  // Output and usage

  /**
   * Whether a request can limit a model's output, including its reasoning.
   *
   * @param model the requested model
   */
  public boolean boundsOutput(String model) {
    return true;
  }

  /**
   * Whether the output maximum of a request also limits the model's reasoning.
   *
   * @param path the path below the service
   */
  public boolean boundsReasoning(String path, String model, ObeyedCaps caps) {
    return true;
  }

  /**
   * Whether a request can ask for an answer in the background. The provider then returns an id,
   * with which the caller fetches the answer below the path of the request.
   *
   * @param path the path below the service
   */
  public boolean mayAnswerLater(String path) {
    return false;
  }

  /**
   * Whether streams of the operation state the usage only if the field {@code stream_options}
   * requests it.
   */
  public boolean statesUsageIfAsked(String path) {
    return false;
  }

  /** Returns where answers of the operation state the usage. */
  public abstract UsagePlaces usagePlaces(String path);

  /** Returns the headers in which answers of the operation state the usage, in lower case. */
  public Map<String, UsagePlaces.Meaning> usageHeaders(String path) {
    return Map.of();
  }

  // Batches

  /**
   * Returns the operation that a request of a batch calls, as a path below a service.
   *
   * @param url the URL in a line of the batch
   * @return the operation; empty if requests of a batch can't call it
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
   * @param window the time that the request gives the provider for the batch, such as {@code 24h};
   *     empty if the request states none
   */
  public Duration longestBatch(Optional<String> window) {
    return USUAL_BATCH;
  }

  // WebSockets

  /** The protocol that is used on a WebSocket. */
  public enum SocketUse {
    /** Each message from the caller is treated as a call of the operation. */
    CALLS("POST"),
    /** A session of OpenAI's Realtime API. The URL names the model. */
    SESSION("GET"),
    /** A session of Gemini's Live API. The first message names the model. */
    LIVE("GET");

    private final String method;

    SocketUse(String method) {
      this.method = method;
    }

    /** Returns the HTTP method of the operation that has to be allowed for this protocol. */
    public String method() {
      return method;
    }

    /** Whether the first message, and not the URL, names the model. */
    public boolean namesModelLater() {
      return this != SESSION;
    }
  }

  /**
   * Returns the protocol that is used on a WebSocket at the given path; empty if no WebSocket can
   * be opened there.
   *
   * @param path the path below the service, as the caller wrote it
   */
  public Optional<SocketUse> socketAt(String path) {
    return Optional.empty();
  }

  /**
   * Returns the path of the operation to which a WebSocket at the given path belongs.
   *
   * @param path a path at which a WebSocket can be opened
   */
  public String operationOfSocket(String path) {
    return path;
  }

  /**
   * Whether a GET of the given path must be a WebSocket handshake.
   *
   * @param path the path of an operation below the service
   */
  public boolean needsSocket(String path) {
    return false;
  }

  /**
   * If a call of the given path creates a client secret, returns the path of the sessions that can
   * be opened with the secret; otherwise empty.
   *
   * @param path the path below the service
   */
  public Optional<String> sessionOfSecretAt(String path) {
    return Optional.empty();
  }

  // Errors of providers

  /**
   * Whether an answer with the given status can mean that the key was rejected, so that its body
   * has to be read.
   */
  public boolean mayRejectKey(int status) {
    return false;
  }

  /**
   * Whether the head of an answer says that the key was rejected.
   *
   * @param headers returns the value of a header, or null if the answer does not have the header
   */
  public boolean rejectsKey(int status, Function<String, @Nullable String> headers) {
    return status == 401;
  }

  /**
   * Whether a minted token should be renewed after an answer with the given status, although the
   * answer might have another cause.
   */
  public boolean mayRejectToken(int status) {
    return false;
  }

  /**
   * Returns the meaning of an object in a provider's error. The error's message can repeat text of
   * the caller. Therefore, the message can have only one effect: the gateway repeats the request,
   * but leaves out what it had added itself.
   *
   * @param place {@code /error/details/*} if the object is an element of that array; empty if the
   *     object is the whole error
   * @param texts those members of the object whose values are strings
   */
  public ErrorMeaning errorMeaning(String place, Map<String, String> texts) {
    return ErrorMeaning.OTHER;
  }

  /**
   * Returns the time for which, according to an object in an error, the caller should wait; empty
   * if the object states no time.
   *
   * @param place the object's place, as in {@link #errorMeaning}
   * @param texts those members of the object whose values are strings
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

  /**
   * Returns the body of an error in JSON. SDKs raise their own exception, with the given message,
   * when they receive this body.
   */
  public abstract String errorBody(int status, String code, String message);

  /**
   * Returns the body of an error that concerns one member of the request.
   *
   * @param member the member's name; not every format can state it
   */
  public String errorBody(int status, String code, String message, String member) {
    return errorBody(status, code, message);
  }

  /**
   * Returns the body of an error after which the same call can succeed later.
   *
   * @param seconds the time for which the caller should wait. Only some formats state it in the
   *     body, because most clients read {@code Retry-After}
   */
  public String errorBodyWithWait(int status, String code, String message, long seconds) {
    return errorBody(status, code, message);
  }

  /**
   * Returns the name and value of the header that states the kind of an error; empty if SDKs read
   * no such header.
   */
  public Map<String, String> errorHeader(int status) {
    return Map.of();
  }

  /**
   * Returns the event that reports an error within a stream. Empty if SDKs ignore such events; then
   * the stream breaks off without an event.
   *
   * @param uri the URI of the request with its query
   */
  public abstract Optional<String> errorEvent(String uri, int status, String code, String message);

  /**
   * Returns the message in JSON that reports an error on a WebSocket. Empty if the format has no
   * such message; then the WebSocket is closed with the error as its reason.
   *
   * @param member the faulty member of the request; empty if the error concerns no member
   */
  public Optional<String> errorMessage(
      int status, String code, String message, Optional<String> member) {
    return Optional.empty();
  }

  /**
   * Returns the frame that reports an error in a stream of Amazon's event frames; empty if the
   * format has no such streams.
   */
  public Optional<byte[]> errorFrame(int status, String message) {
    return Optional.empty();
  }

  /** Returns the status with which clients are told that a service does not exist. */
  public int statusOfNotFound() {
    return 404;
  }

  // Lists of models

  public abstract ModelListShape modelList();

  /**
   * Returns an element of a list of models, in JSON. The element is also the answer to a request
   * for this model alone.
   *
   * @param name the name by which the caller calls the model
   * @param model the provider's name for the model
   * @param since the time at which the model was first offered
   */
  public abstract String listedModel(String name, String model, String ownedBy, Instant since);

  /**
   * Returns a page of a list of models, in JSON.
   *
   * @param models the elements, separated by commas
   * @param first the name of the first model; empty if the page is empty
   * @param last the name of the last model; empty if the page is empty
   * @param next the value that requests the next page; empty if there is no next page
   */
  public abstract String modelPage(
      String models, Optional<String> first, Optional<String> last, Optional<String> next);

  /**
   * Returns the answer to a request for a client's own kind of list of models, in JSON; empty if
   * the query requests the usual list.
   */
  public Optional<String> otherModelList(String query) {
    return Optional.empty();
  }

  /**
   * A request for a list of models.
   *
   * @param query the query, without the API key
   */
  public record ListRequest(String path, String query) {}

  /**
   * Returns the request for a page of a provider's list of models.
   *
   * @param query the query parameters that select the page
   * @param endpointPath the path of the service's endpoint
   * @param lent the operations that the service's API standard allows
   * @param parameters the query parameters that the API standard allows
   */
  public ListRequest listRequest(
      String query, String endpointPath, List<Operation> lent, List<String> parameters) {
    return new ListRequest(modelList().path(), query);
  }

  // Test calls

  /**
   * What a test call's request is made from.
   *
   * @param mostTokens the answer's output maximum in tokens
   * @param outputField the member that states this maximum; it differs between providers with the
   *     same format
   * @param endpointPath the path of the service's endpoint
   */
  public record TestQuestion(
      String model, int mostTokens, String outputField, String endpointPath) {
    /** Returns the beginning of a JSON object, up to and including the model's name. */
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
   * Returns a test call with the method {@code POST}.
   *
   * @param body JSON
   */
  public record TestCall(String path, String body) {}

  /** Returns the smallest request that a model answers with text. */
  public abstract TestCall textCall(TestQuestion question);

  /** Returns the smallest request that a model answers with an embedding. */
  public abstract TestCall embeddingCall(TestQuestion question);

  // What clients need to know

  /**
   * Returns texts that people paste into clients. {@code docs/connecting-programs.md} has the same
   * texts, with addresses that name no service.
   *
   * @param embeds whether the model makes embeddings instead of text
   */
  public List<ClientExample> examples(boolean embeds) {
    return embeds ? embeddingExamples() : textExamples();
  }

  protected abstract List<ClientExample> textExamples();

  /** Returns the texts for an embedding model. */
  protected List<ClientExample> embeddingExamples() {
    return textExamples();
  }

  /**
   * Returns the name, as in JSON, of the provider that is assumed for a service that names no
   * provider and has an unknown endpoint.
   */
  public abstract String usualProvider();

  /** Returns OpenTelemetry's name of the provider; empty if it is the same as the format's name. */
  public Optional<String> telemetryName() {
    return Optional.empty();
  }
}
