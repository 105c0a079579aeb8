package io.claviger.console.transfers;

import io.claviger.application.UseCases;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.shared.Actor;
import io.claviger.application.transfers.Transfers.Offer;
import io.claviger.console.page.Area;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.transfers.Transfer;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Offers a service to another user, who gets it by accepting. */
public final class OfferPages {
  private static final Set<String> FIELDS = Set.of("to");

  private final UseCases useCases;
  private final Views views;

  public OfferPages(UseCases useCases, Views views) {
    this.useCases = useCases;
    this.views = views;
  }

  public void addTo(Routes routes, Visitors visitors) {
    routes
        .pageAt(ServiceAddress.PATTERN + "/transfer")
        .openGet(visitors.signedIn(visit -> show(visit, 200, FormState.EMPTY)))
        .openPost(visitors.signedIn(this::offer));
  }

  private void offer(Visit visit) {
    Form form = visit.form();
    try {
      Fields fields = new Fields(form);
      Optional<Handle> to = fields.required("to", "Say who gets it", Handle::new);
      Offer offer =
          fields.check(
              () -> new Offer(List.of(ServiceAddress.of(visit)), List.of(), to.orElseThrow()));
      Transfer offered =
          Problems.valueOf(useCases.transfers().offer(visit.signedIn().actor(), offer));
      visit.redirect(TransferPages.pathOf(offered.id()));
    } catch (RuntimeException e) {
      Problem problem = Problems.of(e).orElseThrow(() -> e);
      show(visit, problem.status(), FormState.sent(form, FIELDS).with(problem));
    }
  }

  private void show(Visit visit, int status, FormState form) {
    Actor actor = visit.signedIn().actor();
    InstanceView view =
        Problems.valueOf(useCases.instances().find(actor, ServiceAddress.of(visit)));
    InstanceRef service = view.instance().ref();
    views.show(
        visit,
        status,
        Area.SERVICES,
        "Give " + service + " to somebody",
        "offer",
        new OfferModel(ServiceAddress.path(service), Transfer.OPEN_FOR.toDays(), form));
  }
}
