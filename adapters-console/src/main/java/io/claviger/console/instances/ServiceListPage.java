package io.claviger.console.instances;

import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.SearchText;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Views;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

public final class ServiceListPage implements ConsolePage {
  private static final String PATH = "/console/services";
  private static final List<String> ROLES =
      Stream.of(Role.values()).map(ServiceLine::name).toList();
  private final Instances instances;
  private final Views views;

  public ServiceListPage(Instances instances, Views views) {
    this.instances = instances;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::list));
  }

  private void list(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Optional<SearchText> search = Paging.searched(visit);
    String text = search.map(SearchText::value).orElse("");
    String role = parameter(visit, "role");
    String enabled = parameter(visit, "enabled");
    InstanceFilter filter =
        new InstanceFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.of(role).filter(ROLES::contains).map(ServiceListPage::role),
            Optional.of(enabled).filter(s -> !s.isEmpty()).map(Boolean::valueOf),
            search);
    Optional<Instance.Ref> after =
        Optional.of(parameter(visit, "after")).filter(s -> !s.isEmpty()).map(Instance.Ref::of);
    Page<InstanceView, Instance.Ref> page =
        Problems.valueOf(
            instances.list(
                actor,
                actor.handle(),
                filter,
                new PageRequest<>(after, PageRequest.DEFAULT_LIMIT)));
    views.show(
        visit,
        Area.SERVICES,
        "Services",
        "services",
        new ServiceListView(
            page.items().stream().map(ServiceLine::of).toList(),
            ROLES,
            text,
            role,
            enabled,
            next(page, text, role, enabled)));
  }

  private static @Nullable String next(
      Page<?, Instance.Ref> page, String text, String role, String enabled) {
    return page.next()
        .map(
            last ->
                Links.to(PATH)
                    .with("q", text)
                    .with("role", role)
                    .with("enabled", enabled)
                    .with("after", last.toString())
                    .toString())
        .orElse(null);
  }

  private static Role role(String name) {
    return Role.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static String parameter(Visit visit, String name) {
    return Optional.ofNullable(visit.query(name)).orElse("").strip();
  }

  /**
   * A page of the list of services.
   *
   * @param text the words that were searched for; empty for none
   * @param role the role that was asked for; empty for any
   * @param enabled {@code "true"}, {@code "false"}, or empty for both
   * @param next the address of the next page, if there is one
   */
  public record ServiceListView(
      List<ServiceLine> lines,
      List<String> roles,
      String text,
      String role,
      String enabled,
      @Nullable String next) {
    public ServiceListView {
      lines = List.copyOf(lines);
      roles = List.copyOf(roles);
    }

    public boolean isFiltered() {
      return !text.isEmpty() || !role.isEmpty() || !enabled.isEmpty();
    }
  }
}
