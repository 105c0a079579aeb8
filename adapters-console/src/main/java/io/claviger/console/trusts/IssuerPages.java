package io.claviger.console.trusts;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.Precondition;
import io.claviger.application.trusts.TrustedIssuers;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.EditForm;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Submission;
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
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lists the issuers whose tokens may be exchanged for tokens of Claviger. Only administrators can
 * add, change and delete issuers.
 */
public final class IssuerPages implements ConsolePage {
  static final String PATH = "/console/trusted-issuers";
  private static final String NAME = "name";
  private static final String ISSUER = "issuer";

  private final TrustedIssuers trustedIssuers;
  private final Views views;

  public IssuerPages(TrustedIssuers trustedIssuers, Views views) {
    this.trustedIssuers = trustedIssuers;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    Submission.addPage(routes, PATH, visitors, this::show, this::add);
    visitors.addPage(routes, PATH + "/{name}", this::open, this::change);
    routes.pageAt(PATH + "/{name}/delete").openPost(visitors.signedIn(this::delete));
  }

  /**
   * Shows the form that changes an issuer. A viewer who may not change the issuer is sent to the
   * list, which shows everything about the issuers.
   */
  private void open(Visit visit) {
    if (mayChange(visit.signedIn().actor())) {
      showOne(visit, EditForm.of(stored(visit)));
    } else {
      visit.redirect(PATH);
    }
  }

  private static boolean mayChange(Actor actor) {
    return actor.administrator() && actor.mayManage();
  }

  private void add(Visit visit) {
    Submission.of(
        visit,
        Set.of(NAME, ISSUER),
        form -> {
          Fields fields = new Fields(form);
          Optional<Handle> name =
              fields.required(
                  NAME, "Name the issuer. Trusts refer to it by this name.", Handle::new);
          return save(visit, name, Precondition.CREATE_ONLY, fields);
        },
        (problem, sent) -> show(visit, problem.status(), taken(problem, sent)));
  }

  private static FormState taken(Problem problem, FormState sent) {
    return problem.status() == 412
        ? sent.with(NAME, "There is a trusted issuer of this name.")
        : sent.with(problem);
  }

  private void change(Visit visit) {
    Submission.of(
        visit,
        Set.of(ISSUER, Versions.FIELD),
        form -> save(visit, Optional.of(name(visit)), Versions.demandedBy(form), new Fields(form)),
        (problem, sent) ->
            showOne(visit, EditForm.refused(problem, sent, "trusted issuer", stored(visit))));
  }

  private String save(
      Visit visit, Optional<Handle> name, Precondition precondition, Fields fields) {
    Optional<Issuer> issuer =
        fields.required(ISSUER, "Give the address of the issuer.", Issuer::new);
    Problems.throwIfRefused(
        fields.check(
            () ->
                trustedIssuers.save(
                    visit.signedIn().actor(),
                    name.orElseThrow(),
                    precondition,
                    issuer.orElseThrow())));
    return PATH;
  }

  private void delete(Visit visit) {
    Submission.of(
        visit,
        form -> {
          Problems.throwIfRefused(
              trustedIssuers.delete(
                  visit.signedIn().actor(), name(visit), Versions.demandedBy(form)));
          return PATH;
        },
        this::show);
  }

  private void show(Visit visit, int status, FormState form) {
    Actor actor = visit.signedIn().actor();
    Page<TrustedIssuer, Handle> page =
        Problems.valueOf(trustedIssuers.list(actor, Paging.asked(visit, CursorFormat.HANDLE)));
    views.show(
        visit,
        status,
        Area.ISSUERS,
        "Trusted issuers",
        "trustedIssuers",
        new IssuersView(
            page.items().stream().map(IssuerPages::line).toList(),
            Paging.next(page, CursorFormat.HANDLE, Links.to(PATH)),
            mayChange(actor),
            form));
  }

  private void showOne(Visit visit, EditForm change) {
    String name = name(visit).value();
    views.show(
        visit,
        change.status(),
        Area.ISSUERS,
        "Trusted issuer " + name,
        "trustedIssuer",
        new IssuerView(PATH + "/" + name, PATH, change));
  }

  private Map<String, String> stored(Visit visit) {
    TrustedIssuer issuer =
        Problems.valueOf(trustedIssuers.find(visit.signedIn().actor(), name(visit)));
    return Map.of(ISSUER, issuer.issuer().value(), Versions.FIELD, Long.toString(issuer.version()));
  }

  private static IssuersView.Line line(TrustedIssuer issuer) {
    return new IssuersView.Line(
        issuer.name().value(),
        issuer.issuer().value(),
        issuer.createdAt().toString(),
        issuer.version());
  }

  private static Handle name(Visit visit) {
    return new Handle(visit.pathParam(NAME));
  }

  /**
   * The page with the form that changes a trusted issuer.
   *
   * @param path the path of this page
   * @param back the address of the page with the list of all trusted issuers
   */
  public record IssuerView(String path, String back, EditForm change) {}

  /**
   * The list of trusted issuers.
   *
   * @param next the address of the next page; null on the last page
   * @param mayChange whether the viewer may add and delete issuers
   */
  public record IssuersView(
      List<Line> issuers, @Nullable String next, boolean mayChange, FormState form) {
    public IssuersView {
      issuers = List.copyOf(issuers);
    }

    public record Line(String name, String issuer, String since, long version) {}
  }
}
