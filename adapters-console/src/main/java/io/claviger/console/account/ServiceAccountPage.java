package io.claviger.console.account;

import io.claviger.application.UseCases;
import io.claviger.application.accounts.port.ServiceAccount;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.console.page.Area;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.time.InstantSource;
import java.util.Optional;

/** Lists the service accounts for which the viewer is responsible, with the age of their tokens. */
public final class ServiceAccountPage {
  private static final String PATH = "/console/account/service-accounts";

  /** How many the page of the account itself shows. */
  private static final int FIRST = 10;

  private final UseCases useCases;
  private final Views views;
  private final InstantSource clock;

  public ServiceAccountPage(UseCases useCases, Views views, InstantSource clock) {
    this.useCases = useCases;
    this.views = views;
    this.clock = clock;
  }

  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::show));
  }

  private void show(Visit visit) {
    views.show(
        visit,
        Area.ACCOUNT,
        "My service accounts",
        "serviceAccounts",
        read(visit.signedIn().actor(), Paging.asked(visit, CursorFormat.HANDLE)));
  }

  /** Reads the first ones. */
  ServiceAccountsModel first(Actor actor) {
    return read(actor, new PageRequest<>(Optional.empty(), FIRST));
  }

  private ServiceAccountsModel read(Actor actor, PageRequest<Handle> asked) {
    Page<ServiceAccount, Handle> page =
        Problems.valueOf(useCases.users().listServiceAccounts(actor, actor.handle(), asked));
    return new ServiceAccountsModel(
        page.items().stream()
            .map(one -> ServiceAccountsModel.Line.of(one, clock.instant()))
            .toList(),
        Paging.next(page, CursorFormat.HANDLE, Links.to(PATH)));
  }
}
