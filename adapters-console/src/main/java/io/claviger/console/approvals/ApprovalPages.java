package io.claviger.console.approvals;

import io.claviger.application.approvals.Approvals;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.TimeCursor;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Part;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Shows changes that wait for consent, and lets the viewer consent to them or decline them. */
public final class ApprovalPages implements ConsolePage {
  /** The address of the page that lists the changes waiting for consent. */
  public static final String PATH = "/console/approvals";

  private final Approvals approvals;
  private final Views views;

  public ApprovalPages(Approvals approvals, Views views) {
    this.approvals = approvals;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(visit -> show(visit, 200, FormState.EMPTY)));
    routes.pageAt(PATH + "/{id}/approve").openPost(visitors.signedIn(this::approve));
    routes.pageAt(PATH + "/{id}/decline").openPost(visitors.signedIn(this::decline));
  }

  private void approve(Visit visit) {
    submit(
        visit,
        () -> {
          Problems.throwIfRefused(approvals.approve(visit.signedIn().actor(), id(visit)));
        });
  }

  private void decline(Visit visit) {
    submit(
        visit,
        () -> {
          Problems.throwIfRefused(approvals.decline(visit.signedIn().actor(), id(visit)));
        });
  }

  private void submit(Visit visit, Runnable act) {
    Submission.of(
        visit,
        form -> {
          act.run();
          return PATH;
        },
        this::show);
  }

  private void show(Visit visit, int status, FormState form) {
    Actor actor = visit.signedIn().actor();
    Page<Approval, TimeCursor> page =
        Problems.valueOf(approvals.list(actor, Paging.asked(visit, CursorFormat.TIME)));
    views.show(
        visit,
        status,
        Area.SERVICES,
        "Changes that wait",
        "approvals",
        new ApprovalListView(
            page.items().stream().map(approval -> ApprovalLine.of(approval, actor)).toList(),
            Paging.next(page, CursorFormat.TIME, Links.to(PATH)),
            form));
  }

  private static Approval.Id id(Visit visit) {
    try {
      return new Approval.Id(UUID.fromString(visit.pathParam("id")));
    } catch (IllegalArgumentException e) {
      throw new InvalidValue("id", "the id of a change that waits");
    }
  }

  /**
   * A page of the changes that wait for consent and concern the viewer.
   *
   * @param next the address of the next page; null on the last page
   */
  public record ApprovalListView(List<ApprovalLine> lines, @Nullable String next, FormState form) {
    public ApprovalListView {
      lines = List.copyOf(lines);
    }
  }

  /**
   * One change.
   *
   * @param what a description of the change, with one line for each changed value
   * @param own whether the viewer was the one who requested the change
   * @param consented whether the viewer has consented to the change
   * @param missing the number of people who still have to consent
   */
  public record ApprovalLine(
      String path,
      String service,
      List<List<Part>> what,
      String askedBy,
      boolean own,
      boolean consented,
      int missing,
      String until) {
    public ApprovalLine {
      what = List.copyOf(what);
    }

    static ApprovalLine of(Approval approval, Actor actor) {
      List<List<Part>> what = new ArrayList<>();
      approval.fields().stream()
          .filter(field -> !hasTerm(approval, field))
          .forEach(field -> what.add(List.of(Part.plain(field))));
      approval.terms().forEach(term -> what.add(words(term)));
      return new ApprovalLine(
          PATH + "/" + approval.id().value(),
          approval.ref().toString(),
          what,
          approval.askerHandle().value(),
          approval.asker().equals(actor.id()),
          approval.hasConsentOf(actor.id()),
          approval.missing(),
          approval.until().toString());
    }

    /**
     * Whether the change contains a value for this field. A change that stores a key or gives a
     * share contains no values.
     */
    private static boolean hasTerm(Approval approval, String field) {
      return approval.terms().stream()
          .map(AuditEvent.Term::field)
          .anyMatch(named -> named.equals(field) || named.startsWith(field + "/"));
    }

    /**
     * Returns a changed value in words. The value is isolated from the text around it, because the
     * user who requested the change might have chosen it.
     */
    private static List<Part> words(AuditEvent.Term term) {
      return List.of(
          Part.plain(term.field() + ": "),
          value(term.before()),
          Part.plain(" → "),
          value(term.after()));
    }

    private static Part value(Optional<String> value) {
      return value.map(Part::name).orElse(Part.plain("nothing"));
    }
  }
}
