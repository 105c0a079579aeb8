package io.claviger.console.services;

import io.claviger.application.UseCases;
import io.claviger.application.instances.InstanceFilter;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.console.page.Area;
import io.claviger.console.page.Links;
import io.claviger.console.page.Views;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Permission;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The list of services, and the page of one. */
public final class ServicePages {
  private static final String PATH = "/console/services";
  private static final List<String> ROLES =
      Stream.of(Role.values()).map(ServiceLine::name).toList();
  private static final List<InstanceField> SHOWN =
      List.of(
          InstanceField.PROVIDER,
          InstanceField.MODEL,
          InstanceField.ENDPOINT,
          InstanceField.API_STANDARD,
          InstanceField.DESCRIPTION,
          InstanceField.NOTE);

  private final UseCases useCases;
  private final Views views;

  public ServicePages(UseCases useCases, Views views) {
    this.useCases = useCases;
    this.views = views;
  }

  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::list));
    routes.pageAt(PATH + "/{owner}/{handle}").openGet(visitors.signedIn(this::show));
  }

  private void list(Visit visit) {
    Actor actor = visit.signedIn().actor();
    String text = parameter(visit, "q");
    String role = parameter(visit, "role");
    String enabled = parameter(visit, "enabled");
    InstanceFilter filter =
        new InstanceFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.of(role).filter(ROLES::contains).map(ServicePages::role),
            Optional.of(enabled).filter(s -> !s.isEmpty()).map(Boolean::valueOf),
            Optional.of(text).filter(s -> !s.isEmpty()));
    Optional<InstanceRef> after =
        Optional.of(parameter(visit, "after")).filter(s -> !s.isEmpty()).map(InstanceRef::of);
    Page<InstanceView, InstanceRef> page =
        Problems.valueOf(
            useCases
                .instances()
                .list(
                    actor,
                    actor.handle(),
                    filter,
                    new PageRequest<>(after, PageRequest.DEFAULT_LIMIT)));
    views.show(
        visit,
        Area.SERVICES,
        "Services",
        "services",
        new ServiceListModel(
            page.items().stream().map(ServiceLine::of).toList(),
            ROLES,
            text,
            role,
            enabled,
            next(page, text, role, enabled)));
  }

  private static @Nullable String next(
      Page<?, InstanceRef> page, String text, String role, String enabled) {
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

  private void show(Visit visit) {
    Actor actor = visit.signedIn().actor();
    InstanceView view = Problems.valueOf(useCases.instances().find(actor, ref(visit)));
    Instance instance = view.instance();
    views.show(
        visit,
        Area.SERVICES,
        instance.ref().toString(),
        "service",
        new ServiceModel(
            ServiceLine.of(view),
            facts(instance),
            instance.apiKeySetAt().map(Object::toString).orElse(null),
            holders(actor, view),
            mayLend(actor, view)));
  }

  private static List<ServiceModel.Fact> facts(Instance instance) {
    List<ServiceModel.Fact> facts = new ArrayList<>();
    for (InstanceField field : SHOWN) {
      field
          .plain(instance.settings())
          .map(Object::toString)
          .filter(value -> !value.isEmpty())
          .ifPresent(value -> facts.add(new ServiceModel.Fact(term(field), value)));
    }
    return facts;
  }

  private static String term(InstanceField field) {
    String words = field.wireName().replace('_', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  private static boolean mayLend(Actor actor, InstanceView view) {
    Permission sharing = Permissions.may(relationship(actor, view), Action.SHARE);
    return actor.mayManage()
        && (sharing == Permission.GRANTED || sharing == Permission.WITHIN_OWN_BOUNDS);
  }

  private static Relationship relationship(Actor actor, InstanceView view) {
    return Relationship.of(actor.id(), actor.administrator(), view.instance().owner(), view.role());
  }

  private @Nullable List<ServiceModel.Holder> holders(Actor actor, InstanceView view) {
    Instance instance = view.instance();
    if (!actor.mayManage() || !Permissions.allows(relationship(actor, view), Action.SEE_SHARES)) {
      return null;
    }
    return Problems.valueOf(
            useCases
                .sharing()
                .list(
                    actor,
                    instance.ref(),
                    new PageRequest<GranteeName>(Optional.empty(), PageRequest.MAX_LIMIT)))
        .items()
        .stream()
        .map(ServicePages::holder)
        .toList();
  }

  private static ServiceModel.Holder holder(Share share) {
    return new ServiceModel.Holder(
        share.grantee().name().toString(),
        ServiceLine.name(share.terms().role()),
        share.terms().expiresAt().map(Object::toString).orElse(null),
        share.givenBy().map(Object::toString).orElse("–"));
  }

  private static InstanceRef ref(Visit visit) {
    return InstanceRef.of(visit.pathParam("owner") + "/" + visit.pathParam("handle"));
  }

  private static Role role(String name) {
    return Role.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static String parameter(Visit visit, String name) {
    return Optional.ofNullable(visit.query(name)).orElse("").strip();
  }
}
