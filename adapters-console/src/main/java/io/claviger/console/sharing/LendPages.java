package io.claviger.console.sharing;

import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.prices.ServicePrices;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.sharing.ShareGrants;
import io.claviger.application.sharing.Sharing;
import io.claviger.application.usage.UsageReports;
import io.claviger.console.budgetreports.BudgetTrialPages;
import io.claviger.console.limits.LimitFields;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.SharesToEnd;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Suggestions;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;
import io.claviger.domain.WireNamed;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lends a service to a user or a group. The page describes the terms in words. */
public final class LendPages implements ConsolePage {
  private static final String PATH = "/console/services/{owner}/{handle}/lend";
  private static final String LEAVES_POOL = "leaves_pool";
  private static final List<String> ROLES = WireNamed.names(Role.values());

  private static final String LEFT_POOL =
      "Nothing was lent yet: after this loan, the shared limits of a group's members would no"
          + " longer apply to somebody. The page had not mentioned this, but it does now. Lend"
          + " again if you want this.";

  private static final Problem ENDED =
      new Problem(
          Difference.PRECONDITION_FAILED,
          "precondition_failed",
          "Somebody ended this share while you had it open. Nothing was saved. Lending again gives"
              + " a new share.");

  private final Instances instances;
  private final Sharing sharing;
  private final ServicePrices servicePrices;
  private final Views views;
  private final LoanPreviews previews;

  public LendPages(
      Instances instances,
      Sharing sharing,
      ServicePrices servicePrices,
      UsageReports usageReports,
      Suggestions suggestions,
      Views views) {
    this.instances = instances;
    this.sharing = sharing;
    this.servicePrices = servicePrices;
    this.views = views;
    this.previews =
        new LoanPreviews(
            instances,
            sharing,
            suggestions,
            new PriceWarning(servicePrices),
            new PastCost(usageReports));
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(routes, PATH, this::ask, this::lend);
    routes.pageAt(PATH + "/preview").openPost(visitors.signedIn(this::preview));
    routes.pageAt(PATH + "/terms").openPost(visitors.signedIn(this::fill));
    routes.pageAt(PATH + "/end").openPost(visitors.signedIn(this::end));
  }

  private void ask(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Instance.Ref service = ServiceAddress.of(visit);
    InstanceView seen = Problems.valueOf(instances.find(actor, service));
    Optional<String> to = visit.query(Loan.TO);
    Optional<Share> share =
        to.map(name -> Problems.valueOf(sharing.find(actor, service, grantee(name))));
    show(
        visit,
        200,
        service,
        share.map(Loan::shown).map(FormState::of).orElse(FormState.EMPTY),
        share
            .map(Loan::of)
            .map(loan -> previews.of(actor, seen, loan))
            .orElseGet(() -> previews.of(actor, seen, Share.Terms.reader())));
  }

  /**
   * Shows the form as it was sent. If the form names a choice of terms, these terms are filled in.
   * Without scripts, a lender sends the form to see the description of the loan.
   */
  private void fill(Visit visit) {
    Instance.Ref service = ServiceAddress.of(visit);
    Form form = visit.form();
    FormState sent = FormState.sent(form, Loan.FIELDS);
    FormState filled =
        LoanChoice.of(form.value(LoanChoice.FIELD).orElse(""))
            .map(
                choice ->
                    choice.fields(
                        isPriced(visit.signedIn().actor(), service), LocalDate.now(ZoneOffset.UTC)))
            .map(sent::having)
            .orElse(sent);
    show(visit, 200, service, filled, preview(visit, filled, service));
  }

  /**
   * Whether the service can have a budget in dollars. For such a budget, each named model must have
   * a price.
   */
  private boolean isPriced(Actor actor, Instance.Ref service) {
    return servicePrices
        .unpriced(actor, service, LoanChoice.inDollars())
        .asOptional()
        .filter(unpriced -> unpriced.models().isEmpty())
        .isPresent();
  }

  private void preview(Visit visit) {
    views.part(
        visit,
        "lendSentence",
        "preview",
        previews.of(visit.signedIn().actor(), ServiceAddress.of(visit), new Fields(visit.form())));
  }

