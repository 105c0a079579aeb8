package io.claviger.web.scim;

import io.claviger.application.scim.ScimCaller;
import io.claviger.application.scim.ScimGroups;
import io.claviger.application.scim.ScimPage;
import io.claviger.application.scim.ScimTokens;
import io.claviger.application.scim.ScimUsers;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Fault;
import io.claviger.domain.WrittenUuid;
import io.claviger.domain.accounts.User;
import io.claviger.domain.scim.ScimToken;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.NodeUrls;
import io.claviger.web.server.OpenCall;
import io.claviger.web.server.ProgramCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /scim/v2}, where an identity provider manages its users and groups (RFC 7644). Bulk
 * requests, sorting and versions are not supported.
 */
public final class ScimRoutes implements RouteGroup {
  private static final String BASE = "/scim/v2";
  private static final int USUAL_COUNT = 100;
  private static final int LAST_START = 1_000_000;

  /**
   * A page of groups ends as soon as the groups on it have this many members in total. The group
   * with which the total reaches this number is still on the page.
   */
  private static final int MOST_MEMBERS_OF_PAGE = 20_000;

  private static final Set<String> ALWAYS = Set.of("schemas", "id");

  /** The paths of RFC 7644 that Claviger does not support, each with its methods. */
  private static final Map<String, List<String>> UNSUPPORTED =
      Map.of(
          "/Me", List.of("GET", "POST", "PUT", "PATCH", "DELETE"),
          "/Bulk", List.of("POST"),
          "/.search", List.of("POST"),
          "/Users/.search", List.of("POST"),
          "/Groups/.search", List.of("POST"));

  private final ScimTokens tokens;
  private final ScimUsers users;
  private final ScimGroups groups;
  private final NodeUrls urls;

  public ScimRoutes(ScimTokens tokens, ScimUsers users, ScimGroups groups, NodeUrls urls) {
    this.tokens = tokens;
    this.users = users;
    this.groups = groups;
    this.urls = urls;
  }

  @Override
  public void addTo(Routes routes) {
    UNSUPPORTED.forEach(
        (path, methods) -> {
          Routes.Path unsupported = routes.pageAt(BASE + path);
          methods.forEach(
              method -> unsupported.forPrograms(method, of((call, caller) -> refuse())));
        });
    for (ScimSchemas.Document document : ScimSchemas.Document.values()) {
      routes
          .pageAt(BASE + "/" + document.path())
          .forPrograms("GET", of((call, caller) -> show(call, document.json(base()))));
      routes
          .pageAt(BASE + "/" + document.path() + "/{id}")
          .forPrograms("GET", of((call, caller) -> showPart(call, document)));
    }
    routes
        .pageAt(BASE + "/Users")
        .forPrograms("GET", of(this::listUsers))
        .forPrograms("POST", of(this::createUser));
    routes
        .pageAt(BASE + "/Users/{id}")
        .forPrograms("GET", of(this::showUser))
        .forPrograms("PUT", of(this::putUser))
        .forPrograms("PATCH", of(this::patchUser))
        .forPrograms("DELETE", of(this::deleteUser));
    routes
        .pageAt(BASE + "/Groups")
        .forPrograms("GET", of(this::listGroups))
        .forPrograms("POST", of(this::createGroup));
    routes
        .pageAt(BASE + "/Groups/{id}")
        .forPrograms("GET", of(this::showGroup))
        .forPrograms("PUT", of(this::putGroup))
        .forPrograms("PATCH", of(this::patchGroup))
        .forPrograms("DELETE", of(this::deleteGroup));
  }

  /**
   * RFC 7644 (3.11, 3.12) requires status 501 as the answer to a request that a server does not
   * support.
   */
  private static void refuse() {
    throw new ProblemException(
        new Problem(
            501,
            "not_implemented",
            "Claviger supports neither /Me nor /Bulk nor queries by POST. Send GET to /Users or"
                + " /Groups, and each change by itself."));
  }

  private String base() {
    return urls.api() + BASE;
  }

  /**
   * Authenticates the caller before reading anything else. The caller is authenticated again before
   * a change, when the body has arrived, and before a list, when the request has waited for other
   * lists, because the token might have ended in the meantime.
   */
  private Routes.OpenHandler of(BiConsumer<ProgramCall, ScimCaller> handler) {
    return call -> {
      ScimToken known = token(call);
      ProgramCall received =
          call.program(
              "scim",
              known.id().value(),
              () -> {
                ScimToken unused = token(call);
              });
      ScimToken token = call.ctx().method().equals(HandlerType.GET) ? known : token(call);
      // A request that contradicts itself is refused before it changes anything.
      Selection unused = Selection.of(received);
      handler.accept(received, new ScimCaller(token, call.address(), call.requestId()));
    };
  }

