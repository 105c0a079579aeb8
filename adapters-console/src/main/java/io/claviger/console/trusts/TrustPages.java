package io.claviger.console.trusts;

import io.claviger.application.UseCases;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.trusts.Trusts.SavedTrust;
import io.claviger.console.page.Area;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.trusts.Trust;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;

/** Whose tokens are exchanged for tokens of a service account. */
public final class TrustPages {
  private static final String PATH = "/console/people/{user}/trusts";

  private final UseCases useCases;
  private final Views views;

  public TrustPages(UseCases useCases, Views views) {
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
    try {
      TrustForm wanted = TrustForm.of(form);
      SavedTrust unused =
          Problems.valueOf(
              useCases
                  .trusts()
                  .save(
                      visit.signedIn().actor(),
                      account(visit),
                      wanted.name(),
                      Versions.NEW,
                      wanted.content()));
      visit.redirect(path(account(visit)));
    } catch (RuntimeException e) {
      Problem problem = Problems.of(e).orElseThrow(() -> e);
      FormState sent = FormState.sent(form, TrustForm.FIELDS);
      show(
          visit,
          problem.status(),
          problem.status() == 412
              ? sent.with("name", "The account has a trust of this name.")
              : sent.with(problem));
    }
  }

  private void delete(Visit visit) {
    Form form = visit.form();
    try {
      Handle unused =
          Problems.valueOf(
              useCases
                  .trusts()
                  .delete(
                      visit.signedIn().actor(),
                      account(visit),
                      new Handle(visit.pathParam("name")),
                      Versions.demanded(form.value(Versions.FIELD).orElse(""))));
      visit.redirect(path(account(visit)));
    } catch (RuntimeException e) {
      Problem problem = Problems.of(e).orElseThrow(() -> e);
      show(visit, problem.status(), FormState.EMPTY.with(problem));
    }
  }

  private void show(Visit visit, int status, FormState form) {
    Actor actor = visit.signedIn().actor();
    Handle account = account(visit);
    Page<Trust, Handle> page =
        Problems.valueOf(
            useCases.trusts().list(actor, account, Paging.asked(visit, CursorFormat.HANDLE)));
    views.show(
        visit,
        status,
        Area.PEOPLE,
        "Trusts of " + account,
        "trusts",
        new TrustsModel(
            account.value(),
            path(account),
            "/console/people/" + account,
            page.items().stream().map(TrustPages::line).toList(),
            Paging.next(page, CursorFormat.HANDLE, Links.to(path(account))),
            issuers(actor),
            form));
  }

  /** The first ones: a choice of more would be of no use. */
  private List<String> issuers(Actor actor) {
    return Problems.valueOf(
            useCases
                .trustedIssuers()
                .list(actor, new PageRequest<>(Optional.empty(), PageRequest.MAX_LIMIT)))
        .items()
        .stream()
        .map(issuer -> issuer.name().value())
        .toList();
  }

  private static TrustsModel.Line line(Trust trust) {
    return new TrustsModel.Line(
        trust.name().value(),
        trust.issuer().name().value(),
        trust.terms().subject().value(),
        trust.terms().claims().values().entrySet().stream()
            .map(claim -> claim.getKey() + " = " + claim.getValue())
            .sorted()
            .toList(),
        trust.terms().maxLifetime().toMinutes(),
        trust.version());
  }

  private static String path(Handle account) {
    return "/console/people/" + account + "/trusts";
  }

  private static Handle account(Visit visit) {
    return new Handle(visit.pathParam("user"));
  }
}
