package io.claviger.console.retention;

import io.claviger.application.retention.RetentionPolicies;
import io.claviger.application.retention.RetentionPolicies.BoundedPolicy;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.EditForm;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.fields.TypedNumbers;
import io.claviger.domain.retention.RetentionMonths;
import io.claviger.domain.retention.RetentionPolicy;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lets administrators set how long usage and the audit trail are kept. */
public final class RetentionPage implements ConsolePage {
  private static final String PATH = "/console/operations/retention";
  private static final String USAGE = "usage_months";
  private static final String AUDIT = "audit_months";

  private final RetentionPolicies policies;
  private final Views views;

  public RetentionPage(RetentionPolicies policies, Views views) {
    this.policies = policies;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(routes, PATH, this::show, this::save);
  }

  private BoundedPolicy find(Visit visit) {
    return Problems.valueOf(policies.find(visit.signedIn().actor()));
  }

  private void show(Visit visit) {
    BoundedPolicy policy = find(visit);
    show(visit, policy, EditForm.of(shown(policy)));
  }

  private void save(Visit visit) {
    Submission.of(
        visit,
        Set.of(USAGE, AUDIT, Versions.FIELD),
        form -> {
          Fields fields = new Fields(form);
          Optional<RetentionMonths> usage =
              fields.optional(USAGE, text -> TypedNumbers.whole(text, RetentionMonths::new));
          Optional<RetentionMonths> audit =
              fields.optional(AUDIT, text -> TypedNumbers.whole(text, RetentionMonths::new));
          Problems.throwIfRefused(
              policies.save(
                  visit.signedIn().actor(),
                  Versions.demandedBy(form),
                  fields.check(() -> new RetentionPolicy(usage, audit))));
          return PATH;
        },
        (problem, sent) -> {
          BoundedPolicy policy = find(visit);
          show(visit, policy, EditForm.refused(problem, sent, "retention", shown(policy)));
        });
  }

  private static Map<String, String> shown(BoundedPolicy policy) {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put(USAGE, number(policy.stored().policy().usage()));
    shown.put(AUDIT, number(policy.stored().policy().audit()));
    shown.put(Versions.FIELD, Long.toString(policy.stored().version()));
    return shown;
  }

  private static String number(Optional<RetentionMonths> months) {
    return months.map(m -> Integer.toString(m.count())).orElse("");
  }

  private void show(Visit visit, BoundedPolicy policy, EditForm change) {
    views.show(
        visit,
        change.status(),
        Area.OPERATIONS,
        "What is kept",
        "retention",
        new RetentionView(
            PATH,
            words(policy.kept().usage()),
            words(policy.kept().audit()),
            hint(policy.bounds().usage()),
            hint(policy.bounds().audit()),
            change.form(),
            change.differing()));
  }

  private static String words(Optional<RetentionMonths> months) {
    return months
        .map(m -> m.count() == 1 ? "for 1 month" : "for " + m.count() + " months")
        .orElse("for ever");
  }

  private static String hint(Optional<RetentionMonths> most) {
    return most.map(m -> "At most " + m.count() + ", as the operator set it. Empty: as long")
        .orElse("1 to 1,200. Empty: for ever");
  }

  /**
   * The page that shows how long usage and the audit trail are kept.
   *
   * @param usage the time for which usage is kept, in words
   * @param audit the time for which the audit trail is kept, in words
   * @param usageHint a text that says which values can be set for usage
   * @param auditHint a text that says which values can be set for the audit trail
   * @param differing the fields that somebody else changed while the form was open
   */
  public record RetentionView(
      String path,
      String usage,
      String audit,
      String usageHint,
      String auditHint,
      FormState form,
      List<Difference> differing) {
    public RetentionView {
      differing = List.copyOf(differing);
    }
  }
}
