package io.claviger.console.requests;

import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.requests.BorrowRequests;
import io.claviger.application.requests.BorrowRequests.Linked;
import io.claviger.application.shared.Actor;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.requests.RequestPage;
import io.claviger.web.server.Routes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks for more of a service. A refusal's link leads here and fills in exactly what was missing.
 * The address must be added before those of single requests, because {@code new} would otherwise be
 * taken for the id of a request.
 */
public final class AskPages implements ConsolePage {
  private final Instances instances;
  private final BorrowRequests borrowRequests;
  private final Views views;

  public AskPages(Instances instances, BorrowRequests borrowRequests, Views views) {
    this.instances = instances;
    this.borrowRequests = borrowRequests;
    this.views = views;
  }

  /**
   * Returns the address of the page on which somebody asks for a service.
   *
   * @param service {@code owner/handle}
   */
  public static String pathFor(String service) {
    return Links.to(RequestPage.PATH).with(WishForm.SERVICE, service).toString();
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(routes, RequestPage.PATH, this::show, this::ask);
  }

  private void show(Visit visit) {
    Optional<String> reference = Optional.ofNullable(visit.query(RequestPage.PARAMETER));
    if (reference.isPresent()) {
      Linked linked =
          Problems.valueOf(borrowRequests.linked(visit.signedIn().actor(), reference.get()));
      show(visit, 200, linked.service(), FormState.of(WishForm.shown(linked.terms())));
    } else {
      show(visit, 200, service(visit.query(WishForm.SERVICE)), FormState.EMPTY);
    }
  }

  private void ask(Visit visit) {
    Submission.of(
        visit,
        WishForm.FIELDS,
        form -> {
          Instance.Ref service = service(form.value(WishForm.SERVICE).orElse(""));
          BorrowRequest asked =
              Problems.valueOf(
                  borrowRequests.ask(visit.signedIn().actor(), service, WishForm.read(form)));
          return RequestPages.pathOf(asked.id());
        },
        (problem, sent) ->
            show(
                visit,
                problem.status(),
                service(sent.value(WishForm.SERVICE)),
                sent.with(problem)));
  }

  private void show(Visit visit, int status, Instance.Ref service, FormState form) {
    Actor actor = visit.signedIn().actor();
    InstanceView seen = Problems.valueOf(instances.find(actor, service));
    Instance.Ref ref = seen.instance().ref();
    views.show(
        visit,
        status,
        Area.REQUESTS,
        "Ask for more of " + ref,
        "ask",
        new AskView(ref.toString(), ServiceAddress.path(ref), form));
  }

  private static Instance.Ref service(@Nullable String text) {
    return Instance.Ref.of(text == null ? "" : text);
  }

  /**
   * The page on which somebody asks for more of a service.
   *
   * @param service {@code owner/handle}
   * @param back the page of the service
   */
  public record AskView(String service, String back, FormState form) {}
}
