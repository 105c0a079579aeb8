package io.claviger.console.instances;

import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.rejectedkeys.RejectedKeys;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.SearchText;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Numbers;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Views;
import io.claviger.domain.WireNamed;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

public final class ServiceListPage implements ConsolePage {
  private static final String PATH = "/console/services";
  private static final List<String> ROLES = WireNamed.names(Role.values());
  private static final String WHOSE = "whose";
  private static final String EVERYBODYS = "everybody";

  private final Instances instances;
  private final RejectedKeys rejectedKeys;
  private final Views views;

  public ServiceListPage(Instances instances, RejectedKeys rejectedKeys, Views views) {
    this.instances = instances;
    this.rejectedKeys = rejectedKeys;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::list));
  }

  private void list(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Optional<SearchText> search = Paging.searched(visit);
    boolean everybodys = actor.administrator() && visit.queryText(WHOSE).equals(EVERYBODYS);
    String role = everybodys ? "" : visit.queryText("role");
    String enabled = visit.queryText("enabled");
    InstanceFilter filter =
        new InstanceFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.of(role).filter(ROLES::contains).map(Role::of),
            Optional.of(enabled).filter(s -> !s.isEmpty()).map(Boolean::valueOf),
            search);
    PageRequest<Instance.Ref> asked = Paging.asked(visit, CursorFormat.INSTANCE);
    Page<InstanceView, Instance.Ref> page =
        Problems.valueOf(
            everybodys
                ? instances.listAll(actor, filter, asked)
                : instances.list(actor, actor.handle(), filter, asked));
    int count =
        Problems.valueOf(
            everybodys
                ? instances.countAll(actor, filter)
                : instances.count(actor, actor.handle(), filter));
    String text = Paging.typed(visit);
    Links here =
        Links.to(PATH)
            .with(WHOSE, everybodys ? EVERYBODYS : "")
            .with(Paging.SEARCH, text)
            .with("role", role)
            .with("enabled", enabled);
    views.show(
        visit,
        Area.SERVICES,
        "Services",
        "services",
        new ServiceListView(
            page.items().stream().map(ServiceLine::of).toList(),
            everybodys ? rejections(actor, page.items()) : Map.of(),
            actor.administrator(),
            everybodys,
            ROLES,
            text,
            FormState.of(Map.of("role", role, "enabled", enabled)),
            Numbers.counted(count, "service", "services"),
            Paging.next(page, CursorFormat.INSTANCE, here)));
  }

  /**
   * Maps the reference of each service with a rejected key to the time of the key's first
   * rejection.
   */
  private Map<String, String> rejections(Actor actor, List<InstanceView> listed) {
    Map<Instance.Id, Instant> since =
        rejectedKeys.rejectedSince(
            actor, listed.stream().map(view -> view.instance().id()).toList());
    return listed.stream()
        .map(InstanceView::instance)
        .filter(service -> since.containsKey(service.id()))
        .collect(
            Collectors.toMap(
                service -> service.ref().toString(),
                service -> since.getOrDefault(service.id(), Instant.EPOCH).toString()));
  }

  /**
   * One page of the list of services.
   *
   * @param rejected the times of the first rejections (ISO 8601), keyed by the references of the
   *     services with a rejected key; empty if the list shows the viewer's own services
   * @param mayListAll whether the viewer may list the services of all users
   * @param everybodys whether this is the list of the services of all users
   * @param text the search text; empty if there was no search
   * @param filters the role by which the list is filtered, and in {@code enabled} whether it shows
   *     only enabled services or only services that are not enabled; a filter that is empty does
   *     not limit the list
   * @param count the number of services on all pages of the list, in words
   * @param next the address of the next page; null on the last page
   */
  public record ServiceListView(
      List<ServiceLine> lines,
      Map<String, String> rejected,
      boolean mayListAll,
      boolean everybodys,
      List<String> roles,
      String text,
      FormState filters,
      String count,
      @Nullable String next) {
    public ServiceListView {
      lines = List.copyOf(lines);
      rejected = Map.copyOf(rejected);
      roles = List.copyOf(roles);
    }

    public boolean isFiltered() {
      return !text.isEmpty()
          || !filters.value("role").isEmpty()
          || !filters.value("enabled").isEmpty();
    }
  }
}