  private ScimToken token(OpenCall call) {
    ScimTokens.Authentication authentication =
        call.token()
            .map(token -> tokens.authenticate(token, call.address(), call.requestId()))
            .orElseThrow(() -> unknown(call));
    return switch (authentication) {
      case ScimTokens.Authentication.Accepted accepted -> accepted.token();
      case ScimTokens.Authentication.OfFormerIssuer former ->
          throw new ProblemException(Problems.formerIssuer());
      case ScimTokens.Authentication.Rejected rejected ->
          throw new ProblemException(
              rejected
                  .retryAfter()
                  .map(Problems::tooManyBadTokens)
                  .orElseGet(() -> Problems.unauthorized(true)));
    };
  }

  private static ProblemException unknown(OpenCall call) {
    call.countUnknown();
    return new ProblemException(Problems.unauthorized(false));
  }

  private void listUsers(ProgramCall call, ScimCaller caller) {
    Window window = Window.of(call);
    Optional<ScimUsers.Filter> filter =
        filter(call, new ScimUsers.Filter.All(), ScimRoutes::userFilter);
    show(
        call,
        call.readAsList(
            () -> {
              ScimPage<ScimUsers.View> page =
                  filter
                      .map(one -> users.list(caller, one, window.skipped(), window.count()))
                      .orElseGet(() -> new ScimPage<>(List.of(), 0));
              Selection selection = Selection.of(call);
              return list(
                  window,
                  page.total(),
                  page.items().stream()
                      .map(view -> selection.of(ScimUserJson.of(view, base())))
                      .toList());
            }));
  }

  /**
   * Returns the filter for the list; empty if the request's filter can't match anything.
   *
   * @param all the filter that selects everything; it is the result if the request has no filter
   */
  private static <F> Optional<F> filter(
      ProgramCall call, F all, Function<ScimFilter, Optional<F>> read) {
    Optional<ScimFilter> given = parameter(call, "filter").map(ScimFilter::of);
    return given.isEmpty()
        ? Optional.of(all)
        : given.filter(filter -> !filter.matchesNothing()).flatMap(read);
  }

  private static Optional<ScimUsers.Filter> userFilter(ScimFilter filter) {
    if (filter.refersBy("manager")) {
      return Optional.empty(); // Claviger stores nobody's manager
    }
    demandNoReference(filter);
    return switch (filter.attribute()) {
      case "id" -> WrittenUuid.of(filter.value()).map(ScimUsers.Filter.ById::new);
      case "externalid" -> Optional.of(new ScimUsers.Filter.ByExternalId(filter.value()));
      case "username" -> Optional.of(new ScimUsers.Filter.ByUserName(filter.value()));
      default ->
          throw ScimJson.problem(
              "invalidFilter", "Compare userName, externalId or id with a value.");
    };
  }

  private static void demandNoReference(ScimFilter filter) {
    if (filter.reference().isPresent()) {
      throw ScimJson.problem("invalidFilter", ScimFilter.ALLOWED);
    }
  }

  private void createUser(ProgramCall call, ScimCaller caller) {
    ScimUsers.View view =
        Problems.valueOf(users.create(caller, ScimUserJson.read(body(call), Optional.empty())));
    created(call, ScimUserJson.of(view, base()), "/Users/" + view.user().id().value());
  }

  private void showUser(ProgramCall call, ScimCaller caller) {
    ScimUsers.View view = Problems.valueOf(users.find(caller, id(call)));
    show(call, Selection.of(call).of(ScimUserJson.of(view, base())));
  }

  private void putUser(ProgramCall call, ScimCaller caller) {
    ObjectNode json = body(call);
    update(call, caller, before -> ScimUserJson.replacing(before, json));
  }

  private void patchUser(ProgramCall call, ScimCaller caller) {
    ScimPatch patch = ScimPatch.of(body(call), ScimUserJson.SCHEMA, ScimUserJson.KEPT);
    update(call, caller, before -> ScimUserJson.patched(before, patch));
  }

  private void update(
      ProgramCall call, ScimCaller caller, Function<ScimUsers.Person, ScimUsers.Person> change) {
    ScimUsers.View view =
        Problems.valueOf(users.update(caller, id(call), before -> applied(change, before)));
    show(call, Selection.of(call).of(ScimUserJson.of(view, base())));
  }