  private LoanPreview preview(Visit visit, FormState form, Instance.Ref service) {
    return previews.of(visit.signedIn().actor(), service, Fields.of(form.values()));
  }

  /**
   * Refuses a loan that would exempt somebody from pooled limits, unless the page named the group
   * with these limits.
   */
  private void demandNamedPool(Visit visit, Instance.Ref service, Loan loan, Form form) {
    Optional<Handle> left = previews.poolLeft(visit.signedIn().actor(), service, loan);
    if (left.isPresent() && !left.map(Handle::value).equals(form.value(LEAVES_POOL))) {
      throw new RefusedException(ShareGrants.leavesPool(loan.to().handle(), left.get()));
    }
  }

  private void lend(Visit visit) {
    Instance.Ref service = ServiceAddress.of(visit);
    Submission.of(
        visit,
        Loan.FIELDS,
        form -> {
          Fields fields = new Fields(form);
          Field<AppliedBy> appliedBy = Loan.appliedBy(fields);
          Loan loan = Loan.of(fields, sharing.now());
          demandNamedPool(visit, service, loan, form);
          var given =
              Problems.valueOf(
                  sharing.share(
                      visit.signedIn().actor(),
                      service,
                      loan.to(),
                      Versions.ofNamed(form, Loan.NAMING),
                      loan.terms(),
                      isStored(visit, loan.to(), appliedBy) ? Field.absent() : appliedBy));
          return after(visit, service, given.share().grantee().name());
        },
        (problem, sent) -> refuse(visit, service, problem, sent));
  }

  /**
   * Whether a share has this file's name already. The form sends this name back even if the user
   * has not typed it, so that the name does not say that the user gives the share from the file.
   */
  private boolean isStored(Visit visit, GranteeName grantee, Field<AppliedBy> appliedBy) {
    return sharing
        .find(visit.signedIn().actor(), ServiceAddress.of(visit), grantee)
        .asOptional()
        .filter(share -> share.appliedBy().equals(appliedBy.given()))
        .isPresent();
  }

  /**
   * Returns the address of that page of the holders' list which shows the holder of the share. If
   * the list is longer than a page, the address contains a search for the holder's name.
   */
  private String after(Visit visit, Instance.Ref service, GranteeName holder) {
    int holders =
        Problems.valueOf(sharing.count(visit.signedIn().actor(), service, Optional.empty()));
    String search = Paging.isOnePage(holders) ? "" : holder.toString();
    return Links.to(ServiceAddress.path(service) + "/people").with(Paging.SEARCH, search)
        + "#"
        + holder;
  }

  /**
   * Shows the values that the user entered. If somebody else has changed the same fields, the page
   * also shows the stored values.
   */
  private void refuse(Visit visit, Instance.Ref service, Problem problem, FormState sent) {
    LoanPreview preview = preview(visit, sent, service);
    if (problem.status() != Difference.PRECONDITION_FAILED) {
      Problem explained =
          problem.code().equals(LEAVES_POOL)
              ? new Problem(problem.status(), problem.code(), LEFT_POOL)
              : problem;
      FormState marked = sent.with(explained, LendPages::fieldOf);
      show(
          visit,
          problem.status(),
          service,
          marked,
          marked.error(Loan.TO) == null ? preview : LoanPreview.NONE);
      return;
    }
    Map<String, String> stored = stored(visit, service, sent).map(Loan::shown).orElse(Map.of());
    List<Difference> differing =
        stored.isEmpty()
            ? List.of()
            : Difference.between(sent, stored, Loan.compared(sent, stored));
    if (differing.isEmpty() && !stored.isEmpty()) {
      visit.redirect(ServiceAddress.path(service) + "/people");
      return;
    }
    FormState now = Versions.opened(sent, Loan.NAMING, stored.getOrDefault(Versions.FIELD, ""));
    Problem explained = explained(problem, sent, !stored.isEmpty());
    show(visit, explained.status(), service, now.with(explained), preview, differing);
  }

