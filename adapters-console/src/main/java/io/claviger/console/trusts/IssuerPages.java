package io.claviger.console.trusts;

import io.claviger.application.UseCases;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.trusts.TrustedIssuers.SavedIssuer;
import io.claviger.console.page.Area;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.TrustedIssuer;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.Optional;
import java.util.Set;

/** Lists the issuers whose tokens may be exchanged; administrators add and delete them. */
public final class IssuerPages {
  static final String PATH = "/console/trusted-issuers";
  private static final Set<String> FIELDS = Set.of("name", "issuer");

  private final UseCases useCases;
  private final Views views;

  public IssuerPages(UseCases useCases, Views views) {
    this.useCases = useCases;
    this.views = views;
  }

  public void addTo(Routes routes, Visitors visitors) {
    routes
        .pageAt(PATH)
        .openGet(visitors.signedIn(visit -> show(visit, 200, FormState.EMPTY)))
        .openPost(visitors.signedIn(this::add));
    routes.pageAt(PATH + "/{name}/delete").openPost(visitors.signedIn(this::delete));
  }

  private void add(Visit visit) {
    Form form = visit.form();
    Fields fields = new Fields(form);
    try {
      Optional<Handle> name =
          fields.required("name", "Give it a name for trusts to use.", Handle::new);
      Optional<Issuer> issuer =
          fields.required("issuer", "Say which address the issuer has.", Issuer::new);
      SavedIssuer unused =
          Problems.valueOf(
              fields.check(
                  () ->
                      useCases
                          .trustedIssuers()
                          .save(
                              visit.signedIn().actor(),
                              name.orElseThrow(),
                              Versions.NEW,
                              issuer.orElseThrow())));
      visit.redirect(PATH);
    } catch (RuntimeException e) {
      Problem problem = Problems.of(e).orElseThrow(() -> e);
      FormState sent = FormState.sent(form, FIELDS);
      show(
          visit,
          problem.status(),
          problem.status() == 412
              ? sent.with("name", "There is a trusted issuer of this name.")
              : sent.with(problem));
    }
  }

  private void delete(Visit visit) {
    Form form = visit.form();
    try {
      Handle unused =
          Problems.valueOf(
              useCases
                  .trustedIssuers()
                  .delete(
                      visit.signedIn().actor(),
                      new Handle(visit.pathParam("name")),
                      Versions.demanded(form.value(Versions.FIELD).orElse(""))));
      visit.redirect(PATH);
    } catch (RuntimeException e) {
      Problem problem = Problems.of(e).orElseThrow(() -> e);
      show(visit, problem.status(), FormState.EMPTY.with(problem));
    }
  }

  private void show(Visit visit, int status, FormState form) {
    Actor actor = visit.signedIn().actor();
    Page<TrustedIssuer, Handle> page =
        Problems.valueOf(
            useCases.trustedIssuers().list(actor, Paging.asked(visit, CursorFormat.HANDLE)));
    views.show(
        visit,
        status,
        Area.PEOPLE,
        "Trusted issuers",
        "trustedIssuers",
        new IssuersModel(
            page.items().stream().map(IssuerPages::line).toList(),
            Paging.next(page, CursorFormat.HANDLE, Links.to(PATH)),
            actor.administrator(),
            form));
  }

  private static IssuersModel.Line line(TrustedIssuer issuer) {
    return new IssuersModel.Line(
        issuer.name().value(),
        issuer.issuer().value(),
        issuer.createdAt().toString(),
        issuer.version());
  }
}
