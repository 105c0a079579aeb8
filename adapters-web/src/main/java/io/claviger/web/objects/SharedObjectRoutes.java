package io.claviger.web.objects;

import io.claviger.application.objects.ServiceObjects;
import io.claviger.application.objects.ServiceObjects.SavedShare;
import io.claviger.application.objects.port.StoredObjectStore.Lent;
import io.claviger.application.objects.port.StoredObjectStore.Terms;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.objects.SharedObject.Access;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.web.json.AppliedByField;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.StoredRepresentation;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /v1/llm-services/{owner}/{handle}/shared-objects}. */
public final class SharedObjectRoutes implements RouteGroup {
  private static final String SHARED = "/v1/llm-services/{owner}/{handle}/shared-objects";
  private static final List<String> READ_ONLY = List.of("kind", "id", "shared_by", "shared_at");

  private final ServiceObjects objects;

  public SharedObjectRoutes(ServiceObjects objects) {
    this.objects = objects;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at(SHARED).get(this::list, "limit", "cursor");
    routes.at(SHARED + ObjectPath.END).get(this::show).put(this::share).delete(this::end);
  }

  private void list(ApiCall call) {
    Instance.Ref service = call.service();
    PageRequest<ObjectName> page = call.page(CursorFormat.OBJECT_NAME);
    call.list(
        Problems.valueOf(objects.shared(call.actor(), service, page)),
        CursorFormat.OBJECT_NAME,
        SharedObjectJson::of);
  }

  private void show(ApiCall call) {
    call.ok(
        SharedObjectJson.of(
            Problems.valueOf(
                objects.findShared(call.actor(), call.service(), ObjectPath.name(call)))));
  }

  private void share(ApiCall call) {
    Instance.Ref service = call.service();
    ObjectName name = ObjectPath.shareable(call);
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Access access =
          fields.value("access", JsonConverter.text(Access::of)).given().orElse(Access.REFER);
      Field<Set<GranteeName>> borrowers =
          fields.nullable(
              "borrowers",
              JsonConverter.listOf(JsonConverter.text(GranteeName::of))
                  .then(SharedObjectRoutes::borrowers));
      Terms terms = new Terms(access, borrowers.given(), AppliedByField.read(fields));
      if (fields.hasAny(READ_ONLY)) {
        current(call, service, name).rejectChanges(fields, READ_ONLY);
      }
      fields.rejectUnread();
      SavedShare saved = Problems.valueOf(objects.share(call.actor(), service, name, terms));
      call.written(saved.created(), SharedObjectJson.of(saved.shared()));
    }
  }

  private StoredRepresentation current(ApiCall call, Instance.Ref service, ObjectName name) {
    return StoredRepresentation.of(
        objects
            .findShared(call.actor(), service, name)
            .asOptional()
            .<Object>map(SharedObjectJson::of)
            .orElse(Map.of("kind", name.kind().wireName(), "id", name.id())));
  }

  private void end(ApiCall call) {
    Problems.throwIfRefused(objects.unshare(call.actor(), call.service(), ObjectPath.name(call)));
    call.noContent();
  }

  private static Set<GranteeName> borrowers(List<GranteeName> names) {
    if (names.isEmpty() || names.size() > SharedObject.MOST_BORROWERS) {
      throw new InvalidValue("borrowers", "1 to 200 users and groups, or null for all borrowers");
    }
    return Set.copyOf(names);
  }

  /** An object in the provider's account to which borrowers may refer in their requests. */
  record SharedObjectJson(
      String kind,
      String id,
      String access,
      Optional<List<String>> borrowers,
      String sharedBy,
      Instant sharedAt,
      Optional<String> appliedBy) {
    static SharedObjectJson of(Lent lent) {
      return new SharedObjectJson(
          lent.name().kind().wireName(),
          lent.name().id(),
          lent.access().wireName(),
          lent.borrowers()
              .map(names -> names.stream().sorted().map(GranteeName::toString).toList()),
          lent.sharedBy().value(),
          lent.sharedAt(),
          lent.appliedBy().map(AppliedBy::value));
    }
  }
}