  /**
   * Applies a change. If a filter in the change can't be applied, the method throws the exception
   * for a refusal, so that the audit trail records the refusal.
   */
  private static ScimUsers.Person applied(
      Function<ScimUsers.Person, ScimUsers.Person> change, ScimUsers.Person before) {
    try {
      return change.apply(before);
    } catch (ProblemException e) {
      throw RefusedException.invalid(new Fault("", e.problem().code(), e.problem().detail()));
    }
  }

  private void deleteUser(ProgramCall call, ScimCaller caller) {
    Problems.throwIfRefused(users.delete(caller, id(call)));
    call.ctx().status(204);
  }

  private void listGroups(ProgramCall call, ScimCaller caller) {
    Window window = Window.of(call);
    Optional<ScimGroups.Filter> filter =
        filter(call, new ScimGroups.Filter.All(), ScimRoutes::groupFilter);
    show(
        call,
        call.readAsList(
            () -> {
              ScimPage<ScimGroups.View> page =
                  filter
                      .map(one -> groups.list(caller, one, window.skipped(), window.count()))
                      .orElseGet(() -> new ScimPage<>(List.of(), 0));
              return list(window, page.total(), shown(call, caller, page.items()));
            }));
  }

  /**
   * Returns the JSON of the groups on a page. The page ends when these groups have the maximum
   * number of members in total.
   */
  private List<ObjectNode> shown(ProgramCall call, ScimCaller caller, List<ScimGroups.View> views) {
    Selection selection = Selection.of(call);
    List<ObjectNode> shown = new ArrayList<>();
    int members = 0;
    for (ScimGroups.View view : views) {
      if (members >= MOST_MEMBERS_OF_PAGE) {
        break;
      }
      Optional<List<User>> of = members(caller, view, selection);
      members += of.map(List::size).orElse(0);
      shown.add(selection.of(ScimGroupJson.of(view, of, base())));
    }
    return shown;
  }

  private Optional<List<User>> members(
      ScimCaller caller, ScimGroups.View view, Selection selection) {
    return selection.contains("members")
        ? groups.members(caller, view.group().id().value()).asOptional()
        : Optional.empty();
  }

  private static Optional<ScimGroups.Filter> groupFilter(ScimFilter filter) {
    if (filter.refersBy("members")) {
      return WrittenUuid.of(filter.value())
          .flatMap(
              group ->
                  filter
                      .reference()
                      .flatMap(member -> WrittenUuid.of(member.value()))
                      .map(member -> new ScimGroups.Filter.ByMember(group, member)));
    }
    demandNoReference(filter);
    return switch (filter.attribute()) {
      case "id" -> WrittenUuid.of(filter.value()).map(ScimGroups.Filter.ById::new);
      case "externalid" -> Optional.of(new ScimGroups.Filter.ByExternalId(filter.value()));
      case "displayname" -> Optional.of(new ScimGroups.Filter.ByDisplayName(filter.value()));
      default ->
          throw ScimJson.problem(
              "invalidFilter", "Compare displayName, externalId or id of a group.");
    };
  }

  private void createGroup(ProgramCall call, ScimCaller caller) {
    ObjectNode json = body(call);
    ScimGroups.View view =
        Problems.valueOf(
            groups.create(
                caller,
                ScimGroupJson.displayName(json),
                ScimJson.text(json, "externalId"),
                ScimGroupJson.members(json)));
    created(call, shown(call, caller, view), "/Groups/" + view.group().id().value());
  }

  private void showGroup(ProgramCall call, ScimCaller caller) {
    ScimGroups.View view = Problems.valueOf(groups.find(caller, id(call)));
    show(call, call.readAsList(() -> shown(call, caller, view)));
  }

  private void putGroup(ProgramCall call, ScimCaller caller) {
    ObjectNode json = body(call);
    update(
        call,
        caller,
        new ScimGroups.Change(
            Optional.of(ScimGroupJson.displayName(json)),
            ScimJson.text(json, "externalId"),
            Optional.of(ScimGroupJson.members(json)),
            Set.of(),
            Set.of()));
  }

  private void patchGroup(ProgramCall call, ScimCaller caller) {
    ScimGroups.Change change =
        ScimGroupJson.change(ScimPatch.of(body(call), ScimGroupJson.SCHEMA, ScimGroupJson.KEPT));
    if (parameter(call, "attributes").isPresent()) {
      update(call, caller, change);
      return;
    }
    // The answer need not contain the whole group (RFC 7644, 3.5.2). The group can have tens of
    // thousands of members.
    Problems.throwIfRefused(groups.update(caller, id(call), change));
    call.ctx().status(204);
  }

  private void update(ProgramCall call, ScimCaller caller, ScimGroups.Change change) {
    ScimGroups.View view = Problems.valueOf(groups.update(caller, id(call), change));
    show(call, call.readAsList(() -> shown(call, caller, view)));
  }

