package io.claviger.web.objects;

import io.claviger.application.objects.ObjectReconciliation;
import io.claviger.application.objects.ServiceObjects;
import io.claviger.application.objects.port.StoredObjectStore.ListedObject;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.Fault;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.projects.Project;
import io.claviger.web.json.InvalidInput;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code /v1/llm-services/{owner}/{handle}/objects} and {@code /v1/me/objects}. */
public final class StoredObjectRoutes implements RouteGroup {
  private static final String OWN = "/v1/me/objects";
  private static final String OBJECTS = "/v1/llm-services/{owner}/{handle}/objects";

  private final ServiceObjects objects;
  private final ObjectReconciliation reconciliation;

  public StoredObjectRoutes(ServiceObjects objects, ObjectReconciliation reconciliation) {
    this.objects = objects;
    this.reconciliation = reconciliation;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at(OWN).get(this::own, "kind", "limit", "cursor");
    routes.at(OWN + ObjectPath.END).delete(this::deleteOwn);
    routes
        .at("/v1/projects/{owner}/{handle}/objects")
        .get(this::ofProject, "kind", "limit", "cursor");
    routes.at(OBJECTS).get(this::list, "kind", "user", "limit", "cursor");
    routes.at(OBJECTS + ObjectPath.END).delete(this::delete, "at_provider");
    routes.at("/v1/llm-services/{owner}/{handle}/reconciliation/{kind}").post(this::reconcile);
  }

  private void own(ApiCall call) {
    Optional<ObjectKind> kind = call.query().value("kind", StoredObjectRoutes::kind);
    PageRequest<Long> page = call.page(CursorFormat.OBJECT_PLACE);
    call.list(
        Problems.valueOf(objects.listOwn(call.actor(), kind, page)),
        CursorFormat.OBJECT_PLACE,
        StoredObjectJson::of);
  }

  private void ofProject(ApiCall call) {
    Project.Ref project = call.project();
    Optional<ObjectKind> kind = call.query().value("kind", StoredObjectRoutes::kind);
    PageRequest<Long> page = call.page(CursorFormat.OBJECT_PLACE);
    call.list(
        Problems.valueOf(objects.ofProject(call.actor(), project, kind, page)),
        CursorFormat.OBJECT_PLACE,
        StoredObjectJson::of);
  }

  private void list(ApiCall call) {
    Instance.Ref service = call.service();
    Optional<ObjectKind> kind = call.query().value("kind", StoredObjectRoutes::kind);
    Optional<Handle> user = call.query().value("user", Handle::new);
    PageRequest<Long> page = call.page(CursorFormat.OBJECT_PLACE);
    call.list(
        Problems.valueOf(objects.list(call.actor(), service, kind, user, page)),
        CursorFormat.OBJECT_PLACE,
        StoredObjectJson::of);
  }

  private void delete(ApiCall call) {
    boolean atProvider = call.query().flag("at_provider").orElse(true);
    call.query().rejectUnread();
    ObjectName name = ObjectPath.name(call);
    Problems.throwIfRefused(
        atProvider
            ? objects.delete(call.actor(), call.service(), name)
            : objects.leave(call.actor(), call.service(), name));
    call.noContent();
  }

  private void deleteOwn(ApiCall call) {
    Problems.throwIfRefused(objects.deleteOwn(call.actor(), ObjectPath.name(call)));
    call.noContent();
  }

  private void reconcile(ApiCall call) {
    Instance.Ref service = call.service();
    ObjectKind kind =
        ObjectKind.named(call.text("kind"))
            .filter(ObjectKind::isLendable)
            .orElseThrow(
                () ->
                    new InvalidInput(
                        new Fault(
                            "/kind", "invalid_value", String.join(", ", StorageKinds.NAMES))));
    call.emptyBody();
    call.ok(
        ReconciliationJson.of(
            Problems.valueOf(reconciliation.compare(call.actor(), service, kind))));
  }

  private static ObjectKind kind(String name) {
    return ObjectKind.named(name)
        .filter(ObjectKind::isLendable)
        .orElseThrow(() -> new InvalidValue("kind", String.join(", ", StorageKinds.NAMES)));
  }

  /**
   * The result of comparing the ledger with the provider's list of objects. The result contains
   * only the ids of objects, not their content.
   */
  record ReconciliationJson(
      String kind,
      boolean complete,
      int listed,
      List<String> unrecorded,
      int unrecordedCount,
      List<String> missing,
      int missingCount) {
    static ReconciliationJson of(ObjectReconciliation.Comparison comparison) {
      return new ReconciliationJson(
          comparison.kind().wireName(),
          comparison.isComplete(),
          comparison.listed(),
          comparison.unrecorded(),
          comparison.unrecordedCount(),
          comparison.missing(),
          comparison.missingCount());
    }
  }

  /**
   * An entry of the ledger of stored objects. The entry never contains the content of the object.
   */
  record StoredObjectJson(
      Optional<String> service,
      String kind,
      String id,
      Optional<String> holder,
      Optional<String> user,
      long bytes,
      Optional<String> parent,
      Instant createdAt,
      Optional<Instant> lastUsedAt,
      Optional<Instant> expiresAt) {
    static StoredObjectJson of(ListedObject listed) {
      ProviderObject object = listed.object();
      return new StoredObjectJson(
          listed.serviceName(),
          object.name().kind().wireName(),
          object.name().id(),
          listed.holder(),
          listed.maker().map(Handle::value),
          object.bytes(),
          object.parent(),
          object.madeAt(),
          listed.lastUsedAt(),
          object.expiresAt());
    }
  }
}
