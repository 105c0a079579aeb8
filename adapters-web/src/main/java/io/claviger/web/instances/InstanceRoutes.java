package io.claviger.web.instances;

import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.InstanceWrite;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.WrittenInstance;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.SearchText;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import io.claviger.web.json.Body;
import io.claviger.web.json.DhampsNames;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.ResourceJson;
import io.claviger.web.problems.Problems;
import io.claviger.web.rejectedkeys.KeyAgeRoutes;
import io.claviger.web.server.Address;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.NodeUrls;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/llm-services}: the services. Other classes serve the paths for the keys, shares and
 * checks of services.
 */
public final class InstanceRoutes implements RouteGroup {
  private static final String BY_ID = "_by-id";
  private static final String KEY_OLDER_THAN = "key_older_than";
  private static final String KEY = "key";
  private static final JsonConverter<List<TokenUrl>> TOKEN_URLS =
      JsonConverter.listOf(JsonConverter.text(TokenUrl::of));

  /** The parameters that all lists of services accept. */
  private static final List<String> OF_LISTS =
      List.of(
          "limit",
          "cursor",
          "provider",
          "owner",
          "enabled",
          "q",
          KEY_OLDER_THAN,
          KEY,
          DhampsNames.PARAMETER);

  private final Instances instances;
  private final ResourceJson<InstanceView> json;

  public InstanceRoutes(Instances instances, NodeUrls urls) {
    this.instances = instances;
    this.json = InstanceJson.of(urls::gateway);
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/llm-services").get(this::listAll, OF_LISTS.toArray(String[]::new));
    routes
        .at("/v1/llm-services/{user}")
        .get(
            this::list, Stream.concat(OF_LISTS.stream(), Stream.of("role")).toArray(String[]::new));
    routes
        .at("/v1/llm-services/{owner}/{handle}")
        .get(this::show, DhampsNames.PARAMETER)
        .put(this::put, DhampsNames.PARAMETER)
        .patch(this::patch, DhampsNames.PARAMETER)
        .delete(this::delete);
    routes.at("/v1/llm-services/{owner}/{handle}/credential/_confirm").post(this::confirm);
  }

  private void list(ApiCall call) {
    Handle user = call.handle("user");
    InstanceFilter filter = filter(call, call.query().value("role", Role::of));
    Function<InstanceView, Map<String, @Nullable Object>> shown = shown(call);
    PageRequest<Instance.Ref> page = call.page(CursorFormat.INSTANCE);
    call.list(
        Problems.valueOf(instances.list(call.actor(), user, filter, page)),
        CursorFormat.INSTANCE,
        shown);
  }

  private void listAll(ApiCall call) {
    InstanceFilter filter = filter(call, Optional.empty());
    Function<InstanceView, Map<String, @Nullable Object>> shown = shown(call);
    PageRequest<Instance.Ref> page = call.page(CursorFormat.INSTANCE);
    call.list(
        Problems.valueOf(instances.listAll(call.actor(), filter, page)),
        CursorFormat.INSTANCE,
        shown);
  }

  /** Returns the function that shows a service in the form that the caller requested. */
  private Function<InstanceView, Map<String, @Nullable Object>> shown(ApiCall call) {
    return call.query().value(DhampsNames.PARAMETER, DhampsNames::wanted).orElse(false)
        ? view -> DhampsNames.OF_SERVICES.addTo(json.of(view))
        : json::of;
  }

  private static InstanceFilter filter(ApiCall call, Optional<Role> role) {
    return new InstanceFilter(
            call.query().value("provider", Provider::of),
            call.query().value("owner", Handle::new),
            role,
            call.query().flag("enabled"),
            call.query().value("q", SearchText::new))
        .withKeySetBefore(
            call.query().value(KEY_OLDER_THAN, text -> KeyAgeRoutes.daysAgo(KEY_OLDER_THAN, text)))
        .withRejectedKey(call.query().value(KEY, InstanceRoutes::isRejected).orElse(false));
  }

  private static boolean isRejected(String text) {
    if (!text.equals("rejected")) {
      throw new InvalidValue(KEY, "rejected");
    }
    return true;
  }

  /**
   * Shows a service. If the path contains {@code _by-id} instead of an owner, the next part of the
   * path is the service's id. No user has the handle {@code _by-id}.
   */
  private void show(ApiCall call) {
    show(
        call,
        call.isNamed("owner", BY_ID)
            ? instances.find(call.actor(), new Instance.Id(call.id("handle")))
            : instances.find(call.actor(), call.service()));
  }

  private void show(ApiCall call, Outcome<InstanceView> outcome) {
    InstanceView view = Problems.valueOf(outcome);
    Object answer = shown(call).apply(view);
    call.query().rejectUnread();
    call.shown(answer, view.instance().version());
  }

  private void put(ApiCall call) {
    write(
        call,
        new Instance.Ref(call.writtenHandle("owner"), call.newHandle("handle")),
        instances::put);
  }

  private void patch(ApiCall call) {
    write(call, call.service(), instances::patch);
  }

  private void write(ApiCall call, Instance.Ref ref, Write how) {
    Function<InstanceView, Map<String, @Nullable Object>> shown = shown(call);
    call.query().rejectUnread();
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      DhampsNames.OF_SERVICES.allowIn(fields);
      InstanceWrite write = InstanceReader.write(fields, call.actor().handle());
      Precondition precondition =
          call.done(fields, json.readOnly(), () -> current(call.actor(), ref));
      WrittenInstance written = Problems.valueOf(how.write(call.actor(), ref, precondition, write));
      Map<String, @Nullable Object> answer = shown.apply(written.view());
      written.userKeysRemoved().ifPresent(n -> answer.put("user_keys_removed", n));
      call.written(written.created(), answer);
    }
  }

  private void confirm(ApiCall call) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Field<Endpoint> destination =
          fields.required(
              "destination",
              JsonConverter.text(Endpoint::ofBaseUrl),
              "Name the endpoint of the service.");
      Field<List<TokenUrl>> tokenUrls = fields.value("token_urls", TOKEN_URLS);
      fields.rejectUnread();
      Problems.throwIfRefused(
          instances.confirm(
              call.actor(),
              call.service(),
              call.precondition(),
              destination.given().orElseThrow(),
              Set.copyOf(tokenUrls.given().orElse(List.of()))));
      call.noContent();
    }
  }

  private CurrentState current(Actor actor, Instance.Ref ref) {
    return CurrentState.of(
        instances.find(actor, ref),
        json::of,
        found -> found.instance().version(),
        Address.of(ref.owner(), ref.handle()));
  }

  private void delete(ApiCall call) {
    Problems.throwIfRefused(instances.delete(call.actor(), call.service(), call.precondition()));
    call.noContent();
  }

  @FunctionalInterface
  private interface Write {
    Outcome<WrittenInstance> write(
        Actor actor, Instance.Ref ref, Precondition precondition, InstanceWrite write);
  }
}
