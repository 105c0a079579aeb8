package io.claviger.console.objects;

import io.claviger.application.objects.ServiceObjects;
import io.claviger.application.objects.port.StoredObjectStore.ListedObject;
import io.claviger.application.shared.Page;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Views;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lists the objects that the viewer has stored at providers through keys which other users use,
 * too.
 */
public final class OwnObjectPage implements ConsolePage {
  static final String PATH = "/console/account/objects";
  private static final String KIND = "kind";

  private final ServiceObjects objects;
  private final Views views;

  public OwnObjectPage(ServiceObjects objects, Views views) {
    this.objects = objects;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::show));
  }

  private void show(Visit visit) {
    Fields fields = Fields.ofQuery(visit);
    Optional<ObjectKind> kind = fields.optional(KIND, StorageKinds::kind);
    Page<ListedObject, Long> page =
        fields.check(
            () ->
                Problems.valueOf(
                    objects.listOwn(
                        visit.signedIn().actor(),
                        kind,
                        Paging.asked(visit, CursorFormat.OBJECT_PLACE))));
    views.show(
        visit,
        Area.ACCOUNT,
        "Stored things",
        "ownObjects",
        new OwnObjectsView(
            FormState.asked(visit, Set.of(KIND)),
            page.items().stream().map(ObjectLine::own).toList(),
            Paging.next(
                page,
                CursorFormat.OBJECT_PLACE,
                Links.to(PATH).with(KIND, kind.map(ObjectKind::wireName).orElse("")))));
  }

  /**
   * The page that lists the objects which the viewer holds.
   *
   * @param next the address of the next page; null on the last page
   */
  public record OwnObjectsView(FormState filters, List<ObjectLine> objects, @Nullable String next) {
    public OwnObjectsView {
      objects = List.copyOf(objects);
    }

    /** The words for the kinds of objects from which the viewer can choose. */
    public List<String> kinds() {
      return StorageKinds.NAMES;
    }
  }
}