  private static Problem explained(Problem problem, FormState sent, boolean stored) {
    if (!stored) {
      return ENDED;
    }
    return Versions.isOpened(sent::value, Loan.NAMING)
        ? Difference.problem(problem, "share")
        : Difference.exists(problem, "share");
  }

  /**
   * Returns the name of the form's field to which the JSON pointer of a fault leads. The grantee's
   * field has different names in the form and in the API, where it is called {@code user}.
   */
  private static String fieldOf(String pointer) {
    String name = FormState.fieldOf(pointer);
    return name.equals("user") ? Loan.TO : name;
  }

  private Optional<Share> stored(Visit visit, Instance.Ref service, FormState sent) {
    return Fields.of(sent.values())
        .optional(Loan.TO, GranteeName::of)
        .flatMap(to -> sharing.find(visit.signedIn().actor(), service, to).asOptional());
  }

  private void end(Visit visit) {
    Form form = visit.form();
    Instance.Ref service = ServiceAddress.of(visit);
    Actor actor = visit.signedIn().actor();
    SharesToEnd.end(
        new SharesToEnd.Shared(
            (name, unchanged) -> sharing.end(actor, service, name, unchanged),
            name -> sharing.find(actor, service, name)),
        grantee(form.value(Loan.TO).orElse("")),
        Versions.unchanged(form.value(Versions.FIELD).orElse("")));
    visit.redirect(ServiceAddress.path(service) + "/people");
  }

  private void show(
      Visit visit, int status, Instance.Ref service, FormState form, LoanPreview preview) {
    show(visit, status, service, form, preview, List.of());
  }

  private void show(
      Visit visit,
      int status,
      Instance.Ref service,
      FormState form,
      LoanPreview preview,
      List<Difference> differing) {
    String back = ServiceAddress.path(service);
    views.show(
        visit,
        status,
        Area.SERVICES,
        "Lend " + service,
        "lend",
        new LendView(
            service.toString(),
            back + "/lend",
            back,
            ROLES,
            LoanChoice.buttons(isPriced(visit.signedIn().actor(), service)),
            form,
            preview,
            differing));
  }

  private static GranteeName grantee(String name) {
    return GranteeName.of(name);
  }

  /**
   * The page on which a service is lent.
   *
   * @param path the path to which the form is sent
   * @param back the address of the service's page
   * @param roles the roles that the viewer may give to the receiver
   * @param choices sets of terms for common purposes, which can fill in the form
   * @param preview the description of the loan in words
   * @param differing the fields that somebody else changed while the form was open
   */
  public record LendView(
      String service,
      String path,
      String back,
      List<String> roles,
      List<LoanChoice.Button> choices,
      FormState form,
      LoanPreview preview,
      List<Difference> differing) {
    public LendView {
      differing = List.copyOf(differing);
      choices = List.copyOf(choices);
      roles = List.copyOf(roles);
    }

    /** Returns the address of the page on which budgets are tried on the service. */
    public String trialPath() {
      return BudgetTrialPages.of(service);
    }

    /**
     * Whether one of the less usual fields has a value or a fault. If a less usual field has a
     * value or a fault, the form shows all less usual fields from the start.
     */
    public boolean hasRareLimits() {
      return Loan.RARE.stream().anyMatch(name -> form.error(name) != null)
          || form.chose("may_reshare", "yes")
          || form.chose("to_everybody", "yes")
          || !List.of("", Integer.toString(Weight.USUAL.value())).contains(form.value("weight"))
          || Loan.RARE.stream()
              .filter(name -> !Set.of("may_reshare", "to_everybody", "weight").contains(name))
              .anyMatch(name -> !form.value(name).isEmpty());
    }

    /**
     * Whether the form contains limits for all members of a group together, even if these limits
     * have a fault.
     */
    public boolean limitsPool() {
      return form.error("pooled_limits") != null
          || LimitFields.names(Loan.POOLED).stream()
              .anyMatch(name -> form.error(name) != null || !form.value(name).isEmpty());
    }
  }
}
