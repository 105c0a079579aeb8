package io.claviger.console.objects;

import io.claviger.application.objects.ServiceObjects;
import io.claviger.application.objects.port.StoredObjectStore.Lent;
import io.claviger.application.objects.port.StoredObjectStore.ListedObject;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.web.json.InvalidInput;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The objects that borrowers stored with a service's key, and the objects that the service's owners
 * share from the provider's account.
 */
public final class StoredObjectPages implements ConsolePage {
  static final String PATTERN = ServiceAddress.PATTERN + "/objects";
  private static final String KIND = "kind";
  private static final String USER = "user";
  private static final String SHARED = "shared";
  private static final int UNPROCESSABLE = 422;

  private final ServiceObjects objects;
  private final Views views;

  public StoredObjectPages(ServiceObjects objects, Views views) {
    this.objects = objects;
    this.views = views;
  }

  static String of(Instance.Ref service) {
    return ServiceAddress.path(service) + "/objects";
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes
        .pageAt(PATTERN)
        .openGet(visitors.signedIn(visit -> show(visit, 200, SharedObjectForm.asked(visit))));
    routes
        .pageAt(PATTERN + "/share")
        .openPost(
            visitors.signedIn(
                visit -> submit(visit, fields -> SharedObjectForm.share(objects, visit, fields))));
    routes
        .pageAt(PATTERN + "/unshare")
        .openPost(
            visitors.signedIn(
                visit ->
                    submit(visit, fields -> SharedObjectForm.unshare(objects, visit, fields))));
  }

  private void submit(Visit visit, Consumer<Fields> act) {
    Submission.of(
        visit,
        SharedObjectForm.FIELDS,
        form -> {
          act.accept(new Fields(form));
          return of(ServiceAddress.of(visit)) + "#shared";
        },
        this::show);
  }

  private void show(Visit visit, int status, FormState sharing) {
    Actor actor = visit.signedIn().actor();
    Instance.Ref service = ServiceAddress.of(visit);
    Filtered filtered = filtered(visit, actor, service);
    Page<ListedObject, Long> page = filtered.page();
    Page<Lent, ObjectName> shared =
        Problems.valueOf(
            objects.shared(actor, service, Paging.asked(visit, SHARED, CursorFormat.OBJECT_NAME)));
    String path = of(service);
    views.show(
        visit,
        filtered.filters().problem() == null ? status : UNPROCESSABLE,
        Area.SERVICES,
        "Stored things of " + service,
        "storedObjects",
        new StoredObjectsView(
            path,
            ServiceAddress.path(service),
            filtered.filters(),
            page.items().stream()
                .map(object -> ObjectLine.ofService(object, actor.handle()))
                .toList(),
            Paging.next(
                page,
                CursorFormat.OBJECT_PLACE,
                Links.to(path)
                    .with(KIND, filtered.filters().value(KIND))
                    .with(USER, filtered.filters().value(USER))),
            shared.items().stream().map(lent -> line(path, lent)).toList(),
            Paging.next(shared, SHARED, CursorFormat.OBJECT_NAME, Links.to(path)),
            sharing));
  }

  /**
   * The objects that match the filters.
   *
   * @param filters the filters as they were typed, with their faults
   */
  private record Filtered(FormState filters, Page<ListedObject, Long> page) {}

  private Filtered filtered(Visit visit, Actor actor, Instance.Ref service) {
    FormState filters = FormState.asked(visit, Set.of(KIND, USER));
    Fields fields = Fields.ofQuery(visit);
    Optional<ObjectKind> kind = fields.optional(KIND, StorageKinds::kind);
    Optional<Handle> maker = fields.optional(USER, Handle::new);
    PageRequest<Long> asked = Paging.asked(visit, CursorFormat.OBJECT_PLACE);
    try {
      return new Filtered(
          filters,
          fields.check(() -> Problems.valueOf(objects.list(actor, service, kind, maker, asked))));
    } catch (InvalidInput e) {
      return new Filtered(filters.with(Problems.orThrow(e)), Page.whole(List.of()));
    }
  }

  private static StoredObjectsView.SharedLine line(String path, Lent lent) {
    return new StoredObjectsView.SharedLine(
        ObjectLine.kind(lent.name().kind()),
        lent.name().kind().wireName(),
        lent.name().id(),
        lent.access() == SharedObject.Access.READ,
        SharedObjectForm.names(lent),
        lent.sharedBy().value(),
        lent.sharedAt().toString(),
        SharedObjectForm.of(path, lent));
  }

  /**
   * The page of the objects that are stored with the key of a service.
   *
   * @param back the address of the service's page
   * @param next the address of the next page; null on the last page
   * @param nextShared the address of the next page of shared objects; null on the last page
   * @param sharing the form for sharing an object with borrowers
   */
  public record StoredObjectsView(
      String path,
      String back,
      FormState filters,
      List<ObjectLine> objects,
      @Nullable String next,
      List<SharedLine> shared,
      @Nullable String nextShared,
      FormState sharing) {
    public StoredObjectsView {
      objects = List.copyOf(objects);
      shared = List.copyOf(shared);
    }

    /** Whether at least one filter is set. */
    public boolean isFiltered() {
      return !filters.value(KIND).isEmpty() || !filters.value(USER).isEmpty();
    }

    /** The words for the kinds of objects that borrowers can store. */
    public List<String> kinds() {
      return StorageKinds.NAMES;
    }

    /** The words for the kinds of objects that can be shared. */
    public List<String> shareableKinds() {
      return SharedObject.KINDS;
    }

    /**
     * An object to which borrowers may refer in their calls.
     *
     * @param what the kind of the object, in words
     * @param readable whether borrowers may also read the object
     * @param borrowers the borrowers with whom the object is shared; empty if it is shared with all
     *     borrowers of the service
     * @param change the address of the form that changes how the object is shared
     */
    public record SharedLine(
        String what,
        String kind,
        String id,
        boolean readable,
        String borrowers,
        String sharedBy,
        String at,
        String change) {}
  }
}