  private ObjectNode shown(ProgramCall call, ScimCaller caller, ScimGroups.View view) {
    Selection selection = Selection.of(call);
    return selection.of(ScimGroupJson.of(view, members(caller, view, selection), base()));
  }

  private void deleteGroup(ProgramCall call, ScimCaller caller) {
    Problems.throwIfRefused(groups.delete(caller, id(call)));
    call.ctx().status(204);
  }

  /**
   * Returns the id in the path. If the path contains anything other than an id, the answer is 404.
   */
  private static UUID id(ProgramCall call) {
    return WrittenUuid.of(Routes.parameter(call.ctx(), "id"))
        .orElseThrow(() -> new ProblemException(Problems.NOT_FOUND));
  }

  private static ObjectNode body(ProgramCall call) {
    @Nullable String type = call.ctx().contentType();
    String media = type == null ? "" : type.toLowerCase(Locale.ROOT).split(";", -1)[0].strip();
    if (!media.equals(ScimJson.MEDIA_TYPE) && !media.equals("application/json")) {
      throw new ProblemException(
          new Problem(415, "unsupported_media_type", "Send application/scim+json."));
    }
    return call.body(ScimJson::parse);
  }

  private void showPart(ProgramCall call, ScimSchemas.Document document) {
    show(
        call,
        document
            .part(Routes.parameter(call.ctx(), "id"), base())
            .orElseThrow(() -> new ProblemException(Problems.NOT_FOUND)));
  }

  private static void show(ProgramCall call, JsonNode json) {
    call.ctx().contentType(ScimJson.MEDIA_TYPE).result(ScimJson.bytes(json));
  }

  private void created(ProgramCall call, ObjectNode json, String path) {
    call.ctx().status(201).header("Location", base() + path);
    show(call, json);
  }

  private static ObjectNode list(Window window, int total, List<ObjectNode> items) {
    ObjectNode json = ScimJson.object();
    json.putArray("schemas").add("urn:ietf:params:scim:api:messages:2.0:ListResponse");
    json.put("totalResults", total);
    json.put("startIndex", window.start());
    json.put("itemsPerPage", items.size());
    ArrayNode resources = json.putArray("Resources");
    items.forEach(resources::add);
    return json;
  }

  private static Optional<String> parameter(ProgramCall call, String name) {
    return Optional.ofNullable(call.ctx().queryParam(name)).filter(text -> !text.isBlank());
  }

  /**
   * The requested part of a list.
   *
   * @param start the number of the first item in the list, starting from 1
   */
  private record Window(int start, int count) {
    static Window of(ProgramCall call) {
      return new Window(
          Math.clamp(number(call, "startIndex", 1), 1, LAST_START),
          Math.clamp(number(call, "count", USUAL_COUNT), 0, ScimPage.MOST));
    }

    private static long number(ProgramCall call, String name, int usual) {
      try {
        return parameter(call, name).map(Integer::parseInt).orElse(usual);
      } catch (NumberFormatException e) {
        throw ScimJson.problem("invalidValue", name + " is a whole number.");
      }
    }

    int skipped() {
      return start - 1;
    }
  }

  /**
   * The requested attributes of a resource, in lower case.
   *
   * @param only the names of the attributes to which the answer is limited; if empty, all
   *     attributes are returned
   */
  private record Selection(Set<String> only, Set<String> without) {
    private static final int MOST = 100;

    static Selection of(ProgramCall call) {
      Selection asked = new Selection(names(call, "attributes"), names(call, "excludedAttributes"));
      if (!asked.only.isEmpty() && !asked.without.isEmpty()) {
        throw ScimJson.problem(
            "invalidValue", "Give either attributes or excludedAttributes, not both.");
      }
      return asked;
    }

    private static Set<String> names(ProgramCall call, String parameter) {
      Set<String> names = new HashSet<>();
      String[] given = parameter(call, parameter).orElse("").split(",", MOST);
      for (String one : given) {
        String name = one.strip().toLowerCase(Locale.ROOT);
        String local = name.substring(name.lastIndexOf(':') + 1);
        if (!local.isEmpty()) {
          names.add(local.split("[.\\[]", 2)[0]);
        }
      }
      return names;
    }

    boolean contains(String attribute) {
      String name = attribute.toLowerCase(Locale.ROOT);
      return ALWAYS.contains(name)
          || ((only.isEmpty() || only.contains(name)) && !without.contains(name));
    }

    ObjectNode of(ObjectNode resource) {
      resource.propertyNames().stream()
          .filter(name -> !contains(name))
          .toList()
          .forEach(resource::remove);
      return resource;
    }
  }
}
