package io.claviger.console.objects;

import io.claviger.application.objects.ObjectReconciliation;
import io.claviger.application.objects.ObjectReconciliation.Comparison;
import io.claviger.application.objects.ServiceObjects;
import io.claviger.application.shared.Actor;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Numbers;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares the recorded objects of a service with the provider's own list. */
public final class ComparisonPage implements ConsolePage {
  private static final String KIND = "kind";

  private final ObjectReconciliation reconciliation;
  private final ServiceObjects objects;
  private final Views views;

  public ComparisonPage(ObjectReconciliation reconciliation, ServiceObjects objects, Views views) {
    this.reconciliation = reconciliation;
    this.objects = objects;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(
        routes,
        StoredObjectPages.PATTERN + "/compare",
        visit -> show(visit, 200, FormState.EMPTY, null),
        this::compare);
  }

  /**
   * Compares, and answers with the result. The answer is not a redirect, because the result is not
   * stored anywhere. Reloading the page repeats the comparison, which changes nothing.
   */
  private void compare(Visit visit) {
    Set<String> names = Set.of(KIND);
    Submission.answer(
        visit,
        names,
        form -> {
          Fields fields = new Fields(form);
          Optional<ObjectKind> kind =
              fields.required(KIND, "Choose a kind of objects.", StorageKinds::kind);
          Comparison found =
              Problems.valueOf(
                  reconciliation.compare(
                      visit.signedIn().actor(),
                      ServiceAddress.of(visit),
                      fields.check(kind::orElseThrow)));
          show(visit, 200, FormState.sent(form, names), found);
        },
        (problem, sent) -> show(visit, problem.status(), sent.with(problem), null));
  }

  private void show(Visit visit, int status, FormState form, @Nullable Comparison found) {
    Actor actor = visit.signedIn().actor();
    Instance.Ref service = Problems.valueOf(objects.owned(actor, ServiceAddress.of(visit))).ref();
    String stored = StoredObjectPages.of(service);
    views.show(
        visit,
        status,
        Area.SERVICES,
        "Compare the stored things of " + service,
        "objectComparison",
        new ComparisonView(
            stored + "/compare",
            stored,
            form,
            found == null ? null : Result.of(found, stored + "/delete")));
  }

  /**
   * The page that compares the recorded objects with the provider's list.
   *
   * @param back the address of the page with the recorded objects
   * @param result the result of the comparison that was just made; null if none was made
   */
  public record ComparisonView(String path, String back, FormState form, @Nullable Result result) {
    /** The words for the kinds of objects that can be compared. */
    public List<String> kinds() {
      return StorageKinds.NAMES;
    }
  }

  /**
   * The result of a comparison.
   *
   * @param complete whether the provider's list was read to the end
   * @param listed the number of objects that the provider listed
   * @param unrecorded the first ids that are in the provider's list, but not in Claviger's record
   * @param missing the first objects that are in Claviger's record, but not in the provider's list
   */
  public record Result(
      boolean complete,
      String listed,
      String unrecordedCount,
      List<String> unrecorded,
      String missingCount,
      List<MissingLine> missing) {
    /** The maximum number of ids in each list of the page. */
    public static final int MOST = 100;

    public Result {
      unrecorded = List.copyOf(unrecorded);
      missing = List.copyOf(missing);
    }

    static Result of(Comparison found, String delete) {
      return new Result(
          found.isComplete(),
          Numbers.shown(found.listed()),
          Numbers.shown(found.unrecordedCount()),
          found.unrecorded().stream().limit(MOST).toList(),
          Numbers.shown(found.missingCount()),
          found.missing().stream()
              .limit(MOST)
              .map(
                  id ->
                      new MissingLine(
                          id,
                          Links.to(delete)
                              .with(KIND, found.kind().wireName())
                              .with("id", id)
                              .toString()))
              .toList());
    }

    /**
     * An object that is in Claviger's record, but not in the provider's list.
     *
     * @param delete where the object can be deleted: the address of a page
     */
    public record MissingLine(String id, String delete) {}
  }
}
